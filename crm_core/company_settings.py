"""What a company set for all: a name and a value, kept like the meaning of a word: audited, and undone like it."""

from sqlalchemy import select

from crm_core.access import Actor
from crm_core.company_words import accept_word, remove_word
from crm_core.db import ReadStore, Store
from crm_core.models import CompanyWord

TARGET = "setting:"  # how the target of a company's word names a setting
_VALUE = "value"


def read_settings(store: ReadStore) -> dict[str, str]:
    """Name → value of what was set."""
    words = CompanyWord.__table__.c
    query = select(words.target, words.meaning).where(words.target.startswith(TARGET))
    with store.read() as connection:
        rows = connection.execute(query).all()
    return {row.target.removeprefix(TARGET): str((row.meaning or {}).get(_VALUE, "")) for row in rows}


def set_setting(store: Store, name: str, value: str | None, *, actor: Actor, door: str) -> str:
    """Set it, or with None go back to its default; gives the change set's id.

    Raises:
        Conflict: it is so already.
        NotFound: the default holds already.
        Forbidden: the actor is no administrator.
    """
    phrase = f"{TARGET}{name}"
    if value is None:
        return remove_word(store, phrase, actor=actor, door=door)
    return accept_word(store, phrase, phrase, meaning={_VALUE: value}, told=value, actor=actor, door=door)
