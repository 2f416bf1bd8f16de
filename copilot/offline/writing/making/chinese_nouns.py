"""Which kind of record a Chinese order makes, by the nouns of `making.yaml` beside it."""

from collections.abc import Sequence

from copilot.offline.tags import T
from copilot.offline.writing.making.scan import Scan


def chinese_noun(text: Scan, kinds: Sequence[str]) -> str | None:
    """As in 新开一单, 建个新客户 …, 新客户录一下：…: the noun right behind the order, or first and then ordered."""
    if any(tag.type is T.SUP for tag in text.tags) or text.text.rstrip().endswith(("?", "？")):
        return None  # 新开单子最多的是谁
    for entity in kinds:
        for noun in text.said(f"noun_{entity}"):
            start = noun.start
            while (
                start > 0 and text.at(start - 1, "inner", "polite", "article") and text.tokens[start - 1].text != "的"
            ):
                start -= 1
            order = text.upto(start, "create", "begin")
            ordered = "create" in noun.concepts or (order is not None and not _is_told_of(text, order.start))
            stop = next((i for i in range(noun.end, len(text.tokens)) if text.is_stop(i)), len(text.tokens))
            first = noun.start == 0 and text.said("create", start=noun.end, end=stop)
            named = text.upto(noun.start, "as") and text.at(noun.end, "create")  # 先当线索录进来
            if ordered or first or named:
                return entity
    return None


def _is_told_of(text: Scan, at: int) -> bool:
    """As in 今年新开单子, 签下来的: a time or another verb stands before the word, which orders nothing then."""
    start = next((a for a, b in text.segments() if a <= at < b), 0)
    return any(text.tag(i).type in (T.DATE, T.METRIC, T.VERB_METRIC, T.STATE) for i in range(start, at))
