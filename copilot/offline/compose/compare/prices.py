"""A field against a field: "sold below list price", "at half the list price"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import FieldTest
from copilot.offline.tags import T
from crm_core.models import Kind, Role
from crm_core.schema import Field

FLIP = {"gt": "gt", "ge": "ge", "lt": "lt", "le": "le", "eq": "eq"}


def field_comparisons(c: Composer) -> None:
    """As in "below list price": the amount of the fact against another money field."""
    for at, _, sense in c.each(T.OP):
        if sense.value in FLIP and c.has(at + 1, T.NUMBER):
            _part_of_price(c, at, str(sense.value))
        if sense.value not in FLIP or c.has(at + 1, T.NUMBER):
            continue
        fields = c.fields_at(at + 1, _is_price)
        if fields:
            percent = c.sense(at - 1, T.NUMBER)
            if percent is not None and percent.value.is_percent and sense.value in ("gt", "lt"):
                _off_price(c, at, sense.value, float(percent.value.value))
                continue
            other = c.nearest(fields, to=c.about)
            c.reading.fields.append(FieldTest("deal.amount", sense.value, other=other, at=c.items[at].tag.start))
            c.own(at, at + 1)


def _is_price(field: Field) -> bool:
    return field.kind is Kind.MONEY and field.role is not Role.AMOUNT


def _part_of_price(c: Composer, at: int, op: str) -> None:
    """As in "for less than half of list price"."""
    number = c.sense(at + 1, T.NUMBER)
    if number is not None and number.value.is_percent and c.fields_at(at + 2, _is_price):
        ratio = float(number.value.value) / 100
        c.reading.fields.append(FieldTest("deal.price_ratio", op, (ratio,), at=c.items[at].tag.start))
        c.own(at, at + 1, at + 2)


def _off_price(c: Composer, at: int, side: str, percent: float) -> None:
    """As in "more than 15 % under list price": the amount is less than 85 % of it."""
    bound = c.sense(at - 2, T.OP)
    further = bound is None or bound.value in ("gt", "ge")
    lower = (side == "lt") == further
    ratio = (100 - percent if side == "lt" else 100 + percent) / 100
    node = FieldTest("deal.price_ratio", "lt" if lower else "gt", (ratio,), at=c.items[at].tag.start)
    c.reading.fields.append(node)
    c.own(at - 1, at, at + 1, *([at - 2] if bound else []))
