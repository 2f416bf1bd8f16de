"""What a talk that is told settles besides: changes of the deal, customer or person that it was about.

Each clause of the story belongs to somebody. What it was, with whom and when is the log's, and all of it stands in the
log's words. A clause that sets a field and leaves no word unexplained is a change as well; one that only hopes, thinks
or reports what somebody else thinks is none, and is named on the card.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot.offline.tags import Sense, T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.changing import pieces_of
from copilot.offline.writing.changing.acts import Act
from copilot.offline.writing.changing.opinions import is_opinion
from copilot.offline.writing.changing.settings import Piece, Setting
from copilot.offline.writing.changing.steps import Stepper
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.parties import named, names_of, only_deal, open_deals
from copilot.offline.writing.making.scan import scan
from copilot.offline.writing.parts import said
from copilot.offline.writing.why import REASON, reasons_in
from copilot.offline.writing.words import small
from crm_core.changes.steps import Step

_DAYS = frozenset({"date", "close"})  # whose field the records would decide
_STAGE, _AMOUNT = "deal.stage", "deal.amount"
_KINDS = ("deal", "account", "contact")
_IDLE = (T.PRONOUN, T.MINE, T.FOLLOW, T.SMALLTALK, T.NEG)
_NOUNS = (T.RECORD, T.VALUE, T.ENTITY)


@dataclass(frozen=True)
class Clause:
    """Words that would set these fields, and are only logged."""

    words: str
    fields: tuple[str, ...]
    is_of_another: bool = False  # of a deal that is named, and is not the talk's


@dataclass
class Beside:
    """What was found: the changes, and the clauses that would set something and are only logged."""

    steps: list[Step] = field(default_factory=list)
    only_logged: list[Clause] = field(default_factory=list)


def told_beside(text: str, saying: Saying, talk: Step) -> Beside:
    """The changes that the story of one talk tells of what the talk is tied to, in order."""
    out, story = Beside(), _Story(saying, talk, text)
    prepared, tags = saying.cover(text)
    pieces = pieces_of(tags, saying)
    heard = {right for _, right in prepared.repairs if not right.isascii()}  # what sounds alike settles nothing
    for at, piece in enumerate(pieces):
        story.hear(piece)
        settings = story.settings(piece, is_won=_is_won(out.steps, saying))
        if not settings or any(word in said(piece.part.tags) for word in heard):
            continue
        opinion = is_opinion(pieces, at, saying)
        step = story.step(piece, settings) if piece.orders or not opinion else None
        if step is not None:
            out.steps.append(step)
        elif opinion or _is_told(piece):
            fields = tuple(s.field.split(".")[-1] for s in settings)
            out.only_logged.append(Clause(said(piece.part.tags), fields, is_of_another=story.names_a_deal))
    out.steps = _with_reason(_merged(out.steps), [tag for piece in pieces for tag in piece.part.tags], saying)
    return out


def _with_reason(steps: list[Step], tags: Sequence[Tag], saying: Saying) -> list[Step]:
    """The one loss with the one reason that the story tells."""
    lost = [k for k, s in enumerate(steps) if saying.vocabulary.stages.get(str(s.set.get("stage"))) == "lost"]
    why = reasons_in(tags)
    if len(lost) == 1 and len(why) == 1 and "lost_reason" not in steps[lost[0]].set:
        one = steps[lost[0]]
        steps[lost[0]] = one.model_copy(update={"set": {**one.set, "lost_reason": why[0]}})
    return steps


@dataclass
class _Story:
    saying: Saying
    talk: Step
    text: str
    described: list[Tag] = field(default_factory=list)  # the deal last spoken of in other words than its name

    @property
    def names_a_deal(self) -> bool:
        """Whether the deal last spoken of was named, or its product."""
        return any(tag.type is T.RECORD for tag in self.described)

    def hear(self, piece: Piece) -> None:
        """Which deal is spoken of from here on, where the words name another."""
        told = [tag for tag in piece.described if tag.type in _NOUNS and _is_of_deals(tag)]
        if any(tag.type in (T.RECORD, T.VALUE) for tag in told):
            self.described = told

    def settings(self, piece: Piece, *, is_won: bool = False) -> list[Setting]:
        """What the piece sets of deals, customers and people; a day alone is when something was.

        `is_won`: a deal was just said to be won; a bare sum is its price then.
        """
        own = [s for s in piece.settings if s.field not in _DAYS and s.field.split(".")[0] in _KINDS]
        own = [s for s in own if s.field != _AMOUNT or piece.sure or (is_won and not piece.content)]
        days = [s for s in piece.settings if s.field in _DAYS]
        return [*own, *days] if any(s.field == _STAGE for s in own) else own

    def step(self, piece: Piece, settings: Sequence[Setting]) -> Step | None:
        """The change, where every word of the piece is explained and one record is meant."""
        kinds = {s.field.split(".")[0] for s in settings if "." in s.field}
        strange = [tag for tag in _before_why(piece) if tag.type not in (*_NOUNS, *_IDLE, T.STATE)]
        if len(kinds) != 1 or strange or piece.is_condition:
            return None
        kind = kinds.pop()
        act = Act([], list(settings), text=said(piece.part.tags), sure=True)
        stepper = Stepper(self.saying, "zh" if scan(self.text, self.saying).is_chinese else "en")
        if kind == "deal" and self.described:
            act.described = [*self._party(), *self.described]
            found = stepper.step(act)
            if isinstance(found, Step):
                return found if len(found.records) == 1 and stepper.may_change(found) else None
            if self.names_a_deal:
                return None  # of another deal, and which one is not clear
        tied = self._tied(kind)
        names_other = any(tag.type is T.RECORD and not names_of(tag, "account", "contact") for tag in piece.content)
        if tied is None or (names_other and kind == "deal"):
            return None
        act.described = []
        found = stepper.step(act, ids=[tied], entity=kind)
        return found if isinstance(found, Step) and stepper.may_change(found) else None

    def _tied(self, kind: str) -> int | None:
        """The record of this kind that the talk is tied to; of its customer's deals the only open one."""
        tied = self.talk.set.get(kind)
        account = self._account() if tied is None and kind != "contact" else None
        if kind == "deal" and account is not None:
            one = only_deal(open_deals(self.saying, account), self.saying)
            return one.id if one is not None else None
        if kind == "account" and account is not None:
            return account.id
        return tied if isinstance(tied, int) else None

    def _account(self) -> Name | None:
        """The customer of the talk: named, or that of the person."""
        named_one = self._named("account")
        person = self._named("contact") if named_one is None else None
        found = self.saying.look_up(person, "account") if person is not None else None
        return named_one or (found if isinstance(found, Name) else None)

    def _named(self, kind: str) -> Name | None:
        told = named(scan(self.text, self.saying), kind)
        return next((name for _, names in told for name in names if name.id == self.talk.set.get(kind)), None)

    def _party(self) -> list[Tag]:
        """The customer of the talk, as a word of the description."""
        if any(names_of(tag, "account") for tag in self.described):
            return []
        one = self._named("account")
        return [_as_tag(one)] if one is not None else []


def _as_tag(name: Name) -> Tag:
    return Tag(0, 0, name.label, (Sense(T.RECORD, (name,)),), 0.0)


def _is_of_deals(tag: Tag) -> bool:
    """Whether it names a deal, its product, or a value that deals hold."""
    if tag.type is T.RECORD:
        return bool(names_of(tag, "deal", "product"))
    return any(str(s.value[0]).startswith("deal.") and s.value[0] != REASON for s in tag.all(T.VALUE))


def _is_told(piece: Piece) -> bool:
    """Whether it surely says something of a record's field, though not all of it could be read."""
    return piece.sure or any("." in s.field and s.field not in (_AMOUNT, _STAGE) for s in piece.settings)


def _before_why(piece: Piece) -> list[Tag]:
    """The content up to the words that say why: "the waiver comes off | since their insurance covers it"."""
    why = next((tag.start for tag in piece.part.tags if tag.text.lower() in small("why_word")), None)
    return [tag for tag in piece.content if why is None or tag.start < why]


def _is_won(steps: Sequence[Step], saying: Saying) -> bool:
    """Whether the last change is a deal that was won."""
    return bool(steps) and saying.vocabulary.stages.get(str(steps[-1].set.get("stage"))) == "won"


def _merged(steps: Sequence[Step]) -> list[Step]:
    """Changes of one record as one; of two values for a field the later."""
    out: list[Step] = []
    for step in steps:
        same = next((k for k, s in enumerate(out) if (s.entity, s.records) == (step.entity, step.records)), None)
        if same is None:
            out.append(step)
        else:
            quote = "\n".join(q for q in dict.fromkeys((out[same].quote, step.quote)) if q)
            out[same] = out[same].model_copy(update={"set": {**out[same].set, **step.set}, "quote": quote})
    return out
