"""What Chinese speech makes of a company's own headers and values: 回款 of 已回款金额, 没开票 of 未开票.

A header says what speech leaves out: what it counts in (金额), that it was agreed on (约定). What has not come about is
said with 没, 还没 or 未, whichever of them the file has.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from copilot.offline.lexicon import Words, key
from copilot.offline.phrases import Phrases
from copilot.offline.tags import Sense, T

_QUALIFIERS = ("约定", "预计", "计划", "合同", "订单", "要求", "客户")
_MEASURED = ("金额", "额", "总额", "数额", "日期", "时间", "情况")
_NOT_YET = ("还没有", "还没", "还未", "尚未", "没有", "没", "未")
_PENDING = re.compile(r"(?:未|待|没|尚未)(.{2,})")
_OUTSTANDING = re.compile(r"未(.{2,}?)(?:金额|额|总额)?")
_DONE = re.compile(r"已(.{2,}?)(?:金额|额|总额)?")
_YIELDS = frozenset({T.FILLER, T.NOT_HELD})
_TERMS = re.compile(r"\D+(\d.*)")


def is_chinese(text: str) -> bool:
    """Whether a header or a value is written in Chinese characters."""
    return any("\u4e00" <= one <= "\u9fff" for one in text)


def bare(label: str) -> Iterator[str]:
    """Shorter forms of a header: 交货日期 of 约定交货日期, 交货 of that."""
    heads = [label, *(label.removeprefix(q) for q in _QUALIFIERS if label.startswith(q))]
    tails = [head.removesuffix(m) for head, m in product(heads, _MEASURED) if head.endswith(m)]
    yield from (form for form in dict.fromkeys([*heads, *tails]) if len(form) > 1 and form != label)


def spoken_names(label: str, *, is_money: bool) -> Iterator[str]:
    """What a header is called in speech: of money that is still to come 没回款, of money that has come 回款."""
    yield from bare(label)
    short = next((q for q in _QUALIFIERS if label.startswith(q) and label.endswith(("日期", "时间"))), None)
    if short and len(label) == len(short) + 4:
        yield f"{short}{label[len(short)]}期"  # 约定交期
    if is_money and (open_ := _OUTSTANDING.fullmatch(label)):
        yield from _unfinished(open_[1])
        yield from (f"{no}{open_[1]}金额" for no in _NOT_YET)
    elif is_money and (done := _DONE.fullmatch(label)):
        yield from (f"{done[1]}{end}" for end in ("", "了", "过", "金额", "额", "总额"))
        yield f"已经{done[1]}"


def _unfinished(deed: str) -> Iterator[str]:
    for no in _NOT_YET:
        yield f"{no}{deed}"
        yield f"{no}{deed}的"


def spoken_fields(
    labels: Mapping[str, Sequence[Words]], phrases: Mapping[Words, Sequence[Sense]], money: frozenset[str]
) -> Iterator[tuple[Words, list[Sense]]]:
    """Those names as readings of their fields, where they mean nothing else.

    Args:
        labels: by "entity.field", what an own column is called.
        phrases: what is known already.
        money: the fields that are sums of money.
    """
    found: dict[Words, list[str]] = {}
    for dotted, names in labels.items():
        for label in ("".join(words) for words in names):
            for name in spoken_names(label, is_money=dotted in money) if is_chinese(label) else ():
                found.setdefault(key(name), []).append(dotted)
    for words, fields in found.items():
        if all(sense.type in _YIELDS for sense in phrases.get(words, ())):
            yield words, [Sense(T.FIELD, dotted, "partial") for dotted in dict.fromkeys(fields)]


def unfinished_values(
    values: Mapping[Words, Sequence[Sense]], phrases: Mapping[Words, Sequence[Sense]]
) -> Iterator[tuple[Words, list[Sense]]]:
    """A stored 未开票 or 待发货 by every way to say that it has not come about."""
    for words, senses in values.items():
        text = "".join(words)
        deed = _PENDING.fullmatch(text) if is_chinese(text) else None
        for form in _unfinished(deed[1]) if deed else ():
            if key(form) not in values and all(s.type in _YIELDS for s in phrases.get(key(form), ())):
                yield key(form), [Sense(T.VALUE, s.value, "partial") for s in senses if s.type is T.VALUE]


def terms(phrases: Phrases) -> Iterator[tuple[Words, list[Sense]]]:
    """As in 账期90天, of a stored 月结90天: any name of its field with what only it ends in, a number."""
    ends: dict[tuple[str, str], set[Sense]] = {}
    for words, senses in phrases.of(T.VALUE):
        text = "".join(words)
        end = _TERMS.fullmatch(text) if is_chinese(text) else None
        for sense in senses if end else ():
            if sense.type is T.VALUE and str(sense.value[1]) == text:
                ends.setdefault((sense.value[0], end[1]), set()).add(sense)  # type: ignore[index]
    fields = {dotted for dotted, _ in ends}
    named = [("".join(w), {str(s.value) for s in senses} & fields) for w, senses in phrases.of(T.FIELD)]
    found: dict[Words, list[Sense]] = {}
    for name, dotted in named:
        for (of, ending), same in ends.items():
            if of in dotted and len(same) == 1 and is_chinese(name):
                told = [Sense(T.VALUE, sense.value, "partial") for sense in same]
                for form in (
                    f"{name}{ending}",
                    f"{name}是{ending}",
                    f"{name}为{ending}",
                    f"{ending}{name}",
                    f"{ending}的{name}",
                ):
                    found.setdefault(key(form), []).extend(told)
    yield from found.items()


_SUFFIXES = (("省份", "省"), ("省", "省"), ("城市", "市"), ("市", "市"), ("行业", "行业"))


def places(
    values: Mapping[Words, Sequence[Sense]], phrases: Mapping[Words, Sequence[Sense]], labels: Mapping[str, str]
) -> Iterator[tuple[Words, list[Sense]]]:
    """A stored 江苏 also as 江苏省, 苏州 as 苏州市, 锂电新能源 as 锂电新能源行业.

    Args:
        values: what is stored, with its readings.
        phrases: what is known already.
        labels: by "entity.field", what the field is called.
    """
    for words, senses in values.items():
        for sense in senses:
            label = labels.get(str(sense.value[0]), "") if sense.type is T.VALUE else ""
            suffix = next((end for called, end in _SUFFIXES if label.endswith(called)), None)
            ends = suffix and "".join(words).endswith(suffix)
            if suffix and is_chinese("".join(words)) and not ends and not phrases.get((*words, *suffix)):
                yield (*words, *suffix), [sense]


def mixed_parts(
    values: Mapping[Words, Sequence[Sense]], phrases: Mapping[Words, Sequence[Sense]]
) -> Iterator[tuple[Words, list[Sense]]]:
    """Either half of a name in both scripts: SICK and 西克 of a stored SICK西克, where no other value has it."""
    holders: dict[Words, set[Words]] = {}
    for words in values:
        latin = words[0].isascii() and words[0].isalpha() and len(words[0]) > 1
        if len(words) > 2 and latin and all(is_chinese(word) for word in words[1:]):
            for part in (words[:1], words[1:]):
                holders.setdefault(part, set()).add(words)
    for part, found in holders.items():
        if len(found) == 1 and all(s.type in _YIELDS for s in phrases.get(part, ())):
            yield part, [Sense(T.VALUE, s.value, "partial") for s in values[next(iter(found))] if s.type is T.VALUE]
