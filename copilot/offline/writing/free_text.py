"""A field of free words and its value: "Next step for the Konex deal: send the drawings", 下一步写“等审批”."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.offline.plan import Clarify, Propose
from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.writing.changing import pieces_of, steps_of
from copilot.offline.writing.changing.acts import Act
from copilot.offline.writing.changing.settings import Setting
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.scan import Scan, scan
from copilot.offline.writing.making.talks import KINDS
from copilot.offline.writing.wishes import is_question
from crm_core.models import Kind, Role
from crm_core.schema import Field

_OWNERS = ("deal", "account", "contact", "lead", "task")
_QUOTED = re.compile(r"[\"“「『]([^\"”」』]{2,300})[\"”」』]")
_END = re.compile(r"(?<=[a-z0-9)])\.\s+(?=\S)|[。!！;；\n]")
_EDGE = " ,，:：.。;；-–—"
_BEFORE = ("for", "on", "of", "at", "in", "to", "with", "给", "在", "的", ",", "，")
_LINKS = ("to", "is", "=", "->", "→", ":", "：", "-", "–")


@dataclass(frozen=True)
class Told:
    """A field, its value, what says of which records, and what is said besides."""

    field: Field
    value: str
    about: str
    rest: str = ""


def read_free_text(text: str, saying: Saying) -> tuple[Found, str]:
    """The steps that set a field of free words, and the words that say something else; (None, "") where none does."""
    seen = scan(text, saying)
    told = next((one for tag in seen.tags if (one := _told(seen, tag, saying)) is not None), None)
    if told is None:
        return None, ""
    if scan(told.about, saying).said("log", "remind", "past", *KINDS):
        return None, ""  # "log a call with Vantry: next step is a demo"
    tags = saying.cover(told.about)[1] if told.about else []
    pieces = pieces_of(tags, saying)
    if any(piece.is_setting for piece in pieces) or (tags and is_question(tags)):
        return None, ""
    described = [tag for piece in pieces for tag in piece.described]
    if not any(tag.type not in SILENT for tag in described):
        return Clarify(seen.say("which_record", word=told.field.label)), ""
    setting = Setting(f"{told.field.entity}.{told.field.name}", told.value)
    act = Act(described, [setting], sure=True, text=seen.quote)
    act.every = any(piece.every for piece in pieces)
    act.count = next((piece.count for piece in pieces if piece.count), None)
    return steps_of([act], saying, seen.lang), told.rest


def beside(found: Found, rest: Found) -> Found:
    """Both, where what is said besides could be read as well."""
    if not isinstance(found, tuple) or rest is None:
        return found
    if isinstance(rest, Propose):
        return (*found, *rest.steps)
    return (*found, *rest) if isinstance(rest, tuple) else rest


def _told(seen: Scan, tag: Tag, saying: Saying) -> Told | None:
    field = _field(seen, tag, saying)
    if field is None:
        return None
    quoted = list(_QUOTED.finditer(seen.text))
    if len(quoted) == 1:
        inside = [i for i, t in enumerate(seen.tokens) if quoted[0].start() <= t.start < quoted[0].end()]
        about = _about(seen, tag, inside, len(seen.tokens))
        return Told(field, quoted[0][1].strip(_EDGE), about)
    at = _link(seen, tag)
    if at is None:
        return None
    end, rest = _value_end(seen, at)
    value = seen.text[seen.tokens[at].start : end].strip(_EDGE)
    return Told(field, value, _about(seen, tag, [], at), rest) if value else None


def _about(seen: Scan, tag: Tag, value: Sequence[int], end: int) -> str:
    """What says of which records: without the field's own word, its value, the order before and the links between."""
    taken = {*value, *range(tag.start, tag.end)}
    for part in (tag.start, value[0] if value else end):
        while part > 0 and (mark := seen.upto(part, "text_link", "article", "the", "polite")) is not None:
            taken.update(range(mark.start, mark.end))
            part = mark.start
    first = next((i for i in range(end) if not seen.within(i, "polite")), 0)
    taken.update(range(first))
    order = seen.at(first, "change", "create")
    if order is not None and first not in taken:
        taken.update(range(order.start, order.end))
    kept = [i for i in range(end) if i not in taken]
    while kept and (seen.tokens[kept[0]].text in _BEFORE or seen.is_colon(kept[0])):
        kept.pop(0)
    runs: list[list[int]] = []
    for i in kept:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return " ".join(seen.cut(run[0], run[-1] + 1) for run in runs).strip(_EDGE)


def _field(seen: Scan, tag: Tag, saying: Saying) -> Field | None:
    """The field of free words that the tag names, of a kind of record that the text names if any."""
    if tag.type is not T.FIELD or seen.within(tag.start, "note"):
        return None
    fields = [saying.vocabulary.field(str(sense.value)) for sense in tag.all(T.FIELD)]
    fields = [field for field in fields if field.entity in _OWNERS]
    free = [field for field in fields if _is_free(field)]
    if not free or len(free) < len(fields):
        return None
    named = {name.entity for t in seen.tags for s in t.all(T.RECORD)[:1] for name in s.value}
    return next((f for f in free if f.entity in named), free[0])


def _is_free(field: Field) -> bool:
    own = field.edit and field.derived is None and field.role not in (Role.TITLE, Role.CODE)
    return own and field.kind in (Kind.TEXT, Kind.LONG_TEXT)


def _link(seen: Scan, tag: Tag) -> int | None:
    """Where the value begins: behind the field's colon, or behind "to" or "is" after what says of which records."""
    tokens = seen.tokens
    colon = next((i for i in range(tag.end, len(tokens)) if seen.is_colon(i)), None)
    if colon is not None:
        return colon + 1 if colon + 1 < len(tokens) else None
    if any(seen.is_colon(i) for i in range(tag.start)) and tag.end < len(tokens):
        return tag.end + (tokens[tag.end].text in _LINKS)  # "Konex deal: next step call Anna"
    ordered = any(seen.within(i, "change", "create") for i in range(tag.start)) or seen.is_chinese
    for at in range(tag.end, len(tokens) - 1):
        mark = seen.at(at, "text_link")
        if mark is not None and (ordered or seen.at(at, "is") is not None) and mark.end < len(tokens):
            infinitive = tokens[mark.end].text == "to" and mark.end + 1 < len(tokens)  # "is to | call Ned"
            return mark.end + infinitive
    return None


def _value_end(seen: Scan, at: int) -> tuple[int, str]:
    """Where the value ends, in characters, and what follows: at the end of its sentence, or before a reminder."""
    start = seen.tokens[at].start
    end = _END.search(seen.text, start)
    stop = end.start() if end is not None else len(seen.text)
    for i in range(at + 1, len(seen.tokens)):
        joins = seen.is_stop(i - 1) or seen.tag(i - 1).get(T.AND) is not None
        if seen.tokens[i].start < stop and joins and (seen.at(i, "remind") or seen.at(i, "log")):
            return seen.tokens[i - 1].start, seen.text[seen.tokens[i].start :]
    return stop, seen.text[stop:].strip(_EDGE)
