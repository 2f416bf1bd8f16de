"""The next words about a change: "make it 50k", "I meant Markita", "and her Sonron one too", "mark them lost"."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.plan import Clarify, PastTurn, Plan, Propose
from copilot.offline.tags import T, Tag
from copilot.offline.writing.changing import fold, pieces_of
from copilot.offline.writing.changing.acts import Act, Spoken
from copilot.offline.writing.changing.fold import Fold
from copilot.offline.writing.changing.records import Records, find_records, options
from copilot.offline.writing.changing.settings import Piece, Setting
from copilot.offline.writing.changing.steps import Stepper
from copilot.offline.writing.context import Saying
from copilot.offline.writing.merging import made_again, merged, other_length, undenied, with_reason
from copilot.offline.writing.parts import names_of, wishes
from copilot.offline.writing.remaking import remade
from copilot.offline.writing.telling import tell
from crm_core.changes.steps import Step
from crm_core.query.spec import QuerySpec

_KINDS = ("account", "product", "user", "stage", "contact", "lead")


def corrected(tags: Sequence[Tag], saying: Saying, lang: str) -> Plan | None:
    """What the words make of the last turn's proposal, question back or rows; None where they stand alone."""
    if not saying.dialogue:
        return None
    last = saying.dialogue[-1]
    spoken = _spoken(saying)
    pieces = pieces_of(tags, saying)
    folded = fold(pieces, spoken)
    if last.proposal and last.steps:
        return _Edit(last, (folded, pieces, tags), saying, lang).plan()
    whole = [act for act in folded.acts if act.content]
    if whole or not folded.floating:
        return None
    act = Act([])
    for piece in folded.floating:
        act.take(piece)
    if last.ids and last.entity and not _speaks_of_another(last, saying):
        return _about_shown(act, last, pieces, saying, lang)
    if last.spec is None and act.sure and act.is_whole and any(piece.pointer or piece.every for piece in pieces):
        return _about_asked(act, last, saying, lang)
    return _answered(act, last, saying, lang)


def _spoken(saying: Saying) -> Spoken:
    """Who and what the conversation has named."""
    spoken = Spoken()
    for turn in saying.dialogue:
        fold(pieces_of(saying.cover(turn.text)[1], saying), spoken)
    spoken.nouns = []
    return spoken


def _about_shown(act: Act, last: PastTurn, pieces: Sequence[Piece], saying: Saying, lang: str) -> Plan | None:
    """The rows of the last answer: "mark them lost"."""
    pointed = any(piece.pointer or piece.every for piece in pieces)
    if not (act.sure and act.is_whole and (pointed or len(last.ids) == 1)):
        return None
    if act.count and act.count != len(last.ids):
        return Clarify(tell("other_number", lang, said=act.count, found=len(last.ids)))
    step = Stepper(saying, lang).step(act, ids=last.ids, entity=last.entity)
    return Propose((step,)) if isinstance(step, Step) else step


def _speaks_of_another(last: PastTurn, saying: Saying) -> bool:
    """Whether the question spoke of a deal, and its answer is of another kind: "who owns the Quayline deal?"."""
    nouns = [str(s.value) for tag in saying.cover(last.text)[1] for s in tag.all(T.ENTITY)]
    return "deal" in nouns and last.entity not in nouns


def _about_asked(act: Act, last: PastTurn, saying: Saying, lang: str) -> Plan | None:
    """The records that the last question was about, where it had no answer: "… open at Konex?", "both are dead"."""
    asked = fold(pieces_of(saying.cover(last.text)[1], saying))
    words = [tag for tag in asked.header if tag.type in (T.RECORD, T.VALUE, T.STATE, T.ENTITY, T.MINE, T.PREP)]
    if not any(tag.type is T.RECORD for tag in words):
        return None
    act.described, act.every = words, True
    step = Stepper(saying, lang).step(act)
    return Propose((step,)) if isinstance(step, Step) else step


def _answered(act: Act, last: PastTurn, saying: Saying, lang: str) -> Plan | None:
    """The value that the last turn left open: "Update the amount on …", what should it be?, "5k"."""
    before = fold(pieces_of(saying.cover(last.text)[1], saying)).acts
    if len(before) != 1 or not before[0].sure or before[0].is_whole or not act.is_whole:
        return None
    one = before[0]
    one.settings, one.op = act.settings, act.op
    step = Stepper(saying, lang).step(one)
    return Propose((step,)) if isinstance(step, Step) else step


class _Edit:
    """An edit of a waiting proposal."""

    def __init__(
        self, last: PastTurn, read: tuple[Fold, list[Piece], Sequence[Tag]], saying: Saying, lang: str
    ) -> None:
        self._last = last
        self._folded, self._pieces, self._tags = read
        self._saying = saying
        self._lang = lang
        self._stepper = Stepper(saying, lang)

    def plan(self) -> Plan | None:
        """The proposal as edited; None where a new wish stands by itself."""
        described = [
            *self._folded.header,
            *(tag for act in self._folded.acts if not act.is_whole for tag in act.content),
        ]
        described = [tag for tag in described if tag.type not in (T.NEG, T.FOLLOW)]
        content = [tag for tag in described if tag.type in (T.RECORD, T.VALUE, T.STATE, T.ENTITY, T.MINE, T.DATE)]
        other = any(wishes(tag, "other") for tag in self._all_tags())
        made = remade(self._last.steps, self._tags, self._saying)
        if made is not None:
            return made if isinstance(made, Clarify) else self._proposal([*self._last.steps[:-1], made])
        if any(act.is_whole and act.content for act in self._folded.acts):
            return None
        if self._folded.floating and any(p.is_setting for p in self._folded.floating):
            return self._set_again(content)
        if other:
            return self._the_other(described)
        if (lost := with_reason(self._last.steps[-1], self._all_tags(), self._saying.vocabulary.stages)) is not None:
            return self._proposal([*self._last.steps[:-1], lost])
        if not content and (moved := self._by_another_length()) is not None:
            return moved
        if not content:
            return None
        if self._adds():
            return self._add(described)
        return self._instead(described) if self._corrects() else None

    def _all_tags(self) -> list[Tag]:
        return [tag for piece in self._pieces for tag in piece.part.tags]

    def _adds(self) -> bool:
        return any(piece.also for piece in self._pieces) or self._pieces[0].part.begins == "and"

    def _corrects(self) -> bool:
        first = self._all_tags()[:3]
        marked = any(wishes(tag, "correction", "set", "old") or tag.type is T.NEG for tag in first)
        return marked or any(piece.old for piece in self._pieces)

    # other values

    def _set_again(self, content: Sequence[Tag]) -> Plan | None:
        """Other or further values for the records of the last step."""
        act = Act([])
        for piece in self._folded.floating:
            act.take(piece)
        denied = [tag for piece in self._pieces for tag in piece.old]
        target = undenied(self._step_of(act), denied, self._saying.vocabulary.stages)
        if target.op == "create":
            made = None if content else made_again(target, act.settings, self._saying.today)
            kept = [made or step if step is target else step for step in self._last.steps]
            return self._proposal(kept) if made is not None else Clarify(tell("what", self._lang))
        act.settings = [self._named(setting, target) for setting in act.settings]
        act.mentioned += [f"{target.entity}.{name}" for name in target.set if name.endswith(("_on", "_at"))]
        if act.op == "delete":
            new: Step | Plan = target.model_copy(update={"op": "delete", "set": {}})
        else:
            new = self._stepper.step(act, ids=self._ids(target), entity=target.entity)
        if not isinstance(new, Step):
            return new
        kinds = self._saying.vocabulary.stages
        values = merged(target.set, new.set, kinds) if new.op == "update" else {}
        edited = target.model_copy(update={"op": new.op, "set": values})
        at = self._step_of(act)
        return self._proposal([edited if step is at else step for step in self._last.steps])

    def _step_of(self, act: Act) -> Step:
        """The step that sets the same already; else the last one."""
        names = {setting.field.split(".")[-1] for setting in act.settings}
        return next((s for s in reversed(self._last.steps) if names & set(s.set)), self._last.steps[-1])

    def _named(self, setting: Setting, target: Step) -> Setting:
        """A bare day is of the date that was set."""
        dates = [name for name in target.set if name.endswith("_on")]
        if setting.field in ("date", "close") and self._ends(target):
            return Setting(f"{target.entity}.closed_on", setting.value)
        if (
            setting.field in ("date", "close")
            and len(dates) == 1
            and (setting.field == "date" or dates != ["started_on"])
        ):
            return Setting(f"{target.entity}.{dates[0]}", setting.value)
        return setting

    def _ends(self, target: Step) -> bool:
        """Whether the proposal closes its deals."""
        return self._saying.vocabulary.stages.get(str(target.set.get("stage"))) in ("won", "lost")

    def _by_another_length(self) -> Plan | None:
        """A date moved by so much instead: "no, make it three weeks"."""
        target = self._last.steps[-1]
        before = self._saying.cover(self._last.text)[1]
        setting = other_length(self._all_tags(), before, target.set)
        if setting is None:
            return None
        values = {**target.set, setting.field: setting.value}
        return self._proposal([*self._last.steps[:-1], target.model_copy(update={"set": values})])

    # other records

    def _ids(self, step: Step) -> tuple[int, ...]:
        if step.records:
            return tuple(r for r in step.records if isinstance(r, int))
        rows = self._saying.run(QuerySpec(entity=step.entity, where=step.where, limit=5000)).rows
        return tuple(row.record_id for row in rows if row.record_id is not None)

    def _the_other(self, described: list[Tag]) -> Plan | None:
        """The other one that fits the words, beside the one that was proposed."""
        step = self._last.steps[-1]
        for words in ([*described], self._exchanged(described), self._said_before()):
            if not any(tag.type in (T.RECORD, T.VALUE, T.MINE) for tag in words):
                continue
            found = self._find(words, step.entity)
            if isinstance(found, Records):
                left = tuple(i for i in found.ids if i not in step.records)
                if len(left) == 1:
                    return self._proposal(
                        [*self._last.steps[:-1], step.model_copy(update={"records": list(left), "where": None})]
                    )
                if left:
                    shown = replace(found, ids=left)
                    return Clarify(tell("several", self._lang), options(shown, self._saying))
        return Clarify(tell("which_records", self._lang))

    def _instead(self, described: list[Tag]) -> Plan | None:
        """Another owner, or other records, in the place of the last."""
        step = self._last.steps[-1]
        persons = [tag for tag in described if names_of(tag, "user") and tag.type is T.RECORD]
        content = [tag for tag in described if tag.type in (T.RECORD, T.VALUE, T.ENTITY)]
        if "owner" in step.set and len(content) == 1 and persons:
            names = names_of(persons[0], "user")
            if len(names) > 1:
                return Clarify(tell("which_owner", self._lang), tuple(n.label for n in names[:4]))
            new = step.model_copy(update={"set": {**step.set, "owner": names[0].label}})
            return self._proposal([*self._last.steps[:-1], new])
        return self._with(described, [*self._last.steps[:-1]], step)

    def _add(self, described: list[Tag]) -> Plan | None:
        """The same for further records."""
        return self._with(described, list(self._last.steps), self._last.steps[-1])

    def _with(self, described: list[Tag], kept: list[Step], step: Step) -> Plan | None:
        """The step about the records that these words mean, read in the light of the words before."""
        every = any(piece.every for piece in self._pieces)
        for words in (self._exchanged(described), described):
            found = self._find(words, step.entity)
            if not isinstance(found, Records):
                if words is described:
                    return found
                continue
            ids = tuple(i for i in found.ids if i not in step.records) if kept and kept[-1] is step else found.ids
            if not ids:
                continue
            if len(ids) > 1 and not every:
                return Clarify(tell("several", self._lang), options(replace(found, ids=ids), self._saying))
            new = step.model_copy(update={"records": list(ids), "where": None})
            if kept and kept[-1] is step and step.where is None:
                joined = step.model_copy(update={"records": [*step.records, *ids]})
                return self._proposal([*kept[:-1], joined])
            return self._proposal([*kept, new])
        return Clarify(tell("which_records", self._lang))

    def _find(self, words: Sequence[Tag], entity: str) -> Records | Plan:
        return find_records(words, entity, self._saying, lang=self._lang, state="open" if entity == "deal" else None)

    def _said_before(self) -> list[Tag]:
        """The description of the last wish that had one."""
        for turn in reversed(self._saying.dialogue):
            acts = [a for a in fold(pieces_of(self._saying.cover(turn.text)[1], self._saying)).acts if a.content]
            if acts:
                return list(acts[-1].described)
        return []

    def _exchanged(self, described: Sequence[Tag]) -> list[Tag]:
        """The words before, with what these name in the place of others of its kind."""
        if any(len(names_of(tag, "deal")) == 1 for tag in described):
            return list(described)
        kinds = {kind for tag in described for kind in _KINDS if tag.type is T.RECORD and names_of(tag, kind)}
        fields = {s.value[0] for tag in described for s in tag.all(T.VALUE)}
        states = any(tag.type is T.STATE for tag in described)
        kept = [
            tag
            for tag in self._said_before()
            if not any(names_of(tag, kind) for kind in kinds if tag.type is T.RECORD)
            and not any(s.value[0] in fields for s in tag.all(T.VALUE))
            and not (states and tag.type is T.STATE)
            and not names_of(tag, "deal")
        ]
        return [*kept, *described]

    def _proposal(self, steps: Sequence[Step]) -> Propose:
        return Propose(tuple(steps), instead_of=self._last.proposal)
