"""What is said around a wish: remarks, and the records that they name."""

from collections.abc import Sequence

from copilot.offline.tags import T, Tag
from copilot.offline.writing.changing.settings import Piece
from copilot.offline.writing.parts import names_of, wishes
from copilot.offline.writing.words import small

_LEAST = 100  # of a number that may be a sum
_NOUNS = (T.RECORD, T.VALUE, T.STATE, T.ENTITY, T.MINE)


def is_record(content: Sequence[Tag]) -> bool:
    """Whether the words name one kind of thing at one party: a product at an account, a deal by its id."""
    kinds = {kind for tag in content for kind in ("product", "account", "deal", "user") if names_of(tag, kind)}
    return "deal" in kinds or {"product", "account"} <= kinds


def excludes(piece: Piece) -> bool:
    first = piece.content[0]
    return first.type is T.NEG and first.senses[0].value in ("exclude", "not")


def is_remark(piece: Piece) -> bool:
    """A remark around the wish: it holds words that nobody knows, or a person or company "is" something."""
    if piece.unread and (piece.orders or (piece.every and piece.part.ends in (":", "："))):
        return False
    if piece.complains or piece.is_told:
        return True
    if piece.unread:
        return not (_is_names(piece) or _sets(piece))
    if any(tag.type in (T.CHANGE, T.GAP, T.SMALLTALK) and not wishes(tag) for tag in piece.content):
        return True
    first = piece.content[0]
    if not (names_of(first, "user") or names_of(first, "account") or first.type in (T.MINE, T.PRONOUN)):
        return False
    tags = piece.part.tags
    at = next((k for k, tag in enumerate(tags) if tag.text == first.text), 0)
    after = tags[at + 1].text.lower() if at + 1 < len(tags) else ""
    follows = tags[at + 2] if at + 2 < len(tags) else None
    if after in small("interest") and not piece.every and not piece.orders:
        return True  # "Doncon wants to talk about the MG Special"
    is_verb = after in small("statement_verb") or (after == "'s" and follows is not None and wishes(follows, "noise"))
    nouns = any(tag.type in (T.ENTITY, T.THING) or names_of(tag, "product") for tag in piece.content)
    return is_verb and not nouns and not piece.every


def tells_a_value(piece: Piece) -> bool:
    """Whether a remark holds what may be a value to set: a sum, a stage, a verb of setting before an unknown word."""
    for tag in piece.content:
        number = tag.senses[0].value if tag.type is T.NUMBER else None
        small_one = number is not None and number.value < _LEAST and not number.is_percent
        if number is not None and not (number.unit or number.is_ordinal or small_one):
            return True
    changes = any(tag.type is T.CHANGE for tag in piece.content)  # "and the end slips with it"
    return changes and piece.part.begins in ("and", ",", "，") and any(tag.type is T.PRONOUN for tag in piece.part.tags)


def _sets(piece: Piece) -> bool:
    """Whether a verb of setting has a value that nobody knows: "moved to Portland"."""
    past = small("past_move")
    return any(wishes(tag, "set") and (tag.type is T.WISH or tag.text.lower() in past) for tag in piece.part.tags)


def _is_names(piece: Piece) -> bool:
    """As in "…: Anke Peeters, Joris Maes": strangers, and no remark."""
    inside = piece.part.begins in (":", "：", ",", "，", "and")
    return inside and all(tag.text[:1].isupper() for tag in piece.content)


def owners_in(described: Sequence[Tag], *, unless: Sequence[Tag]) -> list[Tag]:
    """Whose the records are, which the next ones share: "his Acme deals go to Anna and | the Konex one to Boris"."""
    own = [tag for tag in described if tag.type is T.MINE or (tag.type is T.RECORD and names_of(tag, "user"))]
    told = any(tag.type in (T.MINE, T.PRONOUN) or names_of(tag, "user") or names_of(tag, "deal") for tag in unless)
    return [] if told else own


def points_at_place(piece: Piece) -> bool:
    """As in "my one there": of the product just spoken of, at the customer just spoken of."""
    named = any(names_of(tag, "product") or names_of(tag, "deal") for tag in piece.content)
    return not named and any(tag.type is T.PRONOUN and tag.text.lower() in small("place") for tag in piece.part.tags)


def subject_of(described: Sequence[Tag]) -> list[Tag]:
    """The records that a remark names: the words up to the first one that nobody knows."""
    out: list[Tag] = []
    for tag in described:
        if tag.type in (T.UNKNOWN, T.NOT_HELD) and any(t.type is T.RECORD for t in out):
            if any(names_of(t, "product") or names_of(t, "deal") or t.type is T.ENTITY for t in out):
                break
            continue
        dated = tag.type is T.DATE and bool(out) and out[-1].type is T.STATE  # "won | in December"
        if tag.type in _NOUNS or dated or tag.text in small("possessive") or tag.type in (T.PREP, T.AND):
            out.append(tag)
    return out if any(tag.type is T.RECORD for tag in out) else []
