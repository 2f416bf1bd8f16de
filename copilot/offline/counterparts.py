"""Which words of one language say a text of the other, word for word, by a dictionary.

Either side may be the question: English words for a Chinese string, Chinese characters for an English one. A word of
the dictionary says an English word where one of its glosses holds that word alone, or all words of the gloss stand
there. Knows no store.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import prompts
from copilot.offline.dictionary import LONGEST, Dictionary, small_words, stem
from copilot.offline.lexicon import Words
from copilot.offline.own_chinese import is_chinese
from copilot.offline.tags import T
from copilot.offline.tokens import Token

_REACH = 8  # tokens on either side of an unknown one
_FIRST_MEANINGS = 8  # of a single character: the later ones are rarely meant
_GAP = 1  # token between unknown ones that belong together
_STRANGE = frozenset({T.UNKNOWN, T.NOT_HELD})
_SOFT = _STRANGE | {
    T.FIELD, T.VALUE, T.RECORD, T.ENTITY, T.FILLER, T.PREP, T.ASK, T.WRITE, T.LINK, T.UNIT, T.THING, T.NUMBER, T.METRIC,
    T.VERB_METRIC, T.TREE,
}  # fmt: skip
_HARD = frozenset({T.DATE, T.NEG, T.OP, T.PUNCT})  # also where it is a single character
_FIRM = 1 << 500  # in a mask: some word of it is longer than a character, or means one thing alone
_OF = "的"

Edges: TypeAlias = Mapping[int, Sequence[tuple[int, int]]]  # start → (end, the English words that it says, as a mask)
_Loss: TypeAlias = tuple[int, int]  # characters passed over, words that say little


@dataclass(frozen=True, slots=True)
class Fit:
    """A stretch of a question, as token numbers [start, end), for a string of the company.

    Attributes:
        words: the string as tokens.
        said: how many of the unknown tokens it says.
        passed: how many words or characters of the string have no counterpart; 0: all of it is said.
        generic: how many that say little ("type", 类) have none.
    """

    words: Words
    start: int
    end: int
    said: int
    passed: int
    generic: int


@dataclass(frozen=True)
class Stretches:
    """The words of a question.

    Attributes:
        texts: of the tokens.
        strange: which of them nothing explains.
        soft: which may be read anew beside one of those.
    """

    texts: Sequence[str]
    strange: Sequence[bool]
    soft: Sequence[bool]

    @classmethod
    def of(cls, tokens: Sequence[Token], read_as: Sequence[tuple[T, int]]) -> "Stretches":
        """With the type and the length of the tag that each token was read as.

        A single character between unknown ones may be a part of any word: the 签, "signed", of 标签.
        """
        lone = [token.script == "cjk" and size == 1 for token, (_, size) in zip(tokens, read_as, strict=True)]
        soft = [kind in _SOFT or (one and kind not in _HARD) for one, (kind, _) in zip(lone, read_as, strict=True)]
        return cls([token.text for token in tokens], [kind in _STRANGE for kind, _ in read_as], soft)

    @property
    def is_one_stretch(self) -> bool:
        """Whether all that nothing explains stands together."""
        places = [at for at, odd in enumerate(self.strange) if odd]
        gaps = (range(a + 1, b) for a, b in pairwise(places))
        return all(len(gap) <= _GAP or all(self.texts[at] in small_words() for at in gap) for gap in gaps)

    def goes_on(self, start: int, end: int) -> bool:
        """Whether a stretch has unknown tokens beside it: then it is said in part only."""
        return any(self.strange[max(start - 1, 0) : start]) or any(self.strange[end : end + 1])

    def around(self, start: int, end: int) -> str:
        """A stretch with the unknown tokens beside it, as text."""
        while start and self.strange[start - 1]:
            start -= 1
        while end < len(self.strange) and self.strange[end]:
            end += 1
        return ("" if is_chinese(self.texts[start]) else " ").join(self.texts[start:end])

    def part(self, run: range) -> "Stretches":
        """Some of them."""
        at = slice(run.start, run.stop)
        return Stretches(self.texts[at], self.strange[at], self.soft[at])

    @property
    def is_chinese(self) -> bool:
        """Whether what nothing explains is."""
        return any(odd and is_chinese(text) for text, odd in zip(self.texts, self.strange, strict=True))

    @property
    def runs(self) -> Iterator[range]:
        """What is unknown, with what stands around it and may belong to it."""
        stop = 0
        for at, odd in enumerate(self.strange):
            if not odd or at < stop:
                continue
            start = at
            while start > stop and self.soft[start - 1] and at - start < _REACH:
                start -= 1
            last, stop = at, at + 1
            while stop < len(self.soft) and self.soft[stop] and stop - last < _REACH:
                last = stop if self.strange[stop] else last
                stop += 1
            yield range(start, stop)


def meant(pieces: Sequence[str], dictionary: Dictionary) -> set[str]:
    """The stems of all glosses of all words in a Chinese text."""
    found = {stem(piece) for piece in pieces if piece.isascii()}
    for start, end in _spans(pieces):
        for gloss in dictionary.meanings("".join(pieces[start:end])):
            found |= gloss
    return found


def _spans(pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    for start in range(len(pieces)):
        yield from ((start, end) for end in range(start + 1, min(start + LONGEST, len(pieces)) + 1))


def _edges(pieces: Sequence[str], bits: Mapping[str, int], dictionary: Dictionary, *, surely: bool) -> Edges:
    """From each place of a Chinese text the words that say something of an English one, or that say little.

    Args:
        pieces: characters, numbers and Latin words of the Chinese text.
        bits: stem → the bit of an English word.
        dictionary: to look up words in.
        surely: leave out single characters of many meanings.
    """
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end in _spans(pieces):
        word = "".join(pieces[start:end])
        if end == start + 1 and word.isascii() and stem(word) in bits:
            found[start].append((end, bits[stem(word)] | _FIRM))
        glosses = dictionary.meanings(word)
        firm = _FIRM if len(word) > 1 or len(glosses) == 1 else 0
        for gloss in glosses[: None if len(word) > 1 else _FIRST_MEANINGS] if firm or not surely else ():
            if all(each in bits for each in gloss):
                found[start].append((end, _mask(gloss, bits) | firm))
        if word in _kinds_chinese():
            found[start].append((end, 0))
    return found


@lru_cache(maxsize=1)
def _kinds() -> frozenset[str]:
    return frozenset(map(stem, prompts.load_yaml("lexicon/glossary")["kinds"]))


@lru_cache(maxsize=1)
def _kinds_chinese() -> frozenset[str]:
    return frozenset(prompts.load_yaml("lexicon/glossary")["kinds_chinese"])


def _mask(stems: Iterable[str], bits: Mapping[str, int]) -> int:
    out = 0
    for each in stems:
        out |= bits[each]
    return out


def said_in_english(said: Stretches, own: Iterable[Words], dictionary: Dictionary, *, partly: bool) -> Iterator[Fit]:
    """English words for a Chinese string."""
    bits = {stem(text): 1 << at for at, text in enumerate(said.texts) if text not in small_words()}
    for words in own:
        edges = _edges(words, bits, dictionary, surely=partly)
        for mask, (passed, generic) in _ways(len(words), edges, may_pass=partly).items():
            covered = [bool(bits.get(stem(text), 0) & mask) for text in said.texts]
            for start, end in _windows(said, covered):
                inside = {stem(text) for text in said.texts[start:end]} & bits.keys()
                more = said.goes_on(start, end) or bool(mask & ~_mask(inside, bits))
                if partly == bool(passed or more or len(words) == 1):
                    odd = sum(a and b for a, b in zip(covered[start:end], said.strange[start:end], strict=True))
                    yield Fit(words, start, end, odd, passed, generic)


def _windows(said: Stretches, covered: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Stretches of English words of which each is covered or says little, with an unknown one that is covered."""
    start = 0
    while start < len(covered):
        if not covered[start]:
            start += 1
            continue
        end = last = start + 1
        while end < len(covered) and (
            covered[end] or said.texts[end] in small_words() or stem(said.texts[end]) in _kinds()
        ):
            end += 1
            strange = said.strange[end - 1] and said.texts[end - 1] not in small_words()
            last = end if covered[end - 1] or strange else last
        if any(a and b for a, b in zip(covered[start:last], said.strange[start:last], strict=True)):
            yield start, last
        start = end


def _ways(length: int, edges: Edges, *, may_pass: bool) -> dict[int, _Loss]:
    """Every set of English words that ways through a Chinese text say, as a mask, each at the least loss."""
    best: list[dict[int, _Loss]] = [{} for _ in range(length + 1)]
    best[0][0] = (0, 0)
    for at in range(length):
        for mask, (passed, generic) in best[at].items():
            for end, more in edges.get(at, ()):
                _keep(best[end], mask | more, (passed, generic + (not more)))
            if may_pass:
                _keep(best[at + 1], mask, (passed + 1, generic))
    return {mask & ~_FIRM: loss for mask, loss in best[length].items() if mask & _FIRM}


def _keep(ways: dict[int, _Loss], mask: int, loss: _Loss) -> None:
    if mask not in ways or loss < ways[mask]:
        ways[mask] = loss


def said_in_chinese(said: Stretches, own: Iterable[Words], dictionary: Dictionary, *, partly: bool) -> Iterator[Fit]:
    """Chinese characters for an English string."""
    for words in own:
        stems = dict.fromkeys(stem(word) for word in words if word not in small_words())
        bits = {each: 1 << at for at, each in enumerate(stems)}
        every = _mask(bits, bits)
        telling = _mask([each for each in bits if each not in _kinds()] or bits, bits)
        edges = _edges(said.texts, bits, dictionary, surely=partly)
        for start in range(len(said.texts)):
            for end, mask, generic in _walks(start, edges):
                odd, lacks = sum(said.strange[start:end]), (telling & ~mask).bit_count()
                odd_or_beside = odd or (partly and any(said.strange[max(start - 1, 0) : end + 1]))
                if said.texts[end - 1] == _OF:
                    continue
                unsure = bool(lacks) or end - start == 1 or said.goes_on(start, end)
                unsure = unsure or _is_cut(said.texts, start, end, dictionary)
                if odd_or_beside and mask & telling and partly == unsure:
                    yield Fit(words, start, end, odd, lacks, generic + (every & ~mask).bit_count() - lacks)


def _walks(start: int, edges: Edges) -> Iterator[tuple[int, int, int]]:
    """Every end that words without a gap lead to: (end, what they say, how many say little)."""
    best: dict[int, dict[int, _Loss]] = {start: {0: (0, 0)}}
    for at in range(start, start + 2 * _REACH):
        for mask, (_, generic) in best.get(at, {}).items():
            for end, more in edges.get(at, ()):
                if more or at > start:
                    _keep(best.setdefault(end, {}), mask | more, (0, generic + (not more)))
    for end, ways in best.items():
        yield from ((end, mask & ~_FIRM, generic) for mask, (_, generic) in ways.items() if mask & _FIRM)


def _is_cut(texts: Sequence[str], start: int, end: int, dictionary: Dictionary) -> bool:
    """Whether a word reaches over an end of the stretch and is longer than the word inside: 生产商 in 食品生产|商."""
    words = [span for span in _spans(texts) if "".join(texts[slice(*span)]) in dictionary]
    inside = [(first, last) for first, last in words if start <= first and last <= end]
    head = max((last - first for first, last in inside if first == start), default=0)
    tail = max((last - first for first, last in inside if last == end), default=0)
    return any(
        (first < start < last and last - first > head) or (first < end < last and last - first > tail)
        for first, last in words
    )
