"""Rates that a company's own columns make: 回款率 is 已回款金额 divided by the amount of the record."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.offline.lexicon import Words, key
from copilot.offline.own_chinese import is_chinese
from copilot.offline.phrases import Phrases
from copilot.offline.tags import WEIGHTS, Sense, T, Tag
from crm_core.models import Kind, Role
from crm_core.schema import Schema

_DONE = re.compile(r"已([\u4e00-\u9fff]{2,}?)(?:金额|额|总额)?")
_RATE = ("率", "比例", "比率", "百分比")
_YIELDS = frozenset({T.NOT_HELD, T.FILLER, T.UNKNOWN})


@dataclass(frozen=True)
class Rate:
    """What is divided by what, both as "entity.field"."""

    top: str
    bottom: str


def own_rates(schema: Schema, phrases: Phrases) -> dict[Words, Rate]:
    """The names of the rates that the store's columns make; words that mean something else already keep to it."""
    found: dict[Words, Rate] = {}
    for words, rate in _rates(schema):
        if all(sense.type in _YIELDS for sense in phrases.get(words, ())):
            found[words] = rate
            phrases[words] = [Sense(T.FIELD, rate.top, "partial")]  # one word; `expanded` says what it means
    return found


def _rates(schema: Schema) -> Iterator[tuple[Words, Rate]]:
    for each in schema.fields():
        done = next((m for word in each.words if is_chinese(word) and (m := _DONE.fullmatch(word))), None)
        amount = schema.entities[each.entity].by_role(Role.AMOUNT)
        if done and each.is_custom and each.kind is Kind.MONEY and amount is not None:
            rate = Rate(f"{each.entity}.{each.name}", f"{each.entity}.{amount.name}")
            yield from ((key(f"{done[1]}{end}"), rate) for end in _RATE)


def expanded(tags: Sequence[Tag], rates: dict[Words, Rate]) -> Sequence[Tag]:
    """The tags with a rate written out: the one, divided by, the other."""
    out: list[Tag] = []
    for tag in tags:
        rate = rates.get(key(tag.text.lower()))
        out += [tag] if rate is None else _written_out(tag, rate)
    return out


def _written_out(tag: Tag, rate: Rate) -> Iterator[Tag]:
    def made(text: str, *senses: Sense) -> Tag:
        return Tag(tag.start, tag.end, text, senses, WEIGHTS[senses[0].type])

    yield made("合计", Sense(T.AGG, "sum"))
    yield made(rate.top.split(".")[1], Sense(T.FIELD, rate.top))
    yield made("除以", Sense(T.RATIO, "over"), Sense(T.PERCENT_WORD))
    yield made("合计", Sense(T.AGG, "sum"))
    yield made(rate.bottom.split(".")[1], Sense(T.FIELD, rate.bottom))
