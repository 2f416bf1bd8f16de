"""Teaching a store the company's words, and forgetting them: change sets like any other, so undo takes them back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crm_core.access import Actor
from crm_core.changes import Change, Json, Op, commit_changes
from crm_core.changes.change import COMPANY_WORD
from crm_core.db import Store
from crm_core.errors import Conflict, NotFound
from crm_core.ids import new_id
from crm_core.models import CompanyWord

PERSON = "person"


@dataclass(frozen=True)
class TaughtWord:
    """One meaning of a word as it stands in the store; see `CompanyWord`."""

    id: int
    phrase: str
    target: str
    source: str
    meaning: dict[str, Any] | None


def normal_phrase(word: str) -> str:
    """A word as it is kept: lower case, single blanks."""
    return " ".join(word.lower().split())


def list_words(store: Store) -> tuple[TaughtWord, ...]:
    """Every word of the store, in alphabetical order."""
    table = CompanyWord
    query = select(table.id, table.phrase, table.target, table.source, table.meaning).order_by(table.phrase, table.id)
    with store.read() as connection:
        return tuple(TaughtWord(*row) for row in connection.execute(query))


def accept_word(
    store: Store, word: str, target: str, *, meaning: dict[str, Any] | None, told: str, actor: Actor, door: str
) -> str:
    """Let `word` mean `target` from now on, in the place of what it meant before.

    Args:
        store: where.
        word: as people say it.
        target: as in `CompanyWord`.
        meaning: the filter, for the target "where:…".
        told: the meaning in words, for the list of changes.
        actor: an administrator.
        door: what it came through.

    Returns:
        The change set's id.

    Raises:
        Conflict: it means that already.
        Forbidden: the actor is no administrator.
    """
    phrase = normal_phrase(word)
    before = [known for known in list_words(store) if known.phrase == phrase]
    if [(known.target, known.meaning) for known in before] == [(target, meaning)]:
        raise Conflict(f"{phrase!r} means that already.")
    values: dict[str, Json] = {"phrase": phrase, "target": target, "source": PERSON, "meaning": meaning}
    filled = {name: (None, value) for name, value in values.items() if value is not None}
    changes = [*map(_removal, before), Change(Op.CREATE, COMPANY_WORD, new_id(), None, filled)]
    summary = f"{phrase!r} means {told}"
    return commit_changes(store, changes, actor=actor, kind="edit", summary=summary, door=door)


def remove_word(store: Store, word: str, *, actor: Actor, door: str) -> str:
    """Forget every meaning of `word`; gives the change set's id.

    Raises:
        NotFound: the store has no such word.
        Forbidden: the actor is no administrator.
    """
    phrase = normal_phrase(word)
    known = [one for one in list_words(store) if one.phrase == phrase]
    if not known:
        raise NotFound(f"There is no word {phrase!r} of your own; `farley lexicon list` shows those there are.")
    changes = list(map(_removal, known))
    return commit_changes(store, changes, actor=actor, kind="edit", summary=f"forget the word {phrase!r}", door=door)


def _removal(word: TaughtWord) -> Change:
    values: dict[str, Json] = {"phrase": word.phrase, "target": word.target, "source": word.source}
    values |= {"meaning": word.meaning} if word.meaning is not None else {}
    return Change(Op.DELETE, COMPANY_WORD, word.id, None, {name: (value, None) for name, value in values.items()})
