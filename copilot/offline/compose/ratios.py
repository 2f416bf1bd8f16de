"""One measure divided by another: "the ratio of A to B", "A divided by B", "open deals per won deal", A除以B, A与B之比.

Each of the two is composed by itself. What stands before them and what groups them holds for both, and so does what
only the last one says of both ("the ratio of wins to losses in the East").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from copilot.offline.compose.reading import FieldTest, MeasureNode, Period, Reading, RecordTest, StateTest
from copilot.offline.tags import SILENT, T, Tag

Compose = Callable[[Sequence[Tag]], Reading]
_DEALS = frozenset({"deals_won", "deals_lost"})
_EACH = frozenset({"per", "for every", "for each", "to every", "to each", "每"})
_JOINTS = frozenset({"to", "and", "over", "与", "和", "跟", "对", "同", "比"})
_IS = frozenset({"是", "为", "相当于"})
_WHOLE = frozenset({"all", "total", "overall", "every", "总", "全部", "所有", "全", "全公司", "整个"})
_RATES = frozenset({"比例", "比率"})  # of two that are joined, and not a part of one
_OPEN_COUNT = ".open_deal_count"
_LISTED = frozenset({"list", "which", "who", "rank"})


@dataclass(frozen=True)
class _Cut:
    """The tags of a ratio: what holds for both, the two, and what groups them."""

    lead: Sequence[Tag]
    top: Sequence[Tag]
    bottom: Sequence[Tag]


def compose_ratio(tags: Sequence[Tag], compose: Compose) -> Reading | None:
    """The reading of a question for a ratio; None where it is none."""
    cut = _of_two(tags) or _divided(tags) or _for_each(tags)
    if cut is None:
        return None
    bottom, tail = _without_tail(cut.bottom)
    parts = [_counted(compose([*cut.lead, *cut.top, *tail])), _counted(compose(bottom))]
    if not (parts[1].measures or parts[1].states or parts[1].asks):
        parts[1].measures = list(parts[0].measures)  # X的业绩是Y的几倍
    if not all(map(_measures, parts)):
        return None
    top, under = parts
    last = max((tag.start for tag in bottom if _tells([tag])), default=-1)
    _hold_for_both(top, under, cut.top[0].start, last, says_whole=_says_whole(bottom))
    out = Reading(ratio=(top, under), groups=list(top.groups), target=top.target if top.groups else None)
    out.percent = any(tag.get(T.SHARE, T.PERCENT_WORD) for tag in tags)
    _take_ranking(out, top, under)
    for part in parts:
        out.loose += [tag for tag in part.loose if tag not in out.loose]
        out.not_held += part.not_held
        out.notes += [note for note in part.notes if note not in out.notes]
        out.unclear |= part.unclear or bool(part.sup or part.share or part.ratio or part.having or part.also)
        part.groups, part.pronouns, part.asks, part.side_by_side = [], [], [], False
    return out


def _take_ranking(out: Reading, top: Reading, under: Reading) -> None:
    """As in 指标完成率排前三的销售: whoever is ranked is ranked by the one divided by the other."""
    ranking = [one for one in (top, under) if one.sup is not None]
    nouns = [one.target.dotted for one in (top, under) if one.target is not None and "." not in one.target.dotted]
    sup = ranking[0].sup if len(ranking) == 1 else None
    noun = (sup.noun or next(iter(nouns), None)) if sup is not None else None
    if sup is not None and sup.by is None and noun in ("rep", "user", "account", "product"):
        out.sup, ranking[0].sup = replace(sup, noun=noun), None
        top.target, under.target = None, None


def _counted(reading: Reading) -> Reading:
    """The "number of open deals" as their number, and not as a field of whoever has them."""
    if reading.measures or not reading.columns or any(not d.endswith(_OPEN_COUNT) for d in reading.columns):
        return reading
    reading.columns, reading.measures = [], [MeasureNode(fn="count", dotted="deal")]
    reading.states.append(StateTest(("open",)))
    return reading


def _of_two(tags: Sequence[Tag]) -> _Cut | None:
    """As in "the ratio of A to B", A与B之比, 赢单和丢单的比例."""
    for at, tag in enumerate(tags):
        sense = tag.get(T.RATIO)
        if not (sense and sense.value in ("of", "times")) and tag.text not in _RATES:
            continue
        joints = _IS if sense and sense.value == "times" else _JOINTS
        behind = not tag.text.isascii() and not _tells(tags[at + 1 :])
        inside = tags[:at] if behind else tags[at + 1 :]
        joint = _joint(inside, joints)
        if joint is not None and (behind or tag.text.isascii()):
            lead = [] if behind else _plain(tags[:at])
            return _Cut(lead, inside[:joint], inside[joint + 1 :])
    return None


def _joint(tags: Sequence[Tag], joints: frozenset[str]) -> int | None:
    """The word between the two; each of them says what is measured, if only whose measure it is."""
    for at, tag in enumerate(tags):
        said = tag.text.lower() in joints and (tag.get(T.AND, T.VERSUS, T.OP) or tag.type in SILENT)
        if said and _tells(tags[:at]) and (joints is _IS or _tells(tags[at + 1 :])):
            return at
    return None


def _divided(tags: Sequence[Tag]) -> _Cut | None:
    """As in "total won amount divided by the number of wins", A除以B, "A as a multiple of B"."""
    at = next((k for k, tag in enumerate(tags) if _divides(tags, k)), None)
    if at is None or not _tells(tags[:at]) or not _tells(tags[at + 1 :]):
        return None
    if any(tag.type is T.BY or tag.get(T.BUCKET) for tag in tags[at + 1 : at + 2]):
        return None
    start = _behind_lead(tags[:at])
    return _Cut(tags[:start], tags[start:at], tags[at + 1 :])


def _divides(tags: Sequence[Tag], at: int) -> bool:
    """As in "divided by"; "as a percentage of" something that is measured by itself: "… of 2024 bookings"."""
    sense, rest = tags[at].get(T.RATIO), tags[at + 1 :]
    if sense is not None:
        return bool(sense.value == "over")
    led = tags[at].get(T.SHARE) is not None and tags[at].text.lower().startswith("as ")
    narrowed = any(tag.type in (T.DATE, T.RECORD, T.VALUE) for tag in rest)
    return led and narrowed and any(tag.get(T.METRIC) for tag in rest)


def _behind_lead(tags: Sequence[Tag]) -> int:
    """Where what leads in ends: "For every product: …", "in Q3, …"; 0 where nothing does."""
    ends = [k for k, tag in enumerate(tags) if tag.type is T.PUNCT and tag.text in ":,，：" and k + 1 < len(tags)]
    return next((k + 1 for k in reversed(ends) if not _tells(tags[:k]) and _tells(tags[k:])), 0)


def _for_each(tags: Sequence[Tag]) -> _Cut | None:
    """As in "open deals per won deal", "for every deal we win, how many do we lose", 每赢一单丢几单."""
    for at, tag in enumerate(tags):
        if tag.type is not T.BY or tag.text.lower() not in _EACH or any(t.get(T.AGG) for t in tags):
            continue  # "the average amount per win" is a mean already
        end = _counted_end(tags, at + 1)
        if end is None:
            continue
        bottom = [each for each in tags[at + 1 : end] if each.type is not T.NUMBER]
        if _tells(tags[:at]):
            return _Cut([], tags[:at], [*bottom, *tags[end:]])
        if _tells(tags[end:]):
            return _Cut(tags[:at], tags[end:], bottom)
    return None


def _counted_end(tags: Sequence[Tag], at: int) -> int | None:
    """Where a counted noun ends: "won deal", "deal we win", "win", 赢一单; None where a party or a period stands."""
    end, has_state = at, False
    while end < len(tags):
        tag = tags[end]
        one = tag.type is T.NUMBER and tag.senses[0].value.value == 1
        is_state = tag.type is T.STATE or bool(_DEALS & {s.value for s in tag.all(T.METRIC)})
        named = any(s.value == "deal" for s in tag.all(T.ENTITY))
        if not (one or named or tag.get(T.MINE) or (is_state and not has_state)):
            break
        has_state |= is_state
        end += 1
    return end if has_state else None


def _without_tail(tags: Sequence[Tag]) -> tuple[Sequence[Tag], Sequence[Tag]]:
    """The denominator, and what groups both."""
    by = next((k for k, tag in enumerate(tags) if k and tag.type in (T.BY, T.BUCKET)), len(tags))
    return tags[:by], tags[by:]


def _plain(tags: Sequence[Tag]) -> list[Tag]:
    """Without "what is", which asks for nothing of its own."""
    return [tag for tag in tags if tag.type is not T.ASK]


def _tells(tags: Sequence[Tag]) -> bool:
    """Whether the words say what is measured."""
    return any(tag.type in (T.METRIC, T.STATE, T.VERB_METRIC) or tag.get(T.METRIC) or _is_counted(tag) for tag in tags)


def _is_counted(tag: Tag) -> bool:
    fields = any(str(s.value).endswith(_OPEN_COUNT) for s in tag.all(T.FIELD))
    return fields or tag.get(T.AGG) is not None or any(s.value in ("count", "how_many") for s in tag.all(T.ASK))


def _measures(reading: Reading) -> bool:
    told = reading.measures or "count" in reading.asks or reading.states
    return bool(told) and (bool(reading.sup) or not _LISTED & set(reading.asks))


def _hold_for_both(top: Reading, under: Reading, start: int, last: int, *, says_whole: bool) -> None:
    """What is said before both, or only by the last of them, holds for both; "of those" takes over what the first says.

    Args:
        top: the numerator.
        under: the denominator.
        start: the token that the numerator begins with.
        last: the token of the last word that says what the denominator measures: what stands behind it holds for both.
        says_whole: the denominator is said to be of all.
    """
    takes_over = any(pronoun.kind in ("set", "same") for pronoun in under.pronouns)
    for kind in ("fields", "records", "periods"):
        led = [test for test in getattr(top, kind) if 0 <= _place(test) < start]
        above, below = [t for t in getattr(top, kind) if t not in led], getattr(under, kind)
        below += [test for test in led if kind != "periods" or not below]
        if below and not above and not led:
            setattr(top, kind, [test for test in below if _place(test) > last])
            top.unclear |= len(getattr(top, kind)) < len(below) and _closed(top) and _closed(under)
        elif above and not below and takes_over:
            setattr(under, kind, list(above))
        elif above and not below and _what(top) != _what(under):
            setattr(under, kind, list(above))  # "Q4 wins divided by losses": those of Q4 too
            top.unclear |= says_whole
    if takes_over and not under.states:
        under.states = list(top.states)
    top.mine = under.mine = top.mine or under.mine


def _closed(reading: Reading) -> bool:
    """Whether deals are measured that are over, so that a time means the same of both."""
    kinds = {kind for state in reading.states for kind in state.kinds}
    metrics = {m.metric for m in reading.measures}
    return bool(metrics & {"bookings", *_DEALS}) or (bool(kinds) and kinds <= {"won", "lost"})


def _says_whole(tags: Sequence[Tag]) -> bool:
    return any(word in _WHOLE for tag in tags for word in (tag.text, *tag.text.lower().split(" ")))


def _place(test: FieldTest | RecordTest | Period) -> int:
    return test.span.start if isinstance(test, Period) else test.at


def _what(reading: Reading) -> object:
    return reading.measures, [set(state.kinds) for state in reading.states]
