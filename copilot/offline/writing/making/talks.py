"""What was said: a call, a meeting, an email, a note or a chat, with whom, when, and the person's own words."""

from dataclasses import dataclass
from datetime import date

from copilot.offline.own_kinds import own_kind_of
from copilot.offline.plan import Clarify
from copilot.offline.tags import T
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.before import Before
from copilot.offline.writing.making.days import past_day
from copilot.offline.writing.making.own_fields import own_values
from copilot.offline.writing.making.parties import Links, links, names_of
from copilot.offline.writing.making.scan import Scan
from copilot.offline.writing.persons import PEOPLE, at_company
from crm_core.changes.steps import Given, Step

KINDS = ("call", "meeting", "email", "chat")
_FRAME = ("log", "polite", "create", "begin", "her", "it", "now", "mine", "give")
_HEAD = (
    *_FRAME, *KINDS, "note", "with", "past", "incoming", "outgoing", "telling", "people", "org", "due", "each", "task",
)  # fmt: skip
_QUIET = (T.WRITE, T.FILLER, T.PREP, T.PUNCT, T.AND, T.PRONOUN, T.MINE)


@dataclass(frozen=True)
class Talk:
    """The parts of a text that logs something.

    Attributes:
        head: token range of the part that says what it was, with whom and when.
        body: what was said.
    """

    head: tuple[int, int]
    body: str


def read_talk(text: Scan, saying: Saying, before: Before) -> Found:
    """The step that logs what was said."""
    talk = split(text, saying)
    start, end = talk.head
    kind = kind_of(text, start, end)
    linked = links(text, saying, start=start, end=end)
    if linked.ask is None and not linked.found:
        linked = links(text, saying)
    if linked.ask is not None:
        return linked.ask
    if _is_counted(text, start, end):
        return Clarify(text.say("one_each"))
    linked.found.update(told_further(text, saying, linked, is_note=kind == "note"))
    values: dict[str, Given] = {"kind": kind, **linked.values}
    if not linked.found:
        values.update(before.inherited(saying))
    elif "contact" not in linked.found and text.said("her", start=start, end=end):
        values.update({"contact": made} if (made := before.new("contact")) else {})
    if _is_with_colleague(text, start, end):
        return Clarify(text.say("with_whom"))
    if not set(values) & {"account", "contact", "deal", "lead"}:
        return Clarify(_with_whom(text, start, end))
    day = day_of(text, saying.today, start, end)
    if isinstance(day, Clarify):
        return day
    if day is not None:
        values["happened_on"] = day.isoformat()
    values.update(own_values(text, saying))
    values.update(own_kind(text, start, end))
    values.update(_direction(text, start, end, kind))
    values.update(_for_whom(text))
    values.update(_words(text, talk))
    return (Step(op="create", entity="interaction", set=values, quote=text.quote),)


def told_further(text: Scan, saying: Saying, linked: Links, *, is_note: bool = False) -> dict[str, Name]:
    """The one deal and the one person of the same customer that the rest of the text names; of a note the deal."""
    if not linked.found:
        return {}
    rest = links(text, saying)
    account = linked.found.get("account") or rest.found.get("account")
    if "lead" in linked.found or linked.found.get("account", account) != rest.found.get("account", account):
        return {}
    kinds = [kind for kind in (("deal",) if is_note else ("deal", "contact")) if kind not in linked.found]
    found = {kind: rest.found[kind] for kind in kinds if kind in rest.found}
    return {kind: name for kind, name in found.items() if account is None or at_company(name, account, saying)}


def _is_counted(text: Scan, start: int, end: int) -> bool:
    """As in "log 3 calls with Liftwell": several, of which nothing else is told."""
    numbers = (tag for tag, sense in text.of(T.NUMBER, start=start, end=end) if sense.value.value > 1)
    return any(text.at(tag.end, *KINDS) for tag in numbers)


def _is_with_colleague(text: Scan, start: int, end: int) -> bool:
    """As in "spoke to Zane about Konex": who was spoken to is one of ours."""
    for mark in text.said("past", start=start, end=end):
        if mark.end < end and names_of(text.tag(mark.end), "user") and not names_of(text.tag(mark.end), "account"):
            return True
    return False


def _with_whom(text: Scan, start: int, end: int) -> str:
    """Asks with whom, naming what is known as nobody."""
    strange = [i for i in range(start, end) if text.tag(i).type is T.UNKNOWN and not _is_head(text, i, Links())]
    if not strange:
        return text.say("with_whom")
    last = next((i for i in range(strange[0], end) if i not in strange), end)
    return text.say("unknown_party", word=text.cut(strange[0], last))


def kind_of(text: Scan, start: int, end: int) -> str:
    """How it was said: the first word for it, the last of a run ("lunch meeting", "demo call"); else a note."""
    found = list(text.said(*KINDS, "note", "log", start=start, end=end))
    told = [m for m in found if m.concepts.intersection(KINDS)]
    first = next((m for m in found if m.concepts & {*KINDS, "note"} and "log" not in m.concepts), None)
    if first is None and not told and text.said("unanswered", "left_word"):
        return "call"
    if first is None or not first.concepts.intersection(KINDS):
        return next(k for k in KINDS if k in told[0].concepts) if told and first is None else "note"
    for mark in told:
        if mark.start == first.end:
            first = mark
    return next(k for k in KINDS if k in first.concepts)


def own_kind(text: Scan, start: int, end: int) -> dict[str, Given]:
    """The company's own word for what it was, where it keeps such words: the first in the head."""
    found = (own_kind_of(tag) for tag in text.tags if start <= tag.start and tag.end <= end)
    return dict([told] if (told := next((one for one in found if one), None)) else [])


def split(text: Scan, saying: Saying) -> Talk:
    """The head and the body. A head that says more than what, with whom and when belongs to the body as well."""
    parts = [part for part in _parts(text) if not is_order(text, *part)]
    if not parts:
        return Talk((0, len(text.tokens)), "")
    at = next((n for n, part in enumerate(parts) if _tells(text, *part)), 0)
    head = parts[at]
    used = links(text, saying, start=head[0], end=head[1])
    pure = all(_is_head(text, i, used) for i in range(*head))
    if pure and len(parts) > at + 1 and _is_date(text, *parts[at + 1]):  # "call with Paylantern, 5 Jan, …"
        head = (head[0], parts[at + 1][1])
        del parts[at + 1]
    if pure and len(parts) > at + 1:
        return Talk(head, _join(text, parts[at + 1 :]))
    if pure:
        return Talk(head, "" if at == 0 else _join(text, parts[:at]))
    return Talk(head, _join(text, parts))


def _is_date(text: Scan, start: int, end: int) -> bool:
    dates = [tag for tag, _ in text.of(T.DATE, start=start, end=end)]
    return bool(dates) and all(_is_head(text, i, Links()) for i in range(start, end))


def _parts(text: Scan) -> list[tuple[int, int]]:
    """The parts between stops, and those that "saying" or "that" begins."""
    parts: list[tuple[int, int]] = []
    for start, end in text.segments():
        cut = start
        for mark in text.said("telling", start=start, end=end):
            opens = mark.start > cut and (
                text.said("log", *KINDS, "note", start=start, end=mark.start) or text.is_chinese
            )
            if opens and mark.end < end and not parts:
                parts.append((cut, mark.start))
                cut = mark.end
                break
        parts.append((cut, end))
    return parts


def _join(text: Scan, parts: list[tuple[int, int]]) -> str:
    """What was typed from the first part to the last, each on its own where something between was left out."""
    runs: list[list[int]] = []
    for start, end in parts:
        if runs and all(text.is_stop(i) for i in range(runs[-1][1], start)):
            runs[-1][1] = end
        else:
            runs.append([start, end])
    said = " ".join(text.cut(*_without_order(text, a, b)) for a, b in runs)
    said = said.strip(" ,;:，；：-")
    return said[:1].upper() + said[1:]


def _without_order(text: Scan, start: int, end: int) -> tuple[int, int]:
    """Without "log that" or "and" at the start, and "and log it" at the end."""
    first = next(iter(text.said("log", start=start, end=end)), None)
    if first is not None and all(text.within(i, "polite") for i in range(start, first.start)):
        start = first.end
    while start < end and (text.tag(start).get(T.AND) or text.tag(start).type is T.PUNCT):
        start += 1
    for mark in text.said("log", start=start, end=end):
        if all(text.within(i, *_FRAME, *KINDS) or text.tag(i).type in _QUIET for i in range(mark.start, end)):
            end = mark.start
            break
    while end > start and text.tag(end - 1).get(T.AND, T.PUNCT):
        end -= 1
    return start, end


def is_order(text: Scan, start: int, end: int) -> bool:
    """Whether a part only orders that something be logged: "log it", "put a note of that meeting on the account"."""
    orders = [mark for mark in text.said("log", "create", start=start, end=end) if "fresh" not in mark.concepts]
    if not orders and not _all_polite(text, start, end):
        return False
    kinds = text.said(*KINDS, "past", start=start, end=end)
    told = any(True for _ in text.of(T.RECORD, start=start, end=end)) or any(
        True for _ in text.of(T.DATE, start=start, end=end)
    )
    points = (
        bool(text.said("it", start=start, end=end)) or not kinds or any(text.at(i, "the") for i in range(start, end))
    )
    return (
        not told and points and all(_is_head(text, i, Links()) or text.tag(i).get(T.ENTITY) for i in range(start, end))
    )


def _all_polite(text: Scan, start: int, end: int) -> bool:
    return all(text.within(i, "polite") for i in range(start, end))


def _tells(text: Scan, start: int, end: int) -> bool:
    """Whether a part says what it was or with whom."""
    told = list(text.of(T.RECORD, start=start, end=end))
    return bool(text.said(*KINDS, "note", "past", start=start, end=end)) or bool(told)


def _is_head(text: Scan, at: int, used: Links) -> bool:
    """Whether a token says what it was, with whom or when, or nothing."""
    tag = text.tag(at)
    if at in used.used or tag.type in _QUIET or tag.type is T.DATE:
        return True
    if any(s.value in PEOPLE for s in tag.all(T.ENTITY)):
        return True  # "with the | lead | Mara Kern"
    return text.within(at, *_HEAD)


def day_of(text: Scan, today: date, start: int, end: int) -> date | Clarify | None:
    """The day on which it was, where the head tells one; a day to come is asked about."""
    for tag, sense in text.of(T.DATE, start=0, end=end):
        day = past_day(sense.value, today)
        if day is not None:
            return day
        if tag.start >= start and sense.value.is_future_form and sense.value.unit == "day":
            return Clarify(text.say("not_yet", word=tag.text))
    return None


def _for_whom(text: Scan) -> dict[str, Given]:
    """As in "log it for Yuki": a colleague whose talk it was."""
    for mark in text.said("log"):
        seat = text.at(mark.end, "seat")
        names = names_of(text.tag(seat.end), "user") if seat is not None and seat.end < len(text.tokens) else []
        if len(names) == 1:
            return {"user": names[0].id}
    return {}


def _direction(text: Scan, start: int, end: int, kind: str) -> dict[str, Given]:
    """Who wrote or called, where the words say so."""
    if kind not in ("email", "call", "chat"):
        return {}
    if text.said("incoming", start=start, end=end):
        return {"direction": "in"}
    return {"direction": "out"} if text.said("outgoing", start=start, end=end) else {}


def _words(text: Scan, talk: Talk) -> dict[str, Given]:
    return {"body": talk.body} if talk.body else {}
