"""Phrases and their readings in two layers: a language's, made once a process and shared, and a store's own over it.

Nearly every phrase that a store knows is one of the language. Those never change; what the store adds, and what it
reads in another way, is its own. Knows no store.
"""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property
from typing import TypeAlias, TypeVar, overload

from copilot.offline.lexicon import Words
from copilot.offline.tags import Sense, T

Readings: TypeAlias = Sequence[Sense]  # set anew, never changed in place
_Other = TypeVar("_Other")


class SharedPhrases:
    """The phrases of a language, for all stores of a process.

    Attributes:
        readings: token tuple → readings; not to be changed.
    """

    def __init__(self, readings: Mapping[Words, Readings]) -> None:
        self.readings: dict[Words, Readings] = {words: tuple(senses) for words, senses in readings.items()}

    @cached_property
    def by_type(self) -> Mapping[T, Sequence[Words]]:
        """The phrases that have a reading of a type."""
        found: dict[T, list[Words]] = {kind: [] for kind in T}
        for words, senses in self.readings.items():
            for kind in {sense.type for sense in senses}:
                found[kind].append(words)
        return found

    @cached_property
    def place(self) -> Mapping[Words, int]:
        """The order of the phrases."""
        return {words: at for at, words in enumerate(self.readings)}


class Phrases(MutableMapping[Words, Readings]):
    """What the phrases of one store stand for; those of the language come first, in their order.

    Attributes:
        shared: the language's.
        own: the store's; None for a phrase of the language that it does not know.
    """

    def __init__(self, shared: SharedPhrases, own: Mapping[Words, Readings | None] | None = None) -> None:
        self.shared = shared
        self.own: dict[Words, Readings | None] = dict(own or {})

    def __getitem__(self, words: Words) -> Readings:
        found = self.get(words)
        if found is None:
            raise KeyError(words)
        return found

    @overload
    def get(self, key: Words, /) -> Readings | None: ...
    @overload
    def get(self, key: Words, /, default: Readings) -> Readings: ...
    @overload
    def get(self, key: Words, /, default: _Other) -> Readings | _Other: ...
    def get(self, key: Words, /, default: Readings | _Other | None = None) -> Readings | _Other | None:
        """Its readings; `default` if it is not known."""
        found = self.own[key] if key in self.own else self.shared.readings.get(key)
        return default if found is None else found

    def __contains__(self, words: object) -> bool:
        return self.get(words) is not None  # type: ignore[call-overload]  # whatever it is, it is no key

    def __setitem__(self, words: Words, senses: Readings) -> None:
        self.own[words] = senses

    def __delitem__(self, words: Words) -> None:
        if words not in self:
            raise KeyError(words)
        self.own[words] = None

    def __iter__(self) -> Iterator[Words]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def items(self) -> ItemsView[Words, Readings]:
        """All phrases with their readings, as they are now."""
        return self._all().items()

    def _all(self) -> dict[Words, Readings]:
        told = {words: senses for words, senses in self.own.items() if senses is not None}
        merged = {**self.shared.readings, **told}
        for words in self.own.keys() - told.keys():
            merged.pop(words, None)
        return merged

    def add(self, entries: Iterable[tuple[Words, Iterable[Sense]]]) -> None:
        """Give phrases further readings, after those that they have."""
        for words, senses in entries:
            known = self.get(words)
            held = list(known or ())
            for sense in senses:
                if sense not in held:
                    held.append(sense)
            if known is None or len(held) > len(known):
                self.own[words] = held

    def of(self, *types: T) -> list[tuple[Words, Readings]]:
        """The phrases that have a reading of one of these types, in their order."""
        readings, own = self.shared.readings, self.own
        found = {words: readings[words] for kind in types for words in self.shared.by_type[kind] if words not in own}
        told = {words: senses for words, senses in own.items() if senses and any(s.type in types for s in senses)}
        place, last = self.shared.place, len(readings)
        return sorted([*found.items(), *told.items()], key=lambda entry: place.get(entry[0], last))

    def copy(self) -> "Phrases":
        """The same phrases, to be changed on their own."""
        return Phrases(self.shared, self.own)
