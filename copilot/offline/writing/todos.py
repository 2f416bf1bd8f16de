"""Tasks that are there: done, deleted, put off; told by words of their titles: "the onboarding task is done"."""

from collections.abc import Sequence
from itertools import pairwise

from copilot.offline.lexicon import key
from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.days import due_day
from copilot.offline.writing.making.parties import named
from copilot.offline.writing.making.scan import Scan
from copilot.offline.writing.telling import tell
from copilot.offline.writing.words import stem
from crm_core.changes.steps import Given, Step
from crm_core.query.result import Row
from crm_core.query.spec import All, Condition, QuerySpec

_FRAME = (
    "task", "done", "change", "put_off", "polite", "the", "article", "with", "mine", "is", "her", "due", "as", "it",
    "called", "to_do", "topic",
)  # fmt: skip
_QUIET = (T.FILLER, T.PUNCT, T.PREP, T.AND, T.MINE, T.PRONOUN)
_DOING = ("act", "past", "call", "meeting", "email", "chat")
_SURE = 2  # words of a title that tell a task which is not called one
_SHORT = 4  # characters of a Chinese run that may say nothing: 早就发了
MOST = 2000


def read_todo(seen: Scan, saying: Saying) -> Found:
    """The step about one open task that the words name; None where they are about no task that is there."""
    change = _change(seen, saying)
    pointed = [name.id for _, sense in seen.of(T.RECORD) for name in sense.value if name.entity == "task"]
    if change is not None and pointed and not _words(seen, ()):
        op, values = change
        return (Step(op=op, entity="task", records=pointed, set=values, quote=seen.quote),)
    if change is None or seen.said("create", "remind", "give"):
        return None
    is_called_so = bool(seen.said("task"))
    op, values = change
    found = _fitting(seen, saying, is_called_so=is_called_so)
    picked = [row for row in found if str(row.values[0]) == saying.chosen]
    found = picked or found
    if not found:
        return Clarify(tell("nothing", seen.lang)) if is_called_so else None
    if len(found) > 1:
        return Clarify(tell("several", seen.lang), tuple(dict.fromkeys(str(row.values[0]) for row in found))[:4])
    return (Step(op=op, entity="task", records=[found[0].record_id or 0], set=values, quote=seen.quote),)


def _change(seen: Scan, saying: Saying) -> tuple[str, dict[str, Given]] | None:
    """What is to become of it."""
    days = [due_day(sense.value, tag.text, saying.today) for tag, sense in seen.of(T.DATE)]
    if seen.said("put_off"):
        return ("update", {"due_on": days[0].isoformat()}) if len(days) == 1 and days[0] else None
    if seen.said("dropped"):
        return "delete", {}
    return ("update", {"status": "done"}) if seen.said("done") else None


def _fitting(seen: Scan, saying: Saying, *, is_called_so: bool) -> list[Row]:
    """The open tasks that hold the words: in their title, or in whom and what they are about.

    Words for doing ("send", 发) may be others than the title's. Without the word "task" two words at least must stand
    in the title itself.
    """
    parties = [(tag, names) for tag, names in named(seen, "account", "contact")]
    words = _words(seen, [tag for tag, _ in parties])
    where = All(all=[Condition(field="status", op="eq", value="open")])
    columns = ["title", "account", "contact", "owner", "deal"]
    if not words and not (parties and is_called_so):
        return []
    rows = saying.run(QuerySpec(entity="task", where=where, columns=columns, limit=MOST)).rows
    least = _SURE if not is_called_so else 0 if parties else 1
    told = [row for row in rows if _holds(seen, row, words, least=least)]
    told = [row for row in told if all(_is_of(row, tag.text, names) for tag, names in parties)]
    told = [row for row in told if row.values[3] == saying.actor.name] or told
    most = max((_shared(seen, row, words) for row in told), default=0)
    return [row for row in told if _shared(seen, row, words) == most]


def _words(seen: Scan, named: Sequence[Tag]) -> list[range]:
    """The words that may be of a title: those of no name, no day and no record that is pointed at; Chinese in runs."""
    taken = {i for tag in (*named, *(tag for tag, _ in seen.of(T.RECORD) if _is_task(tag))) for i in _span(tag)}
    out: list[range] = []
    for i, token in enumerate(seen.tokens):
        if i in taken or seen.tag(i).type in (*_QUIET, T.DATE) or seen.within(i, *_FRAME):
            continue
        if token.script == "cjk" and out and out[-1].stop == i and seen.tokens[i - 1].script == "cjk":
            out[-1] = range(out[-1].start, i + 1)
        else:
            out.append(range(i, i + 1))
    return out


def _holds(seen: Scan, row: Row, words: Sequence[range], *, least: int) -> bool:
    """Whether the task is told by these words: `least` of them in its title, none that is nowhere in it."""
    about = " ".join(str(row.values[k]) for k in (0, 1, 2, 4) if row.values[k])
    lost = [word for word in words if not _is_in(seen, word, about)]
    if lost and seen.is_chinese and least < _SURE:
        lost = [word for word in lost if len(word) > _SHORT]
    doing = all(seen.within(i, *_DOING) for word in lost for i in word)
    said = {stem(token.text) for token in seen.tokens}
    held = len(said & {stem(word) for word in key(str(row.values[0]).lower()) if len(word) > 2})
    return doing and max(_shared(seen, row, words), held if least == _SURE else 0) >= least


def _shared(seen: Scan, row: Row, words: Sequence[range]) -> int:
    """How many of the words stand in its title."""
    return sum(_is_in(seen, word, str(row.values[0])) for word in words)


def _is_in(seen: Scan, word: range, text: str) -> bool:
    """Whether a word stands in a text, in any number; of a Chinese run two characters beside each other."""
    said = [seen.tokens[i].text for i in word]
    if seen.tokens[word.start].script == "cjk":
        pairs = ["".join(said)] if len(said) < 2 else ["".join(pair) for pair in pairwise(said)]
        return any(pair in text for pair in pairs)
    held = {stem(each) for each in key(text.lower())}
    if "-" in said[0]:  # "that call-about-extension to-do"
        return all(stem(part) in held for part in said[0].split("-") if part)
    run_together = len(said[0]) > _SHORT and said[0] in text.lower().replace(" ", "")  # "salt&cedar"
    return run_together or stem(said[0]) in held


def _is_task(tag: Tag) -> bool:
    return any(name.entity == "task" for sense in tag.all(T.RECORD) for name in sense.value)


def _span(tag: Tag) -> range:
    return range(tag.start, tag.end)


def _is_of(row: Row, typed: str, names: Sequence[object]) -> bool:
    labels = {str(getattr(name, "label", "")) for name in names}
    return bool(labels & {str(row.values[1]), str(row.values[2])}) or typed.lower() in str(row.values[0]).lower()
