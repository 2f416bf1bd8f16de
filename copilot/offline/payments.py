"""How a store notes what is paid: a day, a yes or no, a status or a balance, by what columns are called."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

import prompts
from copilot.offline.compose.reading import FieldTest
from copilot.offline.tags import T
from copilot.offline.vocabulary import Vocabulary
from crm_core.models import Kind
from crm_core.schema import Field

_HOLDERS = ("order", "deal", "account")


@dataclass(frozen=True)
class Payments:
    """What is owed, of one kind of record.

    Attributes:
        entity: of the records. amount: "entity.field" that is owed. unpaid: the tests that hold of what is not paid.
        due: "entity.field" of the day by which it is to be paid.
    """

    entity: str
    amount: str
    unpaid: tuple[FieldTest, ...]
    due: str | None


def payments_of(vocabulary: Vocabulary) -> Payments | None:
    """The first of orders, deals and accounts of which it is noted whether they are paid."""
    return next((found for entity in _HOLDERS if (found := _noted(vocabulary, entity)) is not None), None)


def _noted(vocabulary: Vocabulary, entity: str) -> Payments | None:
    fields = [f for f in vocabulary.schema.entities[entity].fields.values() if vocabulary.holds(f"{entity}.{f.name}")]
    own = [each for each in fields if each.is_custom]
    due = next((f"{entity}.{each.name}" for each in own if each.is_date and _is_called(each, "due_headers")), None)
    balance = next((each for each in own if each.kind is Kind.MONEY and _is_called(each, "balance_headers")), None)
    if balance is not None:
        dotted = f"{entity}.{balance.name}"
        return Payments(entity, dotted, (FieldTest(dotted, "gt", (0,)),), due)
    if entity == "account" or not vocabulary.holds(f"{entity}.amount"):
        return None
    unpaid = next(_unpaid(vocabulary, entity, fields), None)
    return Payments(entity, f"{entity}.amount", (unpaid, *_not_cancelled(vocabulary, entity)), due) if unpaid else None


def _unpaid(vocabulary: Vocabulary, entity: str, fields: list[Field]) -> Iterator[FieldTest]:
    """The test that something is not paid: by its day, by yes or no, by the values of a status."""
    paid = [each for each in fields if each.is_custom and _is_called(each, "paid_headers")]
    yield from (FieldTest(f"{entity}.{each.name}", "empty") for each in paid if each.is_date)
    yield from (FieldTest(f"{entity}.{each.name}", "eq", (False,)) for each in paid if each.kind is Kind.BOOLEAN)
    for dotted, values in stored_values(vocabulary, entity, _words("unpaid_values")).items():
        yield FieldTest(dotted, "in", values)


def _not_cancelled(vocabulary: Vocabulary, entity: str) -> tuple[FieldTest, ...]:
    stored = stored_values(vocabulary, entity, _words("cancelled_values"))
    return tuple(FieldTest(dotted, "in", values, negated=True) for dotted, values in stored.items())


def stored_values(vocabulary: Vocabulary, entity: str, words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Those of the words that are stored as values of a kind of record, by "entity.field"."""
    found: dict[str, dict[str, None]] = {}
    for _, senses in vocabulary.phrases.of(T.VALUE):
        for dotted, value in (s.value for s in senses if s.type is T.VALUE):
            if dotted.startswith(f"{entity}.") and str(value).lower() in words:
                found.setdefault(dotted, {})[str(value)] = None
    return {dotted: tuple(values) for dotted, values in found.items()}


def _is_called(field: Field, concept: str) -> bool:
    return any(word.lower() in _words(concept) for word in (*field.words, field.label))


@cache
def _words(concept: str) -> frozenset[str]:
    return frozenset(map(str, prompts.load_yaml("lexicon/own_sayings")[concept]))
