"""Records that exist: what is to change about which of them."""

from collections.abc import Sequence

from copilot.offline.plan import Cannot, Clarify, Plan
from copilot.offline.tags import T, Tag
from copilot.offline.writing.changing.acts import Act, Spoken
from copilot.offline.writing.changing.fields import bare_dates, fields, renames
from copilot.offline.writing.changing.flags import flags, needs
from copilot.offline.writing.changing.fold import Fold
from copilot.offline.writing.changing.glue import asked_for, glue, quantities, remarks
from copilot.offline.writing.changing.goods import goods, half_named
from copilot.offline.writing.changing.numbers import amounts, counts, folded, replaced
from copilot.offline.writing.changing.opinions import opinion_in
from copilot.offline.writing.changing.owners import owners, parents, verbs, wanted
from copilot.offline.writing.changing.settings import Piece, read_piece
from copilot.offline.writing.changing.stages import stages
from copilot.offline.writing.changing.steps import Stepper
from copilot.offline.writing.changing.times import days, shifts, that_day
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.parts import Part, measures, names_of, said, split, wishes
from copilot.offline.writing.telling import tell
from crm_core.changes.steps import Step

RULES = (
    replaced, remarks, renames, verbs, folded, goods, half_named, counts, parents, wanted, owners, flags, needs,
    stages, shifts, fields, that_day, days, amounts, bare_dates, asked_for, quantities, glue,
)  # fmt: skip


def pieces_of(tags: Sequence[Tag], saying: Saying) -> list[Piece]:
    """What each part of a message says."""
    return [read_piece(part, saying.vocabulary, RULES) for part in split(tags)]


def fold(pieces: Sequence[Piece], spoken: Spoken | None = None) -> Fold:
    """The acts of a message."""
    folded = Fold(spoken or Spoken())
    for piece in pieces:
        folded.add(piece)
    folded.end()
    return folded


def orders(tags: Sequence[Tag], saying: Saying) -> bool:
    """Whether any part begins with a verb that orders, or sets something by other words than a state."""
    pieces = pieces_of(tags, saying)
    return any(
        (piece.orders or piece.sure) and piece.is_setting and not (_is_state(piece) and measures(piece.part.tags))
        for piece in pieces
    )


def orders_only(tags: Sequence[Tag], saying: Saying) -> bool:
    """Whether it orders something of records that it does not name: "give it to Corliss"."""
    return any(piece.orders and piece.settings for piece in pieces_of(tags, saying))


_OF_VALUES = ("set", "raise", "lower", "clear", "later", "earlier", "reopen", "rename")


def orders_a_value(tags: Sequence[Tag], saying: Saying) -> bool:
    """Whether a verb of change has a field or a value for its object: no question does."""
    return any(
        piece.orders and bool(piece.settings or piece.mentioned) and _changes(piece)
        for piece in pieces_of(tags, saying)
    )


def _changes(piece: Piece) -> bool:
    """Whether its verb changes what is there; "add up the amounts" asks."""
    verb = next((tag for tag in piece.part.tags if wishes(tag, *_OF_VALUES)), None)
    return verb is not None and not wishes(verb, "new")


def unsaid_value(text: str, saying: Saying) -> str | None:
    """The field of deals that a text, whatever else it tells, orders changed and not to what: 帮我把金额改低一些."""
    for piece in pieces_of(saying.cover(text)[1], saying):
        ordered = (piece.orders or piece.sure) and any(tag.text in ("把", "将") for tag in piece.part.tags)
        field = next((saying.vocabulary.field(d) for d in piece.mentioned if d.startswith("deal.")), None)
        if ordered and not piece.is_setting and field is not None:
            return field.label
    return None


def corrects(tags: Sequence[Tag], saying: Saying) -> bool:
    """Whether it begins as a correction does, or sets something: after a proposal it is about that."""
    marked = any(wishes(tag, "correction", "old", "set") or tag.type is T.NEG for tag in list(tags)[:2])
    return marked or any(piece.is_setting or piece.orders for piece in pieces_of(tags, saying))


def deletes_nothing_named(tags: Sequence[Tag], saying: Saying) -> bool:
    """Whether it deletes, and names no kind of record and none by its id."""
    deleting = [piece for piece in pieces_of(tags, saying) if piece.op == "delete"]
    named = any(tag.type is T.ENTITY or names_of(tag, "deal") for piece in deleting for tag in piece.content)
    pointed = any(tag.type is T.PRONOUN for piece in deleting for tag in piece.content)
    return bool(deleting) and not named and not pointed


def _is_state(piece: Piece) -> bool:
    """Whether it only says "won" or "lost", and when."""
    fields = {s.field for s in piece.settings}
    return not piece.orders and "deal.stage" in fields <= {"deal.stage", "date", "close"}


def read_all(text: str, saying: Saying) -> Found:
    """A text of which every word belongs to a change; None where anything else is told or made in it."""
    tags = saying.cover(text)[1]
    made = any(wishes(tag, "new", "talk") or (tag.type is T.ENTITY and _is_made(tag)) for tag in tags)
    if made or fold(pieces_of(tags, saying)).asides:
        return None
    found = read(text, saying)
    return found if isinstance(found, tuple) or (isinstance(found, Clarify) and found.options) else None


def _is_made(tag: Tag) -> bool:
    return any(s.type is T.ENTITY and s.value in ("task", "interaction", "contact", "lead") for s in tag.senses)


def read(text: str, saying: Saying) -> Found:
    """The steps of a text that changes records; None where it is no wish to change any."""
    prepared, tags = saying.cover(text)
    lang = "zh" if any(token.script == "cjk" for token in prepared.tokens) else "en"
    folded = fold(pieces_of(tags, saying))
    if folded.is_conditional and folded.acts:
        return Clarify(tell("conditional", lang))
    if not any(_is_wish(act) for act in folded.acts):
        return None
    if folded.lost:
        return Clarify(tell("unplaced", lang, word=said(folded.lost)))
    return steps_of(folded.acts, saying, lang)


def _is_wish(act: Act) -> bool:
    """Whether it surely wishes for something of records that it names or points at."""
    corrects = bool(act.old) and bool(act.settings) and _names(act.content) and not act.every
    sure = act.sure or corrects
    return sure and (act.is_whole or _names(act.content)) and _points(act)


def _names(content: Sequence[Tag]) -> bool:
    """Whether a record is named."""
    return any(tag.type is T.RECORD for tag in content)


def _points(act: Act) -> bool:
    """Whether an act says which records it means, or points at some: "delete everything" does not."""
    kinds = (T.RECORD, T.ENTITY, T.MINE, T.VALUE, T.THING, T.PRONOUN, T.STATE, T.MEANING)
    return act.pointer is not None or any(tag.type in kinds for tag in act.content)


def steps_of(acts: Sequence[Act], saying: Saying, lang: str) -> tuple[Step, ...] | Plan:
    """The steps of acts, or what to ask."""
    stepper = Stepper(saying, lang)
    steps: list[Step] = []
    for act in acts:
        found = stepper.swapped(act) if act.op == "swap" else stepper.step(act)
        if not isinstance(found, Step | tuple):
            return found
        steps += found if isinstance(found, tuple) else (found,)
    return _apart(steps, lang)


def _apart(steps: list[Step], lang: str) -> tuple[Step, ...] | Plan:
    """The steps, unless two of them want different things of one record; such as agree are one."""
    out: list[Step] = []
    for step in steps:
        for other in out:
            shared = set(step.records) & set(other.records) or (step.where is not None and step.where == other.where)
            clash = [k for k in step.set if k in other.set and step.set[k] != other.set[k]]
            if shared and (clash or "delete" in (step.op, other.op)) and step.entity == other.entity:
                return Clarify(
                    tell("two_values", lang), tuple(str(s.set.get(k, s.op)) for k in clash for s in (other, step))
                )
        twin = next((k for k, o in enumerate(out) if _is_twin(o, step)), None)
        same = next((k for k, o in enumerate(out) if _is_same(o, step)), None)
        if same is not None:
            out[same] = out[same].model_copy(update={"set": {**out[same].set, **step.set}})
        elif twin is not None:
            merged = list(dict.fromkeys([*out[twin].records, *step.records]))
            out[twin] = out[twin].model_copy(update={"records": merged})
        else:
            out.append(step)
    return tuple(out)


def _is_same(one: Step, other: Step) -> bool:
    """Whether both change the same records."""
    left = (one.op, one.entity, one.where, sorted(map(str, one.records)))
    return left == (other.op, other.entity, other.where, sorted(map(str, other.records))) and one.op == "update"


def _is_twin(one: Step, other: Step) -> bool:
    same = (one.op, one.entity, one.set) == (other.op, other.entity, other.set)
    return same and one.where is None and other.where is None


__all__ = ["Cannot", "Part", "fold", "opinion_in", "pieces_of", "read", "steps_of"]
