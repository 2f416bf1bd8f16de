"""The content words of a request in order, with what stands between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.offline.tags import SILENT, Sense, T, Tag

_OF = "的"
_REQUEST = Sense(T.ASK, "request")  # "tell me", 帮我: asks for nothing of its own
_WEAK = SILENT | {T.MINE, T.OWNS, T.ASK}  # beside a harmless reading these say nothing ("show me", "came from")


@dataclass
class Item:
    """A content tag; `preps` and `breaks` are what stood silently before it."""

    tag: Tag
    preps: frozenset[str]
    after_break: bool
    before: frozenset[str] = frozenset()  # every silent word before it
    owned: bool = False

    @property
    def is_soft(self) -> bool:
        """Whether the words also mean nothing, so that nobody needs to own them."""
        return self.tag.get(T.FILLER, T.PREP) is not None

    def get(self, *types: T) -> Sense | None:
        """Its first reading of one of these types, unless a node owns it already."""
        return None if self.owned else self.tag.get(*types)

    def all(self, kind: T) -> tuple[Sense, ...]:
        """All its readings of a type, unless owned."""
        return () if self.owned else self.tag.all(kind)

    @property
    def is_plural(self) -> bool:
        """Whether the noun is typed in the plural (English)."""
        text = self.tag.text.lower()
        return text.endswith("s") and not text.endswith("ss")


def content_items(tags: Sequence[Tag]) -> list[Item]:
    """The items of a cover; silent words are kept as their neighbours' context."""
    items: list[Item] = []
    preps: set[str] = set()
    silent: set[str] = set()
    broke = False
    for tag in tags:
        if tag.type is T.PREP:
            preps.add(tag.text.lower())
        elif tag.type is T.PUNCT:
            broke = broke or tag.text in {
                ",",
                ";",
                ":",
                ".",
                "?",
                "!",
                "—",
                "-",
                "(",
                ")",
                "，",
                "。",
                "、",
                "？",
            }
        if (
            tag.type in SILENT
            or tag.senses[0] == _REQUEST
            or (tag.get(T.FILLER) and all(s.type in _WEAK for s in tag.senses))
        ):
            silent.add(tag.text.lower())
            continue
        items.append(Item(tag, frozenset(preps), broke, frozenset(silent)))
        preps, silent, broke = set(), set(), False
        if tag.text.endswith(_OF) and tag.text != _OF:
            silent.add(_OF)  # 成交的|客户: the word between belongs to both
    return items
