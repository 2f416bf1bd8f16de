"""Deals moved between stages by hand."""

from uuid import uuid4

from crm_core.query.spec import Condition, Group, Measure, Order, QuerySpec
from integrations.web.reader import Reader


def move_deal(reader: Reader, deal: int, version: int, stage: int, **given: str | None) -> str:
    """Put a deal into a stage, as the person's own change; gives the change set's id, for undo.

    Args:
        reader: who moves it.
        deal: its id.
        version: that the person saw.
        stage: its id.
        given: fields to set with it: the close date, the reason why it was lost.

    Raises:
        Stale: the deal has changed since.
        NotFound, Forbidden, Invalid: as for any edit.
    """
    values = {name: value for name, value in given.items() if value}
    change_set = str(uuid4())
    reader.records("deal").update(deal, {"stage": stage, **values}, seen=version, as_set=change_set)
    return change_set


def lost_reasons(reader: Reader) -> tuple[str, ...]:
    """The reasons that deals were lost for so far, the usual ones first."""
    spec = QuerySpec(
        entity="deal", where=Condition(field="lost_reason", op="not_empty"), group_by=[Group(field="lost_reason")],
        measures=[Measure(fn="count")], order_by=[Order(by="count", descending=True)], limit=20,
    )  # fmt: skip
    return tuple(str(row.values[0]) for row in reader.ask(spec).rows)
