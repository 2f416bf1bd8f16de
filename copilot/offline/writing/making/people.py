"""Names and titles of people nobody knows yet: "Dana Whitfield, VP of Procurement", 王敏，采购总监."""

from dataclasses import dataclass, field

from copilot.offline.tags import T
from copilot.offline.writing.making.form import Form
from copilot.offline.writing.making.scan import Scan

_EDGE = (
    "runs", "polite", "is", "her", "it", "role", "called", "create", "begin", "with", "people", "now", "past", "mine",
    "log", "org", "inner",
)  # fmt: skip
_APART = frozenset("()、'\"")
MAX_NAME = 4


@dataclass
class Person:
    """One of the people told of."""

    name: str
    values: dict[str, str] = field(default_factory=dict)


def people_in(form: Form, addresses: list[tuple[int, str, str]]) -> list[Person]:
    """The people whom the words that are left speak of, in order."""
    text, found = form.text, list[Person]()
    early: dict[str, str] = {}
    waiting = list(addresses)
    for start, end in _runs(form):
        while found and waiting and waiting[0][0] < start:
            _, name, value = waiting.pop(0)
            found[-1].values.setdefault(name, value)
        start, end = trimmed(text, start, end)
        if start >= end:
            continue
        name_start, name_end = name_span(text, start, end)
        if name_start < name_end and not (found and _is_smaller(text.cut(name_start, name_end), found[0].name)):
            found.append(Person(text.cut(name_start, name_end)))
            form.take(start, name_end)
            before, after = trimmed(text, start, name_start), trimmed(text, name_end, end)
            _title(form, found[-1], *(before if before[0] < before[1] else after))
        elif found:
            _title(form, found[-1], start, end)
        elif any(text.at(i, "job") for i in range(start, end)):
            early["title"] = text.cut(start, end)
            form.take(start, end)
    if found and "title" in early:
        found[0].values.setdefault("title", early["title"])
    for _, name, value in waiting if found else ():
        found[-1].values.setdefault(name, value)
    return found


def _is_smaller(said: str, name: str) -> bool:
    """Whether words in small letters stand beside a name in capitals: no second person."""
    return said.islower() and said.isascii() and not name.islower()


def _title(form: Form, person: Person, start: int, end: int) -> None:
    """A title, where the words hold a job or stand in the place of one."""
    said = form.text.cut(start, end)
    text = form.text
    job = any(text.at(i, "job") for i in range(start, end))
    plain = len(said.split()) <= 3 and not any(text.tokens[i].script == "number" for i in range(start, end))
    apart = start > 0 and (
        text.is_stop(start - 1) or text.tokens[start - 1].text == "(" or text.upto(start, "is", "role")
    )
    if apart and not job and form.entity.name == "lead" and "company" not in {*person.values, *form.values}:
        person.values["company"] = said
        form.take(start, end)
        return
    fits = (job or (plain and apart)) and len(said.split()) <= 6 and "title" in form.entity.fields
    if start < end and "title" not in person.values and fits:
        person.values["title"] = said
        form.take(start, end)


def _runs(form: Form) -> list[tuple[int, int]]:
    """The words that nothing has explained, between stops."""
    runs: list[tuple[int, int]] = []
    for start, end in form.text.segments():
        at = start
        for i in range(start, end + 1):
            joins = i < end and (form.text.tokens[i].text in _APART or form.text.tag(i).get(T.AND) or _is(form.text, i))
            if i == end or i in form.used or joins:
                if i > at:
                    runs.append((at, i))
                at = i + 1
    return runs


def _is(text: Scan, at: int) -> bool:
    """Whether "is" stands here, between a job and a name: "their CFO is Anna Holt"."""
    return text.tokens[at].script == "latin" and text.at(at, "is") is not None and text.upto(at, "job") is not None


def trimmed(text: Scan, start: int, end: int) -> tuple[int, int]:
    """Without the words around a name or a title: "she's the", "as a", "name's", 职位是."""
    while start < end:
        mark = text.at(start, *_EDGE)
        family = text.at(start, "surname") and start + 1 < end and text.tag(start + 1).type is T.UNKNOWN
        plain = (
            not family
            and text.tag(start).type in (T.FILLER, T.PREP, T.PUNCT, T.AND, T.NUMBER)
            and not text.at(start, "job")
        )
        if mark is not None and mark.end <= end and not _is_name(text, start):
            start = mark.end
        elif plain and not _is_name(text, start) and not text.tokens[start].raw[:1].isdigit():
            start += 1
        else:
            break
    while start < end and (
        (
            text.upto(end, "with", "polite", "her", "people", "called", "there", "is") is not None
            and not text.upto(end, "job")
            and not _is_name(text, end - 1)
        )
        or text.tag(end - 1).type in (T.PUNCT, T.AND)
    ):
        end -= 1
    return start, end


def _is_name(text: Scan, at: int) -> bool:
    """Whether a word is written as a name, or a Chinese family name that a given name follows."""
    raw = text.tokens[at].raw
    if raw[:1].isascii():
        return raw[:1].isupper() and at > 0 and not text.at(at, "her", "role")
    return False


def name_span(text: Scan, start: int, end: int) -> tuple[int, int]:
    """Where a person's name stands among these words; an empty span for none."""
    if text.tokens[start].script == "cjk":
        latin = next((i for i in range(start, end) if text.tokens[i].script == "latin"), None)
        job = latin is not None and any(text.at(i, "job") for i in range(start, latin))
        return name_span(text, latin, end) if latin is not None and job else _chinese_name(text, start, end)
    named = start
    while named < end and text.at(named, "job"):  # "CEO Maria Gomez"
        named += 1
    rest = [text.tokens[i].raw[:1].isupper() and not text.at(i, "job") for i in range(named, end)]
    start = named if len(rest) > 1 and all(rest) else start
    stop = start
    has_capitals = any(text.tokens[i].raw[:1].isupper() and not text.at(i, "job") for i in range(start, end))
    while stop < end and stop - start < MAX_NAME:
        token = text.tokens[stop]
        job = text.at(stop, "job") is not None and not (token.raw.istitle() and stop == start + 1 and end == stop + 1)
        dot = token.text == "." and stop > start and text.at(stop - 1, "honorific") is not None
        if job or not (token.script == "latin" or dot) or (has_capitals and not dot and not token.raw[:1].isupper()):
            break
        stop += 1
    size = stop - start
    if not has_capitals and stop == end and size > 3:
        return start, start
    return (
        (start, stop)
        if size >= 2 or (size == 1 and has_capitals and stop == end and not text.tokens[start].raw.isupper())
        else (start, start)
    )


def _chinese_name(text: Scan, start: int, end: int) -> tuple[int, int]:
    """Two to four characters that begin with a family name, at an edge of the words or beside a job."""
    for at in range(start, end):
        mark = text.at(at, "surname")
        if mark is None:
            continue
        beside = at == start or text.upto(at, "job", "called", "people", "with", "is") is not None
        for stop in (mark.end + 2, mark.end + 1):
            whole = stop <= end and all(
                text.tokens[i].script == "cjk" and not (i > at and text.at(i, "create", "is")) for i in range(at, stop)
            )
            closed = stop == end or (
                stop < end and (text.at(stop, "job", "with", "is", "create") or text.tokens[stop].script != "cjk")
            )
            if whole and beside and closed:
                return at, stop
    return start, start
