"""Words that say how many are meant, or that only hold the others together."""

from copilot.offline.tags import T
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.parts import names_of
from copilot.offline.writing.words import VERBS, small


def remarks(desk: Desk) -> None:
    """What is said to be wrong, left alone, or a rule for all."""
    piece = desk.piece
    first = next((k for k in range(len(desk.tags)) if not desk.says(k, "polite")), 0)
    piece.is_condition = desk.says(first, "conditional") and not desk.says(first + 1, "new_article", "any")
    for at in range(len(desk.tags)):
        if desk.wish(at, "aside"):
            piece.is_aside = True
        elif desk.wish(at, "talk"):
            piece.is_told = True
            desk.take(at)
        elif desk.wish(at, "start") and desk.says(at + 1, "begun_talking"):
            desk.take(at, at + 1)
        elif desk.wish(at, "wrong"):
            piece.complains = True
            desk.take(at)
        elif desk.wish(at, "swap") and not desk.has_content(range(len(desk.tags))):
            piece.is_aside = True
        elif desk.wish(at, "because") and desk.before(at) is None:
            _reason(desk, at)
        elif desk.wish(at, "rule"):
            piece.is_rule = True
            desk.take(at)


def _reason(desk: Desk, at: int) -> None:
    """Why: "because they chose a competitor"."""
    desk.piece.is_reason = True
    desk.take(*range(at, len(desk.tags)))


def asked_for(desk: Desk) -> None:
    """A change of a field that is named, and no value of it is: "need the amount changed on …", …的金额改一下."""
    named = desk.piece.mentioned or _editable(desk)
    if desk.piece.is_setting or not named:
        return
    needs = {*desk.text(0).split(), desk.text(1)} & small("needing")
    done = next((k for k in range(len(desk.tags)) if needs and desk.text(k).split()[0] in small("done_to")), None)
    last = max((k for k in range(len(desk.tags)) if desk.has_content([k]) or desk.wish(k)), default=None)
    ends = last if desk.wish(last, "set") and not desk.text(last).isascii() else None
    if done is not None or ends is not None or desk.verb is not None:
        desk.piece.orders = desk.piece.sure = True
        desk.piece.mentioned = named
        bare = [k for k in range(len(desk.tags)) if named[0] in desk.fields_at(k) and _is_bare(desk, k)]
        desk.take(done, ends, *bare)


def _is_bare(desk: Desk, at: int) -> bool:
    """Whether the field there is only named; "with revenue | over 5m" tells which are meant."""
    after = desk.after(at)
    return after is None or desk.tags[after].type not in (T.OP, T.NUMBER, T.DATE, T.VALUE)


def _editable(desk: Desk) -> list[str]:
    """The first field that is named and that people may set."""
    found = (dotted for k in range(len(desk.tags)) if desk.free[k] for dotted in desk.fields_at(k))
    return [dotted for dotted in found if desk.vocabulary.field(dotted).edit][:1]


def quantities(desk: Desk) -> None:
    """All, both, every, whatever; nouns in the plural."""
    for at, tag in enumerate(desk.tags):
        if not desk.free[at]:
            continue
        if desk.wish(at, "all") or (desk.says(at, "some") and desk.says(at - 1, "before_some")):
            desk.piece.every = True
            if desk.says(at, "both") and not _joins(desk, at):
                desk.piece.count = desk.piece.count or 2
            if tag.get(T.THING) is None or not desk.says(at, "everything"):
                desk.take(at)
        elif _is_plural(desk, at) and _is_one_of(desk, at):
            desk.piece.count = 1
        elif _is_plural(desk, at):
            desk.piece.every = True

    deals = [set(names_of(tag, "deal")) for tag in desk.tags if tag.type is T.RECORD and names_of(tag, "deal")]
    if len(deals) > 1 and not set.intersection(*deals):
        desk.piece.every = True


def _is_one_of(desk: Desk, at: int) -> bool:
    """As in "one of the deals is dead": which one is asked then."""
    return any(desk.says(k, "one") and desk.text(k + 1).split(" ")[0] == "of" for k in range(at))


def _joins(desk: Desk, at: int) -> bool:
    """As in "both the Plus Pro and the MG Special": of two things that are named."""
    return any(tag.type is T.AND for tag in desk.tags[at:])


def _is_plural(desk: Desk, at: int) -> bool:
    tag = desk.tags[at]
    word = tag.text.lower()
    if not word.isascii():
        return False
    if word in small("mass_noun"):
        return True
    noun = tag.type in (T.ENTITY, T.THING) and word.endswith("s") and not word.endswith("ss")
    names = names_of(tag, "product")
    return noun or bool(names and word.endswith("s") and not names[0].label.lower().endswith("s"))


def glue(desk: Desk) -> None:
    """Verbs whose object is read, "too", "please", and pointers without a verb of their own."""
    piece = desk.piece
    said = piece.is_setting or piece.orders or bool(piece.mentioned)
    for at, tag in enumerate(desk.tags):
        if not desk.free[at]:
            continue
        if desk.wish(at, "also"):
            piece.also = True
            desk.take(at)
        elif desk.wish(at, "close") and tag.type in (T.WISH, T.STATE):
            if piece.is_setting or piece.orders or desk.has_content(range(at)):
                piece.closes = piece.closes or not any(s.field == "deal.stage" for s in piece.settings)
                desk.take(at)
        elif (
            desk.wish(at, "noise")
            or (tag.type is T.FOLLOW and piece.is_setting and tag.senses[0].value == "instead")
            or (tag.type is T.FOLLOW and tag.senses[0].value == "correct")
            or (said and at == desk.verb)
            or (said and desk.wish(at, *VERBS, "evenly", "discount", "start", "old") and not _is_content(desk, at))
            or (tag.type is T.WISH and desk.wish(at, "correction"))
        ):
            desk.take(at)
    if desk.tags[0].type is T.MINE and desk.says(1, "wanting"):
        desk.take(0)  # "I want …"
    verb = desk.verb
    desk.take(*[k for k in range(verb or 0) if desk.tags[k].type is T.NEG and desk.says(k, "polite")])  # "just push"
    _prepositions(desk)


def _is_content(desk: Desk, at: int) -> bool:
    return desk.tags[at].type in (T.RECORD, T.VALUE, T.STATE, T.ENTITY, T.FIELD, T.NEG, T.DATE, T.OP, T.SUP)


def _prepositions(desk: Desk) -> None:
    """A preposition or article whose noun is taken has nothing to say."""
    for at in range(len(desk.tags) - 1, -1, -1):
        tag = desk.tags[at]
        nxt = next((k for k in range(at + 1, len(desk.tags)) if desk.free[k]), None)
        if (
            desk.free[at]
            and tag.type in (T.PREP, T.FOLLOW, T.BY)
            and desk.says(at, "loose")
            and (nxt is None or nxt > at + 1)
        ):
            desk.take(at)
