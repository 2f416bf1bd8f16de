"""Chinese names as people cut them short in a wish: 恒筑 of 江苏恒筑建设, 木渎体育馆 of a deal there."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from copilot.offline.names import NameFinder
from copilot.offline.short_names import LONGEST_SHORT
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Name, Vocabulary

_FEWEST_OF_DEAL = 4  # characters: fewer are hardly a deal's name
_MOST_NAMES = 5000  # of a store; above it only what other readers find
_SEVERAL = 4  # customers; what more share says nothing
_WEIGHT = 1.6  # of a character


class ShortNames:
    """Finds the names that questions find, and parts of Chinese ones from anywhere in them."""

    def __init__(self, vocabulary: Vocabulary, of_questions: NameFinder) -> None:
        self._words = vocabulary
        self._of_questions = of_questions

    def find(self, tokens: Sequence[Token]) -> Iterator[Tag]:
        """Tags of type RECORD, as `NameFinder.find` gives them and more."""
        yield from self._of_questions.find(tokens)
        for start, token in enumerate(tokens):
            if token.script == "cjk":
                yield from self._parts_from(tokens, start)

    def _parts_from(self, tokens: Sequence[Token], start: int) -> Iterator[Tag]:
        text = ""
        for end in range(start, min(start + self._longest, len(tokens))):
            if tokens[end].script != "cjk" and not text:
                return
            text += tokens[end].text
            names = self._forms.get(text)
            if names and tuple(t.text for t in tokens[start : end + 1]) not in self._words.phrases:
                size = end + 1 - start
                sense = Sense(T.RECORD, names, "partial")
                yield Tag(start, end + 1, text, (sense,), _WEIGHT * size)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._forms), default=0)

    @cached_property
    def _forms(self) -> dict[str, tuple[Name, ...]]:
        """Part of a name → whom it may mean."""
        found: dict[str, dict[tuple[str, int], Name]] = {}
        records = (s for _, senses in self._words.phrases.of(T.RECORD) for s in senses if s.type is T.RECORD)
        named = {(n.entity, n.id): n for sense in records for n in sense.value
                 if n.entity in ("account", "deal") and _is_chinese(n.label)}  # fmt: skip
        for at, name in named.items() if len(named) <= _MOST_NAMES else ():
            for form in _forms_of(name):
                found.setdefault(form, {})[at] = name
        kept = {form: tuple(names.values()) for form, names in found.items()}
        return {form: names for form, names in kept.items() if _tells(names)}


def _tells(names: Sequence[Name]) -> bool:
    """Whether a part tells deals, however many share it, or few customers."""
    return all(name.entity == "deal" for name in names) or (
        len(names) <= _SEVERAL and all(name.entity == "account" for name in names)
    )


def _forms_of(name: Name) -> Iterator[str]:
    label = name.label
    if name.entity == "deal":  # 木渎体育馆|发电机租赁
        yield from (label[:end] for end in range(_FEWEST_OF_DEAL, len(label)))
        return
    for start in range(1, len(label) - 1):  # 江苏|恒筑|建设; its last two characters alone say what sort of company
        for end in range(start + 2, min(len(label), start + LONGEST_SHORT) + 1):
            if end < len(label) or end - start > 2:
                yield label[start:end]


def _is_chinese(label: str) -> bool:
    return bool(label) and all("\u4e00" <= char <= "\u9fff" for char in label)
