"""Tasks that are there: done, deleted, put off; told by words of their titles: "the onboarding task is done"."""

from collections.abc import Sequence

from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.days import due_day
from copilot.offline.writing.making.parties import named
from copilot.offline.writing.making.scan import Scan
from copilot.offline.writing.telling import tell
from crm_core.changes.steps import Given, Step
from crm_core.query.result import Row
from crm_core.query.spec import All, Condition, QuerySpec

_FRAME = (
    "task", "done", "change", "put_off", "polite", "the", "article", "with", "mine", "is", "her", "due", "as", "it",
    "called", "to_do", "topic",
)  # fmt: skip
_QUIET = (T.FILLER, T.PUNCT, T.PREP, T.AND, T.MINE)
MOST = 2000


def read_todo(seen: Scan, saying: Saying) -> Found:
    """The step about one open task that the words name; None where they are about no task that is there."""
    change = _change(seen, saying)
    pointed = [name.id for _, sense in seen.of(T.RECORD) for name in sense.value if name.entity == "task"]
    if change is not None and pointed and not _words(seen, ()):
        op, values = change
        return (Step(op=op, entity="task", records=pointed, set=values, quote=seen.quote),)
    if change is None or not seen.said("task") or seen.said("create", "remind", "give"):
        return None
    op, values = change
    found = _fitting(seen, saying)
    picked = [row for row in found if str(row.values[0]) == saying.chosen]
    found = picked or found
    if not found:
        return Clarify(tell("nothing", seen.lang))
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


def _fitting(seen: Scan, saying: Saying) -> list[Row]:
    """The open tasks whose title holds all the words, and whose customer is the one that is named."""
    parties = [(tag, names) for tag, names in named(seen, "account", "contact")]
    words = _words(seen, [tag for tag, _ in parties])
    where = All(all=[Condition(field="status", op="eq", value="open")])
    columns = ["title", "account", "contact", "owner"]
    rows = saying.run(QuerySpec(entity="task", where=where, columns=columns, limit=MOST)).rows
    if not words and not parties:
        return []
    told = [row for row in rows if _holds(row, words)]
    told = [row for row in told if all(_is_of(row, tag.text, names) for tag, names in parties)]
    return [row for row in told if row.values[3] == saying.actor.name] or told


def _words(seen: Scan, named: Sequence[Tag]) -> list[str]:
    """The words that may be of a title: those of no name, no day and no record that is pointed at."""
    taken = {i for tag in (*named, *(tag for tag, _ in seen.of(T.RECORD) if _is_task(tag))) for i in _span(tag)}
    return [
        seen.tokens[i].text
        for i in range(len(seen.tokens))
        if i not in taken and seen.tag(i).type not in (*_QUIET, T.DATE) and not seen.within(i, *_FRAME)
    ]


def _is_task(tag: Tag) -> bool:
    return any(name.entity == "task" for sense in tag.all(T.RECORD) for name in sense.value)


def _span(tag: Tag) -> range:
    return range(tag.start, tag.end)


def _holds(row: Row, words: Sequence[str]) -> bool:
    title = str(row.values[0]).lower()
    return all(word.lower() in title for word in words)


def _is_of(row: Row, typed: str, names: Sequence[object]) -> bool:
    labels = {str(getattr(name, "label", "")) for name in names}
    return bool(labels & {str(row.values[1]), str(row.values[2])}) or typed.lower() in str(row.values[0]).lower()
