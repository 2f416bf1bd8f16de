"""The values of a proposal as a correction leaves them: moved on, replaced, taken back."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from copilot.offline.dates import DateSpan
from copilot.offline.numbers import Number
from copilot.offline.tags import T, Tag
from copilot.offline.writing.changing.settings import Setting
from copilot.offline.writing.changing.times import LENGTHS, moved_by
from copilot.offline.writing.making.days import due_day, past_day
from copilot.offline.writing.parts import names_of, wishes
from crm_core.changes.steps import Computed, Given, Step

_DAY = {"task": "due_on", "interaction": "happened_on", "deal": "closes_on"}
_OF_ENDING = ("amount", "closed_on", "lost_reason")  # what is told of a deal only because it is won or lost


def merged(before: Mapping[str, Given], now: Mapping[str, Given], kinds: Mapping[str, str]) -> dict[str, Given]:
    """The values, these in the place of the earlier ones; another end of a deal lets go of what the first one said."""
    kept = dict(before)
    if "stage" in now and _kind(before, kinds) in ("won", "lost") and _kind(before, kinds) != _kind(now, kinds):
        kept = {name: value for name, value in kept.items() if name not in _OF_ENDING}
    return {**kept, **{name: moved(before.get(name), value) for name, value in now.items()}}


def _kind(values: Mapping[str, Given], kinds: Mapping[str, str]) -> str | None:
    return kinds.get(str(values.get("stage")))


def undenied(step: Step, old: Sequence[Tag], kinds: Mapping[str, str]) -> Step:
    """The step without a stage that is taken back: "not lost, just push the close date"."""
    said = {str(s.value) for tag in old for s in tag.all(T.STATE)}
    said |= {name.label for tag in old for name in names_of(tag, "stage")}
    if "stage" not in step.set or not said & {str(step.set["stage"]), _kind(step.set, kinds)}:
        return step
    kept = {name: value for name, value in step.set.items() if name != "stage" and name not in _OF_ENDING}
    return step.model_copy(update={"set": kept})


def with_reason(step: Step, said: Sequence[Tag], kinds: Mapping[str, str]) -> Step | None:
    """Why the deal of the proposal was lost, in the company's own words: "reason: price"."""
    values = [s.value for tag in said for s in tag.all(T.VALUE)]
    told = [value for dotted, value in values if dotted == "deal.lost_reason"]
    if len(told) != 1 or _kind(step.set, kinds) != "lost":
        return None
    return step.model_copy(update={"set": {**step.set, "lost_reason": told[0]}})


def moved(before: Given, value: Given) -> Given:
    """A date moved on from the one that was proposed, and not from the one that is stored."""
    if not (isinstance(value, Computed) and isinstance(before, str) and (value.days or value.months)):
        return value
    day = date.fromisoformat(before)
    year, month = divmod(day.year * 12 + day.month - 1 + value.months, 12)
    last = monthrange(year, month + 1)[1]
    return (date(year, month + 1, min(day.day, last)) + timedelta(days=value.days)).isoformat()


def other_length(said: Sequence[Tag], before: Sequence[Tag], values: Mapping[str, Given]) -> Setting | None:
    """As in "make it three weeks", where a date was to be moved: by so much instead, the same way."""
    spans = [s.value for tag in said for s in tag.all(T.NUMBER)[:1] if _is_length(s.value)]
    dates = [name for name, value in values.items() if name.endswith("_on") or isinstance(value, Computed)]
    ways = [wishes(tag, "later") for tag in before if wishes(tag, "later", "earlier")]
    if len(spans) != 1 or len(dates) != 1 or not ways:
        return None
    number = spans[0]
    return Setting(dates[0], moved_by(number, number.value if ways[0] else -number.value))


def made_again(step: Step, settings: Sequence[Setting], today: date) -> Step | None:
    """A record that is to be made, with another day, sum or owner; None where they say anything else."""
    values: dict[str, Given] = {}
    for setting in settings:
        name = setting.field.rpartition(".")[2]
        if isinstance(setting.value, DateSpan):
            when = past_day(setting.value, today) if step.entity == "interaction" else _due(setting, today)
            values[_DAY.get(step.entity, name)] = when.isoformat() if when else None
        elif name == "owner" and len(setting.value) == 1:
            values["owner"] = setting.value[0].label
        elif name == "amount" and step.entity == "deal" and isinstance(setting.value, float):
            values["amount"] = setting.value
        else:
            return None
    if not values or None in values.values():
        return None
    return step.model_copy(update={"set": {**step.set, **values}})


def _due(setting: Setting, today: date) -> date | None:
    return due_day(setting.value, setting.typed or "", today, by_its_end=setting.value.relation == "in")


def _is_length(number: Number) -> bool:
    return number.unit in LENGTHS
