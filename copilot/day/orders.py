"""Customers whose next order is due, by the usual time between their orders."""

from collections.abc import Iterator
from datetime import date, timedelta

from copilot.answering import answer_to
from copilot.day.reason import Reason
from copilot.day.sources import Mine
from copilot.fence import strip_marks
from copilot.reply import Citation
from copilot.words import sentence
from crm_core.query.spec import All, Group, Having, Measure, QuerySpec

FEWEST = 3  # days with orders; fewer have no usual time between
AHEAD_DAYS = 7


def next_orders(mine: Mine) -> Iterator[Reason]:
    """The last order day plus the mean time between orders falls within a week, and has not passed by as much again."""
    owned = mine.owns("account.owner", "owner")
    spec = QuerySpec(
        entity="order",
        where=All(all=owned) if owned else None,
        group_by=[Group(field="account")],
        measures=[
            Measure(fn="min", field="ordered_on", name="first"),
            Measure(fn="max", field="ordered_on", name="last"),
            Measure(fn="count", field="ordered_on", name="days"),
        ],
        having=[Having(measure="days", op="ge", value=FEWEST)],
    )
    answer = answer_to(mine.desk.context, spec)
    mine.desk.answers.append(answer)
    for row in answer.result.rows:
        account, first, last, days = row.values
        if 0 not in row.ids or not isinstance(first, date) or not isinstance(last, date):
            continue
        usual = (last - first) / (int(str(days)) - 1)
        due = last + usual
        if due - timedelta(days=AHEAD_DAYS) <= mine.desk.today <= due + usual:
            customer = Citation("account", row.ids[0], strip_marks(str(account)), "")
            text = sentence("day_order", mine.lang, last=last.isoformat(), usual=usual.days, day=due.isoformat())
            yield Reason("order", text, customer, customer, due)
