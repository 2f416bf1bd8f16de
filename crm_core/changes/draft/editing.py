"""A proposal with some of its new values corrected by the person who is to approve it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from crm_core.access import Actor
from crm_core.changes.change import Change, Op
from crm_core.changes.draft.drafting import draft
from crm_core.changes.draft.finding import Finder
from crm_core.changes.draft.given import Values
from crm_core.changes.steps import Given, Step
from crm_core.db import ReadStore


def edited(
    store: ReadStore,
    changes: Sequence[Change],
    given: Mapping[tuple[int, str], str],
    *,
    actor: Actor,
    today: date,
) -> list[Change]:
    """`changes` with other new values, as people write them, by position and field.

    Raises:
        Invalid: a value makes no sense; the text says what would.
        NotFound, Forbidden: as for `draft`.
    """
    finder = Finder(store, actor, today)
    made: list[Change] = []
    for at, change in enumerate(changes):
        values = {name: text for (position, name), text in given.items() if position == at}
        one = _edited(finder, change, values) if values else change
        if one.op is not Op.UPDATE or one.set:
            made.append(one)
    return made


def _edited(finder: Finder, change: Change, values: Mapping[str, str]) -> Change:
    """An update is worked out anew from the record as it is; a new record keeps its id and its links."""
    if change.op is Op.UPDATE:
        step_set: dict[str, Given] = dict(values)
        step = Step(op="update", entity=change.entity, records=[change.record_id], set=step_set)
        found = draft(finder.store, [step], actor=finder.actor, today=finder.today).changes
        kept = {name: pair for name, pair in change.set.items() if name not in values}
        return replace(change, set={**kept, **(found[0].set if found else {})})
    worked = Values(finder, finder.schema.entity(change.entity), finder.store.base_currency)
    new = {name: (None, worked.each(name, text, {0: {}})[0]) for name, text in values.items()}
    return replace(change, set={name: pair for name, pair in {**change.set, **new}.items() if pair[1] is not None})
