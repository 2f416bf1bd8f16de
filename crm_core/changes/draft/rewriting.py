"""A mail with other words, by the person whose it is: one that waits for approval, or one that was approved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crm_core.access import Actor
from crm_core.changes.change import Change, Json, Op, State
from crm_core.changes.draft.drafting import Draft, draft
from crm_core.changes.draft.editing import edited
from crm_core.changes.draft.finding import Finder
from crm_core.changes.history import find_change_set, read_changes
from crm_core.changes.steps import Given, Step
from crm_core.db import ReadStore
from crm_core.errors import Invalid

_TEXTS = ("subject", "body", "wishes", "sources")
_SHORTEST_ID = 9  # digits of a record; a change is called by the first eight characters of its id


@dataclass(frozen=True)
class Mail:
    """A draft as it stands.

    Attributes:
        texts: subject, body, wishes and sources; empty where there are none.
        record_id: of the draft.
        proposal: that makes it and waits; None: it was approved.
        changes: of that proposal.
        is_tainted: text from outside had been read before it was proposed.
    """

    texts: Mapping[str, str]
    record_id: int
    proposal: str | None = None
    changes: tuple[Change, ...] = ()
    is_tainted: bool = False


def read_mail(store: ReadStore, id_or_prefix: str, *, actor: Actor, today: date) -> Mail:
    """The mail of a proposal or a change, or the draft with this id.

    Raises:
        NotFound: there is none that the actor may see.
        Invalid: it is no mail.
    """
    finder = Finder(store, actor, today)
    if id_or_prefix.isdecimal() and len(id_or_prefix) >= _SHORTEST_ID:
        return _approved(finder, int(id_or_prefix))
    with store.read(actor) as connection:
        found = find_change_set(connection, actor, id_or_prefix)
        changes = tuple(one for seq, one in read_changes(connection, found.id) if seq >= 0)
    if len(changes) != 1 or changes[0].entity != "draft" or changes[0].op is Op.DELETE:
        raise Invalid(f"The change {found.id[:8]} is no draft of a mail.")
    one = changes[0]
    if found.state is not State.PROPOSED:
        return _approved(finder, one.record_id)
    before = _approved(finder, one.record_id).texts if one.op is Op.UPDATE else {}
    texts = {**before, **_texts({name: new for name, (_, new) in one.set.items()})}
    return Mail(texts, one.record_id, found.id, changes, found.head.tainted)


def rewrite(store: ReadStore, mail: Mail, texts: Mapping[str, str], *, actor: Actor, today: date) -> Draft:
    """What it takes that the mail reads like this: the corrected proposal, or a change of the draft.

    Raises:
        Invalid, NotFound, Forbidden: as for `draft`.
    """
    if mail.proposal is not None:
        given = {(0, name): text for name, text in texts.items()}
        return Draft(tuple(edited(store, mail.changes, given, actor=actor, today=today)))
    new: dict[str, Given] = dict(texts)
    step = Step(op="update", entity="draft", records=[mail.record_id], set=new)
    return draft(store, [step], actor=actor, today=today)


def _approved(finder: Finder, record_id: int) -> Mail:
    entity = finder.schema.entity("draft")
    finder.one(entity, record_id)
    return Mail(_texts(finder.rows(entity.name, [record_id])[record_id]), record_id)


def _texts(values: Mapping[str, Json]) -> dict[str, str]:
    return {name: str(values[name]) for name in _TEXTS if values.get(name)}
