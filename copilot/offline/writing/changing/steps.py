"""From acts to steps: the records found, whose field is set, which date is meant; or what to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from copilot.offline.dates import DateSpan
from copilot.offline.filters import both
from copilot.offline.plan import Clarify, Plan, Say
from copilot.offline.tags import T
from copilot.offline.vocabulary import Name
from copilot.offline.writing.changing.acts import Act
from copilot.offline.writing.changing.records import FEW, MOST, Records, State, chosen, find_records, options
from copilot.offline.writing.changing.settings import Setting
from copilot.offline.writing.changing.values import Values
from copilot.offline.writing.context import Saying
from copilot.offline.writing.parts import names_of
from copilot.offline.writing.telling import tell
from copilot.offline.writing.words import small
from crm_core.access import writable_by
from crm_core.changes.steps import Given, Step
from crm_core.query.spec import Condition, QuerySpec

_OWNED = ("account", "contact", "lead", "task", "deal", "order")
_ENDED = ("won", "lost")


@dataclass
class Stepper:
    """Makes the steps of acts, in one language."""

    saying: Saying
    lang: str

    @property
    def _values(self) -> Values:
        return Values(self.saying, self.lang)

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
        left = self._left_open(act, kind, given)
        if left is not None and op == "update":
            return Clarify(tell("which_value", self.lang, field=left))
        return Step(
            op=op,
            entity=kind,
            records=list(records.ids) if few else [],
            where=None if few else records.where,
            set=given,
            quote=act.text or None,
        )

    def swapped(self, act: Act) -> tuple[Step, ...] | Plan:
        """Two records that exchange their owners."""
        records = self._find(act, self._entity(act))
        if not isinstance(records, Records):
            return records
        rows = self.saying.run(
            QuerySpec(entity=records.entity, where=records.where, columns=["owner"], limit=MOST)
        ).rows
        owners = {row.record_id: row.values[0] for row in rows if row.values[0] is not None}
        if len(records.ids) != 2 or len(set(owners.values())) != 2:
            return Clarify(tell("which_records", self.lang), options(records, self.saying))
        one, other = records.ids
        pairs = ((one, owners[other]), (other, owners[one]))
        return tuple(
            Step(op="update", entity=records.entity, records=[i], set={"owner": str(owner)}, quote=act.text or None)
            for i, owner in pairs
        )

    def _left_open(self, act: Act, kind: str, given: dict[str, Given]) -> str | None:
        """A field that was to be set and got no value that could be read: "set the term to what they said"."""
        for dotted in act.mentioned:
            entity, _, name = dotted.rpartition(".")
            field = self.saying.vocabulary.field(dotted) if entity == kind else None
            if field is not None and name not in given and not field.is_date and name != "amount":
                return field.label
        return None

    # which records

    def _entity(self, act: Act) -> str:
        """The kind of record that is meant: by the fields that are set, by a noun, by the records named."""
        fields = [s.field.split(".")[0] for s in act.settings if "." in s.field]
        fields = fields or [name.split(".")[0] for name in act.mentioned if "." in name and not act.settings]
        nouns = [str(s.value) for tag in act.content for s in tag.senses[:2] if s.type is T.ENTITY]
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
        state: State = None if kind != "deal" else "closed" if self._reopens(act) else "open"
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
        if found > 1 and not act.every and not self._one_each(act, records):
            own = chosen(records, self.saying) or self._own(records)
            if len(own) == 1:
                records.ids = own
                return None
            return Clarify(tell("several", self.lang), options(records, self.saying))
        return None

    def _one_each(self, act: Act, records: Records) -> bool:
        """As in "move Frosthaven and Sable River to Negotiation": one deal of each customer that is named."""
        accounts = [tag for tag in act.content if tag.type is T.RECORD and names_of(tag, "account")]
        if records.entity != "deal" or len(accounts) != len(records.ids):
            return False
        spec = QuerySpec(entity="deal", where=records.where, columns=["account"], limit=MOST)
        rows = self.saying.run(spec).rows
        return len({row.values[0] for row in rows if row.record_id in records.ids}) == len(accounts)

    def _own(self, records: Records) -> tuple[int, ...]:
        """Those of them that the person may change."""
        mine = writable_by(self.saying.actor, self.saying.vocabulary.schema.entities[records.entity])
        where = both([part for part in (records.where, mine) if part is not None])
        rows = (
            self.saying.run(QuerySpec(entity=records.entity, where=where, limit=MOST)).rows if mine is not None else ()
        )
        return tuple(row.record_id for row in rows if row.record_id in records.ids)

    def may_change(self, step: Step) -> bool:
        """Whether the person may change all records of a step that names them."""
        if writable_by(self.saying.actor, self.saying.vocabulary.schema.entities[step.entity]) is None:
            return True
        ids = tuple(one for one in step.records if isinstance(one, int))
        return len(self._own(self._known(step.entity, ids))) == len(step.records)

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
        kinds = [self._values.kind(s.value) for s in (one, other)]
        return one.field == "deal.stage" and None not in kinds and kinds[0] == kinds[1]

    def _given(self, act: Act, records: Records) -> dict[str, Given] | Plan:
        given: dict[str, Given] = {}
        stages = [s for s in act.settings if s.field == "deal.stage" and s.value != "reopen"]
        for setting in act.settings:
            if setting.value == "reopen" and stages:
                continue
            found = self._values.given(setting, act, records)
            if not isinstance(found, tuple):
                return found
            name, value = found
            if not name:
                continue
            if name in given and given[name] != value:
                return Clarify(tell("two_values", self.lang), (str(given[name]), str(value)))
            given[name] = value
        if act.closes and self.saying.chosen in self.saying.vocabulary.stages:
            given.setdefault("stage", self.saying.chosen)
        if act.closes and "stage" not in given and not any(s.field in ("close", "date") for s in act.settings):
            return Clarify(
                tell("won_or_lost", self.lang),
                (self._values.stage("won") or "won", self._values.stage("lost") or "lost"),
            )
        return given

    def _closes(self, act: Act) -> bool:
        return any(self._values.kind(s.value) in _ENDED for s in act.settings if s.field == "deal.stage")

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
    return any(word in act.text.lower() for word in small("giving_words"))


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
