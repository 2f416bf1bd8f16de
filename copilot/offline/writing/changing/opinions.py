"""What somebody only thinks, hopes or would like: "Anna thinks their limit is 50k", "they would like 10 % off"."""

from collections.abc import Sequence

from copilot.offline.tags import T, Tag
from copilot.offline.writing.changing.numbers import AMOUNT
from copilot.offline.writing.changing.settings import Piece, Setting
from copilot.offline.writing.context import Saying
from copilot.offline.writing.parts import SENTENCE_ENDS, wishes
from copilot.offline.writing.words import small
from crm_core.changes.steps import Computed
from crm_core.models import Kind

_SELF = frozenset({"i", "we", "i'd", "'d", "i'm", "我", "我们"})
_SHORT = 4  # words of "their buyer says"


def is_opinion(pieces: Sequence[Piece], at: int, saying: Saying) -> bool:
    """Whether somebody else only thinks, hopes, asks or says so what this piece of a story sets.

    What a customer needs, the customer does know; what the speaker believes counts as said.
    """
    piece = pieces[at]
    tags = _telling(piece)
    if any(wishes(tag, "guess") for tag in tags) or _says(tags, "conditional") or _others_think(tags):
        return True
    if _is_led(pieces[:at]) or _is_led(pieces[at + 1 :], behind=True):
        return True
    if not _says(tags, "reporting"):
        return False
    decided = not _says(tags, "would_like") and all(s.value in ("won", "lost") for s in piece.settings[:1])
    return not decided and not all(_is_need(setting, saying) for setting in piece.settings)


def opinion_in(pieces: Sequence[Piece], saying: Saying) -> Piece | None:
    """The first piece of a wish that rests on what others think, or on a price that they would like."""
    for piece in pieces:
        tags = _telling(piece)
        if not piece.settings or piece.orders:
            continue
        if _others_think(tags) or (_says(tags, "would_like") and any(_is_price(s, saying) for s in piece.settings)):
            return piece
    return None


def _telling(piece: Piece) -> list[Tag]:
    """Its words without names, and without those that say that a deal was won or lost ("said yes")."""
    return [tag for tag in piece.part.tags if tag.type is not T.RECORD and not wishes(tag, "won", "lost")]


def _says(tags: Sequence[Tag], *lists: str) -> bool:
    words = {word for tag in tags for word in (tag.text.lower(), *tag.text.lower().split())}
    text = "".join(tag.text for tag in tags)
    return any(words & small(kind) or _in_chinese(text, kind) for kind in lists)


def _in_chinese(text: str, kind: str) -> bool:
    """Whether a phrase of several characters stands in a text, whatever its characters were read as."""
    return any(len(word) > 1 and not word.isascii() and word in text for word in small(kind))


def _others_think(tags: Sequence[Tag]) -> bool:
    """Whether somebody who is not the speaker has the opinion."""
    for at, tag in enumerate(tags):
        if _says([tag], "opinion") or (not tag.text.isascii() and _in_chinese(_chinese(tags, at), "opinion")):
            before = tags[at - 1] if at else None
            own = tag.text.lower().split()[0] in _SELF or tag.text.startswith("我")
            own |= before is not None and (before.type is T.MINE or before.text.lower().split()[-1] in _SELF)
            return not own and not wishes(tag, "guess")
    return False


def _chinese(tags: Sequence[Tag], at: int) -> str:
    """Two tags as one word: 觉 | 得."""
    return tags[at].text + (tags[at + 1].text if at + 1 < len(tags) else "")


def _is_led(pieces: Sequence[Piece], *, behind: bool = False) -> bool:
    """Whether the clause right before ("he thinks, …") or behind ("…, they said") says that somebody says so."""
    part = pieces[0 if behind else -1].part if pieces else None
    if part is None or (part.begins if behind else part.ends) in SENTENCE_ENDS or len(part.tags) > _SHORT:
        return False
    return part.tags[-1].text.lower() in small("opinion") | small("reporting")


def _is_need(setting: Setting, saying: Saying) -> bool:
    """Whether it is of yes and no, or how many."""
    field = saying.vocabulary.field(setting.field) if "." in setting.field else None
    counted = (
        field is not None and field.kind is Kind.INTEGER and {w.lower() for w in field.words} & small("units_label")
    )
    return isinstance(setting.value, bool) or bool(counted)


def _is_price(setting: Setting, saying: Saying) -> bool:
    """Whether it is money, or a share of it."""
    if setting.field == AMOUNT:
        return isinstance(setting.value, Computed)
    return "." in setting.field and saying.vocabulary.field(setting.field).kind is Kind.MONEY
