"""What a setting comes to for the records found: whose stage, which date, whose name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from copilot.offline.dates import DateSpan
from copilot.offline.plan import Cannot, Clarify, Plan
from copilot.offline.vocabulary import Name
from copilot.offline.writing.changing.acts import Act
from copilot.offline.writing.changing.records import MOST, Records, says_state
from copilot.offline.writing.changing.settings import Setting
from copilot.offline.writing.context import Saying
from copilot.offline.writing.telling import tell
from copilot.offline.writing.words import small
from crm_core.changes.steps import Among, Computed, Given
from crm_core.query.spec import QuerySpec

_OWNED = ("account", "contact", "lead", "task", "deal", "order")
_ENDED = ("won", "lost")
_EN_UNIT, _ZH_UNIT = 1_000, 10_000  # what a short figure may be short for
_NEAR = 5  # times
_LONG_AGO = 300  # days: "starting December", said in November, is the next one
_PAST = ("closed_on", "started_on", "happened_on", "done_on", "founded_on", "created_at")


@dataclass(frozen=True)
class Values:
    """Works out the values of settings, in one language."""

    saying: Saying
    lang: str

    def kind(self, value: Any) -> str | None:
        if isinstance(value, str):
            return value if value in _ENDED else None
        return self.saying.vocabulary.stages.get(value[0].label) if isinstance(value, tuple) and value else None

    def given(self, setting: Setting, act: Act, records: Records) -> tuple[str, Given] | Plan:
        value = setting.value
        if setting.field == "owner":
            return self._owner(value)
        if setting.field == "deal.stage":
            return self._to_stage(setting.typed if setting.typed in self.saying.vocabulary.stages else value, records)
        if isinstance(value, DateSpan) or setting.either or setting.field in ("date", "close"):
            return self._date(setting, act, records)
        if setting.field == "deal.amount":
            return self._amount(value, act, records)
        entity, _, name = setting.field.rpartition(".")
        if entity and entity != records.entity:
            return Cannot(tell("no_field", self.lang, word=self.saying.vocabulary.field(setting.field).label))
        if act.complains and setting.typed and isinstance(value, str) and self._holds(records, name, value):
            return name, setting.typed  # "It's Philippines, with two p's"
        if isinstance(value, tuple):
            if len({n.id for n in value}) > 1:
                return Clarify(tell("who", self.lang, word=value[0].label), tuple(n.label for n in value[:4]))
            return name, value[0].label
        return name, value

    def _owner(self, value: Any) -> tuple[str, Given] | Plan:
        if value and isinstance(value[0], tuple):
            doubtful = next((names for names in value if len(names) > 1), None)
            if doubtful is not None:
                return self._whom(doubtful)
            return "owner", Among(among=[names[0].label for names in value])
        if value[0].label == "me":
            return "owner", self.saying.actor.name
        names = self._one_of(value)
        return self._whom(names) if len(names) > 1 else ("owner", names[0].label)

    def _whom(self, names: Sequence[Name]) -> Plan:
        return Clarify(tell("which_owner", self.lang), tuple(name.label for name in names[:4]))

    def _one_of(self, names: Sequence[Name]) -> Sequence[Name]:
        """The one that the person picks, else all of them."""
        return [name for name in names if name.label == self.saying.chosen] or names

    def _to_stage(self, value: Any, records: Records) -> tuple[str, Given] | Plan:
        if value == "reopen":
            stages = [name for name, kind in self.saying.vocabulary.stages.items() if kind == "open"]
            stages = [name for name in stages if name == self.saying.chosen] or stages
            return (
                ("stage", stages[0]) if len(stages) == 1 else Clarify(tell("which_stage", self.lang), tuple(stages[:4]))
            )
        if value in self.saying.vocabulary.stages:
            return "stage", value  # 中标, where a stage is called so
        if isinstance(value, str):
            name = self.stage(value)
            return ("stage", name) if name else Clarify(tell("which_stage", self.lang), tuple(self._stages(value))[:4])
        return "stage", value[0].label

    def _stages(self, kind: str) -> list[str]:
        return [name for name, each in self.saying.vocabulary.stages.items() if each == kind]

    def stage(self, kind: str) -> str | None:
        found = self._stages(kind)
        return found[0] if len(found) == 1 else None

    def _amount(self, value: Any, act: Act, records: Records) -> tuple[str, Given] | Plan:
        """A discount is off the list price where there is no amount yet, and none is spoken of."""
        if not isinstance(value, Computed):
            return self._in_full(value, records)
        if value.of is not None:
            return "amount", value
        if len(records.ids) == 1 and self._is_empty(records, "amount"):
            is_discount = value.times < 1 and "deal.amount" not in act.mentioned
            if is_discount and not self._is_empty(records, "product.list_price"):
                return "amount", value.model_copy(update={"of": "product.list_price"})
            return Clarify(tell("no_amount", self.lang))
        return "amount", value

    def _in_full(self, value: Any, records: Records) -> tuple[str, Given] | Plan:
        """A figure that may be short for thousands, beside the amount that is there (915 after 907,000), is asked."""
        if len(records.ids) != 1 or not isinstance(value, int | float):
            return "amount", value
        meant = float(value) * (_ZH_UNIT if self.lang == "zh" else _EN_UNIT)
        spec = QuerySpec(entity="deal", where=records.where, columns=["amount"], limit=MOST)
        held = [float(str(row.values[0] or 0)) for row in self.saying.run(spec).rows if row.record_id in records.ids]
        if not any(each / _NEAR < meant < each * _NEAR for each in held):
            return "amount", value
        options = {f"{each:.0f}": float(each) for each in (value, meant)}
        picked = options.get(self.saying.chosen or "")
        return ("amount", picked) if picked else Clarify(tell("which_amount", self.lang), tuple(options))

    def _holds(self, records: Records, name: str, value: str) -> bool:
        """Whether every record has this value already."""
        spec = QuerySpec(entity=records.entity, where=records.where, columns=[name], limit=MOST)
        rows = [row for row in self.saying.run(spec).rows if row.record_id in records.ids]
        return bool(rows) and all(row.values[0] == value for row in rows)

    def _is_empty(self, records: Records, name: str) -> bool:
        if not self.saying.vocabulary.holds("product.list_price") and name.startswith("product"):
            return True
        spec = QuerySpec(entity=records.entity, where=records.where, columns=[name], limit=1000)
        rows = [row for row in self.saying.run(spec).rows if row.record_id in records.ids]
        return bool(rows) and all(row.values[0] is None for row in rows)

    def _date(self, setting: Setting, act: Act, records: Records) -> tuple[str, Given] | Plan:
        name = self._date_field(setting, act, records)
        if isinstance(name, Plan):
            return name
        value = setting.value
        if setting.either and not any(s.value == value and not s.either for s in act.settings):
            return self._either_way(name, value)
        if not isinstance(value, DateSpan):
            return name, value
        day = value.until if value.unit != "day" and name != "started_on" else value.since or value.until
        if name == "closed_on" and day and self._meant(day, setting, name) > self.saying.today:
            return Clarify(tell("to_come", self.lang, word=setting.typed or value.text))  # "signing tomorrow"
        return (name, self._meant(day, setting, name).isoformat()) if day else Clarify(tell("which_date", self.lang))

    def _either_way(self, name: str, by: Computed) -> tuple[str, Given] | Plan:
        """A date moved "forward" or "back": asked which way, unless the person has picked."""
        ways = tuple(str(tell(way, self.lang)) for way in ("earlier", "later"))
        if self.saying.chosen not in ways:
            return Clarify(tell("which_way", self.lang), ways)
        sign = -1 if self.saying.chosen == ways[0] else 1
        moved = {part: sign * abs(getattr(by, part)) for part in ("days", "months") if getattr(by, part)}
        return name, Computed(of=None, **moved)

    def _meant(self, day: date, setting: Setting, name: str) -> date:
        """What has happened lies behind, what is expected ahead: "Thursday", "Jan 31"."""
        ahead = any(word in (setting.typed or "").lower() for word in small("ahead"))
        if name in ("closed_on", "started_on") and not ahead and 0 < (day - self.saying.today).days < 7:
            return day - timedelta(days=7)
        if name == "started_on" and setting.value.year_assumed and (self.saying.today - day).days > _LONG_AGO:
            return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)
        if name not in _PAST and setting.value.year_assumed and day < self.saying.today:
            return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)
        return day

    def _date_field(self, setting: Setting, act: Act, records: Records) -> str | Plan:
        name = setting.field
        if name not in ("date", "close"):
            entity, _, field = name.partition(".")
            return field if entity == records.entity else Clarify(tell("which_records", self.lang))
        if name == "date":
            named = next((m for m in act.mentioned if m == "close" or m.endswith(("_on", "_at"))), None)
            named = named or next(
                (s.field for s in act.settings if s.field == "close" or s.field.endswith("_on")), None
            )
            if named is not None and named != "close":
                return named.split(".")[1]
            name = named or name
        stage = next((s.value for s in act.settings if s.field == "deal.stage"), None)
        if stage is not None and self.kind(stage) in _ENDED:
            return "closed_on"
        if stage is not None:
            return self._on_moving(name, setting, records)
        if self._are_closed(records):
            return "closed_on"
        moved = any(isinstance(s.value, Computed) for s in act.settings)
        if name == "close" or (moved and self.saying.vocabulary.holds("deal.closes_on")) or act.closes:
            return "closes_on"
        dates = {self.saying.vocabulary.field(f"deal.{each}").label: each for each in ("started_on", "closes_on")}
        picked = dates.get(self.saying.chosen or "")
        return picked or Clarify(tell("which_date", self.lang), tuple(dates))

    def _on_moving(self, name: str, setting: Setting, records: Records) -> str | Plan:
        """The day of a move to an open stage is the start of what had none; of others that it was today is no news."""
        if name == "close":
            return "closes_on"
        if self._is_empty(records, "started_on"):
            return "started_on"
        span = setting.value
        today = isinstance(span, DateSpan) and span.since == self.saying.today
        return "" if today else Clarify(tell("which_date", self.lang))

    def _are_closed(self, records: Records) -> bool:
        if says_state(records.reading):
            kinds = {kind for test in records.reading.states for kind in test.kinds}
            if kinds:
                return kinds <= set(_ENDED)
        spec = QuerySpec(entity="deal", where=records.where, columns=["stage"], limit=5000)
        stages = [str(row.values[0]) for row in self.saying.run(spec).rows if row.record_id in records.ids]
        return bool(stages) and all(self.saying.vocabulary.stages.get(stage) in _ENDED for stage in stages)
