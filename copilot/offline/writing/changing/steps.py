"""From acts to steps: the records found, whose field is set, which date is meant; or what to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from copilot.offline.dates import DateSpan
from copilot.offline.plan import Clarify, Plan, Say
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.changing.acts import Act
from copilot.offline.where import both
from copilot.offline.writing.changing.records import FEW, MOST, Records, find_records, options, says_state
from copilot.offline.writing.changing.settings import Setting
from copilot.offline.writing.context import Saying
from copilot.offline.writing.parts import names_of
from copilot.offline.writing.telling import tell
from crm_core.access import writable_by
from crm_core.changes.steps import Among, Computed, Given, Step
from crm_core.query.spec import Condition, QuerySpec

_OWNED = ("account", "contact", "lead", "task", "deal", "order")
_ENDED = ("won", "lost")


@dataclass
class Stepper:
    """Makes the steps of acts, in one language."""

    saying: Saying
    lang: str

    def step(self, act: Act, *, ids: Sequence[int] = (), entity: str | None = None) -> Step | Plan:
        """The step of one act; about these records where they are known."""
        clash = self._clash(act)
        if clash is not None:
            return clash
        kind = entity or self._entity(act)
        if ids:
            records: Records | Plan = self._known(kind, tuple(ids))
        else:
            records = self._find(act, kind)
        if not isinstance(records, Records):
            return records
        wrong = None if ids else self._number(act, records)
        if wrong is not None:
            return wrong
        given = self._given(act, records)
        if not isinstance(given, dict):
            return given
        few = len(records.ids) <= FEW or records.where is None
        op = "update" if act.op == "complete" else act.op
        if act.op == "complete":
            given = {**given, "status": "done"}
        if not given and op == "update":
            return self._missing(act)
        return Step(
            op=op,  # type: ignore[arg-type]
            entity=kind,
            records=list(records.ids) if few else [],
            where=None if few else records.where,
            set=given,
            quote=act.text or None,
        )

    # which records

    def _entity(self, act: Act) -> str:
        """The kind of record that is meant: by the fields that are set, by a noun, by the records named."""
        fields = [s.field.split(".")[0] for s in act.settings if "." in s.field]
        nouns = [s.value for tag in act.content for s in tag.senses[:2] if s.type is T.ENTITY]
        kinds = [kind for kind in nouns if kind in _OWNED]
        if any(tag.type is T.RECORD and names_of(tag, "deal") for tag in act.content):
            return "deal"
        if fields:
            return fields[0]
        if act.op in ("delete", "convert", "complete") or any(s.field in ("name", "owner") for s in act.settings):
            if act.op == "convert":
                return "lead"
            if act.op == "complete":
                return "task"
            if "deal" in kinds or any(names_of(tag, kind) for tag in act.content for kind in ("product", "stage")):
                return "deal"
            if any(tag.type is T.STATE for tag in act.content):
                return "deal"
            if kinds:
                return kinds[0]
            named = [n.entity for tag in act.content if tag.type is T.RECORD for n in tag.senses[0].value]
            own = [kind for kind in ("contact", "lead", "account") if kind in named]
            if own and (act.op == "delete" or any(s.field == "name" for s in act.settings)):
                return own[0]
        return "deal"

    def _find(self, act: Act, kind: str) -> Records | Plan:
        if act.op == "delete" and not any(tag.type in (T.RECORD, T.VALUE, T.MINE) for tag in act.content):
            return Clarify(tell("which_records", self.lang))
        if not act.content:
            return Clarify(tell("what" if act.pointer is None else "which_records", self.lang))
        state = None if kind != "deal" else "closed" if self._reopens(act) else "open"
        found = find_records(act.described, kind, self.saying, lang=self.lang, state=state)
        if isinstance(found, Records) and not found.ids and kind == "deal" and not says_state_apart(found, state):
            again = self._elsewhere(act, kind, state)
            found = again if again is not None else found
        if isinstance(found, Records) and not found.ids:
            return Say(tell("nothing_open" if kind == "deal" else "nothing", self.lang))
        return found

    def _elsewhere(self, act: Act, kind: str, state: str | None) -> Records | None:
        """Closing days are of closed deals, and any deal may be deleted, where no open one fits."""
        of_closed = any(s.field in ("close", "deal.closed_on") for s in act.settings) and not self._closes(act)
        if not (of_closed or act.op == "delete") or state == "closed":
            return None
        found = find_records(act.described, kind, self.saying, lang=self.lang, state="closed")
        return found if isinstance(found, Records) and found.ids else None

    def _known(self, kind: str, ids: tuple[int, ...]) -> Records:
        from copilot.offline.compose.reading import Reading

        return Records(kind, ids, None, Reading())

    def _number(self, act: Act, records: Records) -> Plan | None:
        """Ask where one is meant and several fit, or where the number said is another than that found."""
        found = len(records.ids)
        if act.count and act.count != found:
            own = self._own(records)
            if len(own) == act.count:
                records.ids = own
                return None
            said = tell("other_number", self.lang, said=act.count, found=found)
            return Clarify(said, options(records, self.saying) if found <= FEW else ())
        if found > 1 and not act.every:
            own = self._own(records)
            if len(own) == 1:
                records.ids = own
                return None
            return Clarify(tell("several", self.lang), options(records, self.saying))
        return None

    def _own(self, records: Records) -> tuple[int, ...]:
        """Those of them that the person may change."""
        mine = writable_by(self.saying.actor, self.saying.vocabulary.schema.entities[records.entity])
        where = both([part for part in (records.where, mine) if part is not None])
        rows = (
            self.saying.run(QuerySpec(entity=records.entity, where=where, limit=MOST)).rows if mine is not None else ()
        )
        return tuple(row.record_id for row in rows if row.record_id in records.ids)

    # what about them

    def _clash(self, act: Act) -> Plan | None:
        """Two values for one field."""
        for one in act.settings:
            others = [s for s in act.settings if s.field == one.field and _plain(s.value) != _plain(one.value)]
            if others and not self._agree(one, others[0]):
                return Clarify(tell("two_values", self.lang), (_told(one.value), _told(others[0].value)))
        return None

    def _agree(self, one: Setting, other: Setting) -> bool:
        """The stage "won" beside the stage of that kind."""
        if "reopen" in (one.value, other.value):
            return True
        kinds = [self._kind(s.value) for s in (one, other)]
        return one.field == "deal.stage" and None not in kinds and kinds[0] == kinds[1]

    def _kind(self, value: Any) -> str | None:
        if isinstance(value, str):
            return value if value in _ENDED else None
        return self.saying.vocabulary.stages.get(value[0].label) if isinstance(value, tuple) and value else None

    def _given(self, act: Act, records: Records) -> dict[str, Given] | Plan:
        given: dict[str, Given] = {}
        stages = [s for s in act.settings if s.field == "deal.stage" and s.value != "reopen"]
        for setting in act.settings:
            if setting.value == "reopen" and stages:
                continue
            found = self._value(setting, act, records)
            if not isinstance(found, tuple):
                return found
            name, value = found
            if name in given and given[name] != value:
                return Clarify(tell("two_values", self.lang), (str(given[name]), str(value)))
            given[name] = value
        if act.closes and "stage" not in given and not any(s.field in ("close", "date") for s in act.settings):
            return Clarify(tell("won_or_lost", self.lang), (self._stage("won") or "won", self._stage("lost") or "lost"))
        return given

    def _value(self, setting: Setting, act: Act, records: Records) -> tuple[str, Given] | Plan:
        value = setting.value
        if setting.field == "owner":
            return self._owner(value)
        if setting.field == "deal.stage":
            return self._to_stage(value, records)
        if isinstance(value, DateSpan) or setting.field in ("date", "close"):
            return self._date(setting, act, records)
        if setting.field == "deal.amount":
            return self._amount(value, records)
        name = setting.field.split(".")[-1]
        if setting.typed and isinstance(value, str) and self._holds(records, name, value):
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
        return self._whom(value) if len(value) > 1 else ("owner", value[0].label)

    def _whom(self, names: Sequence[Name]) -> Plan:
        return Clarify(tell("which_owner", self.lang), tuple(name.label for name in names[:4]))

    def _to_stage(self, value: Any, records: Records) -> tuple[str, Given] | Plan:
        if value == "reopen":
            stages = [name for name, kind in self.saying.vocabulary.stages.items() if kind == "open"]
            return (
                ("stage", stages[0]) if len(stages) == 1 else Clarify(tell("which_stage", self.lang), tuple(stages[:4]))
            )
        if isinstance(value, str):
            name = self._stage(value)
            return ("stage", name) if name else Clarify(tell("which_stage", self.lang), tuple(self._stages(value))[:4])
        return "stage", value[0].label

    def _stages(self, kind: str) -> list[str]:
        return [name for name, each in self.saying.vocabulary.stages.items() if each == kind]

    def _stage(self, kind: str) -> str | None:
        found = self._stages(kind)
        return found[0] if len(found) == 1 else None

    def _amount(self, value: Any, records: Records) -> tuple[str, Given] | Plan:
        """A share off the amount is off the list price where there is no amount yet."""
        if not isinstance(value, Computed) or value.of is not None:
            return "amount", value
        if len(records.ids) == 1 and self._is_empty(records, "amount"):
            if value.times != 1 and not self._is_empty(records, "product.list_price"):
                return "amount", value.model_copy(update={"of": "product.list_price"})
            return Clarify(tell("no_amount", self.lang))
        return "amount", value

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
        name = self._date_field(setting.field, act, records)
        if isinstance(name, Plan):
            return name
        value = setting.value
        if not isinstance(value, DateSpan):
            return name, value
        day = value.until if value.unit != "day" and name != "started_on" else value.since
        return (name, self._meant(day, value, name).isoformat()) if day else Clarify(tell("which_date", self.lang))

    def _meant(self, day: date, span: DateSpan, name: str) -> date:
        """What has happened lies behind, what is expected ahead: "Thursday", "Jan 31"."""
        ahead = any(word in span.text.lower() for word in ("next", "tomorrow", "明", "下", "后天"))
        if name in ("closed_on", "started_on") and not ahead and 0 < (day - self.saying.today).days < 7:
            return day - timedelta(days=7)
        if name in ("closes_on", "due_on") and span.year_assumed and day < self.saying.today:
            return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)
        return day

    def _date_field(self, name: str, act: Act, records: Records) -> str | Plan:
        if name not in ("date", "close"):
            return name.split(".")[1]
        if name == "date":
            named = next((m for m in act.mentioned if m == "close" or m.endswith(("_on", "_at"))), None)
            named = named or next(
                (s.field for s in act.settings if s.field == "close" or s.field.endswith("_on")), None
            )
            if named is not None and named != "close":
                return named.split(".")[1]
            name = named or name
        stage = next((s.value for s in act.settings if s.field == "deal.stage"), None)
        if stage is not None:
            return "closed_on" if self._kind(stage) in _ENDED else "started_on" if name == "date" else "closes_on"
        if self._are_closed(records):
            return "closed_on"
        moved = any(isinstance(s.value, Computed) for s in act.settings)
        if name == "close" or (moved and self.saying.vocabulary.holds("deal.closes_on")) or act.closes:
            return "closes_on"
        return Clarify(tell("which_date", self.lang), ("started_on", "closes_on"))

    def _are_closed(self, records: Records) -> bool:
        if says_state(records.reading):
            kinds = {kind for test in records.reading.states for kind in test.kinds}
            if kinds:
                return kinds <= set(_ENDED)
        spec = QuerySpec(entity="deal", where=records.where, columns=["stage"], limit=5000)
        stages = [str(row.values[0]) for row in self.saying.run(spec).rows if row.record_id in records.ids]
        return bool(stages) and all(self.saying.vocabulary.stages.get(stage) in _ENDED for stage in stages)

    def _closes(self, act: Act) -> bool:
        return any(self._kind(s.value) in _ENDED for s in act.settings if s.field == "deal.stage")

    def _reopens(self, act: Act) -> bool:
        return any(s.value == "reopen" for s in act.settings)

    def _missing(self, act: Act) -> Plan:
        if "owner" in act.mentioned:
            return Clarify(tell("which_owner", self.lang), self._colleagues(act))
        if act.mentioned:
            name = act.mentioned[0]
            label = self.saying.vocabulary.field(name).label if "." in name else name
            return Clarify(tell("which_value", self.lang, field=label))
        return Clarify(
            tell("which_owner" if act.op == "update" and act.pointer is None and _gives(act) else "what", self.lang)
        )

    def _colleagues(self, act: Act) -> tuple[str, ...]:
        """Others of the team of the person who is named."""
        names = [n for tag in act.content if tag.type is T.RECORD for n in names_of(tag, "user")]
        if len(names) != 1:
            return ()
        where = Condition(field="name", op="eq", value=names[0].label)
        rows = self.saying.run(QuerySpec(entity="user", where=where, columns=["manager"])).rows
        if not rows or rows[0].values[0] is None:
            return ()
        team = Condition(field="manager", op="eq", value=str(rows[0].values[0]))
        found = self.saying.run(QuerySpec(entity="user", where=team, columns=["name"])).rows
        return tuple(str(row.values[0]) for row in found if row.values[0] != names[0].label)[:4]


def says_state_apart(records: Records, state: str | None) -> bool:
    """Whether the words said a state by themselves, beside the one that was supposed."""
    tests = [test for test in records.reading.states if set(test.kinds) != {"open"}]
    return bool(tests) or any(r.entity in ("stage", "deal") for r in records.reading.records)


def _gives(act: Act) -> bool:
    return any(word in act.text.lower() for word in ("assign", "hand", "give", "owner", "转", "交"))


def _plain(value: Any) -> Any:
    if isinstance(value, DateSpan):
        return (value.since, value.until)
    return value


def _told(value: Any) -> str:
    if isinstance(value, tuple) and value:
        return " / ".join(n.label for n in value if isinstance(n, Name)) or str(value)
    if isinstance(value, DateSpan):
        return value.text
    return str(value)


def names_in(tags: Sequence[Tag], entity: str) -> list[Tag]:
    """The tags that name records of this kind."""
    return [tag for tag in tags if names_of(tag, entity)]
