"""Deals and orders whose products stand on lines: which records those are, what a line comes to, how many it holds."""

from dataclasses import dataclass

from copilot.offline.vocabulary import Vocabulary
from crm_core.models import Kind, Role
from prompts import load_yaml

PRODUCT = "product"
UNITS = "quantity"
_PRICE = "unit_price"


@dataclass(frozen=True)
class Lines:
    """The lines of a kind of record.

    Attributes:
        whole: what they are lines of ("deal").
        entity: what they are ("deal_line").
        relation: the children of the whole ("deal_lines").
        up: the reference of a line to its whole.
    """

    whole: str
    entity: str
    relation: str
    up: str


def find_lines(vocabulary: Vocabulary, whole: str) -> Lines | None:
    """The lines that tell the products of such records; None where there are none."""
    entities = vocabulary.schema.entities
    for child in entities[whole].children.values() if entities[whole].is_fact else ():
        links = (f"{child.entity}.{PRODUCT}", f"{child.entity}.{child.field}")
        if PRODUCT in entities[child.entity].fields and all(map(vocabulary.holds, links)):
            return Lines(whole, child.entity, child.name, child.field)
    return None


def lines_sold(vocabulary: Vocabulary) -> Lines | None:
    """The lines of what is sold: of deals, or of orders where there are no deals."""
    wholes = [whole for whole in ("deal", "order") if vocabulary.holds_records(whole)]
    return find_lines(vocabulary, wholes[0]) if wholes else None


def of_deals(vocabulary: Vocabulary, dotted: str) -> str:
    """The field of a deal ("deal.product"), or that of its lines where only these hold it ("deal_line.product")."""
    entity, name = dotted.split(".")
    lines = None if vocabulary.holds(dotted) else find_lines(vocabulary, entity)
    return f"{lines.entity}.{name}" if lines and vocabulary.holds(f"{lines.entity}.{name}") else dotted


def units_of(vocabulary: Vocabulary, lines: Lines) -> str | None:
    """The field with how many a line holds; None: not known."""
    return UNITS if vocabulary.holds(f"{lines.entity}.{UNITS}") else None


def money_of(vocabulary: Vocabulary, lines: Lines) -> str | None:
    """The field with what a line comes to: stored, in a company column of totals, or worked out of the price."""
    fields = vocabulary.schema.entities[lines.entity].fields.values()
    money = [f for f in fields if f.kind is Kind.MONEY and vocabulary.holds(f"{lines.entity}.{f.name}")]
    stored = [f.name for f in money if f.role is Role.AMOUNT]
    own = [f.name for f in money if f.is_custom and _is_total(f.label)]
    priced = all(vocabulary.holds(f"{lines.entity}.{name}") for name in (UNITS, _PRICE))
    worked_out = [f.name for f in money if f.derived is not None and priced]
    return next(iter([*stored, *(own if len(own) == 1 else ()), *worked_out]), None)


def _is_total(label: str) -> bool:
    """Whether a column's name says what the whole line comes to, and not what one of it costs."""
    text = label.lower()
    said = set(text.replace("(", " ").replace(")", " ").split())

    def has(name: str) -> bool:
        words = load_yaml("lexicon/small_words")[name]
        return any(word in said if word.isascii() else word in text for word in words)

    return has("line_total") and not has("line_price")
