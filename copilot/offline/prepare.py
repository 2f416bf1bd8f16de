"""From text to the words that are looked up: rewritten abbreviations, repaired spelling, each repair noted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from copilot.offline.tags import T
from copilot.offline.tokens import Token, simplify, tokenize
from copilot.offline.vocabulary import Vocabulary

ORDINARY_ZIPF = 3.0  # a word of this frequency is a word, not a typing error
VERY_COMMON_ZIPF = 4.7
MAX_TOKENS = 400


@dataclass(frozen=True)
class Prepared:
    """The tokens to read and what was repaired: (typed, read as)."""

    tokens: tuple[Token, ...]
    repairs: tuple[tuple[str, str], ...]


def prepare(text: str, vocabulary: Vocabulary) -> Prepared:
    """Tokenize, write out abbreviations and repair the spelling of words that nothing knows."""
    typed = tokenize(text)[:MAX_TOKENS]
    if any(token.script == "cjk" and token.text not in vocabulary.words for token in typed):
        typed = tokenize(simplify(text))[:MAX_TOKENS]  # a character nobody knows may be a traditional one
    tokens = _write_out(_part(typed, vocabulary), vocabulary)
    repaired, repairs = [], []
    for token in tokens:
        right = _respell(token, vocabulary)
        if right is not None:
            repairs.append((token.raw, right))
            token = replace(token, text=right)
        repaired.append(token)
    return Prepared(tuple(repaired), tuple(repairs))


def _part(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Token]:
    """As in "non-US", "biggest-ACV": where only the parts are words, they are read one by one."""
    out: list[Token] = []
    for token in tokens:
        parts, raws = token.text.split("-"), token.raw.split("-")
        whole = token.text in vocabulary.words or "something" in parts
        known = not whole and all(part in vocabulary.words for part in parts)
        if 1 < len(parts) <= 4 and len(raws) == len(parts) and known and token.script == "latin":
            out += [replace(token, text=part, raw=raw) for part, raw in zip(parts, raws, strict=True)]
        else:
            out.append(token)
    return out


def _write_out(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Token]:
    rewrites = vocabulary.lexicon.rewrites
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        for size in (3, 2, 1):
            typed = tuple(token.text for token in tokens[at : at + size])
            if len(typed) == size and typed in rewrites and typed not in vocabulary.phrases:
                first = tokens[at]
                raw = "".join(token.raw for token in tokens[at : at + size])
                out.extend(replace(first, text=word, raw="" if n else raw) for n, word in enumerate(rewrites[typed]))
                at += size
                break
        else:
            out.append(tokens[at])
            at += 1
    return out


def _respell(token: Token, vocabulary: Vocabulary) -> str | None:
    """The one known word that `token` is a typing error of, or None."""
    word = token.text
    if token.script != "latin" or len(word) < 4 or not word.isalpha() or word in vocabulary.words:
        return None
    if _is_ordinary(word) or (token.raw[:1].isupper() and not token.raw.isupper() and token.start > 0):
        return None
    allowed = 1 if len(word) < 7 else 2
    near = process.extract(word, _candidates(word, vocabulary), scorer=OSA.distance, score_cutoff=allowed, limit=4)
    if len(word) == 4:  # so short a word is repaired only where two letters changed places
        near = [match for match in near if sorted(match[0]) == sorted(word)]
    near = [match for match in near if _may_become(match[0], match[1], vocabulary)]
    if not near:
        return None
    best = [found for found, distance, _ in near if distance == near[0][1]]
    if len(best) > 1:  # a typing error rarely changes the first letter, and keeps the common word
        best.sort(key=lambda found: (sorted(found) != sorted(word), found[0] != word[0], -_zipf(found)))
    return str(best[0])


def _may_become(word: str, distance: float, vocabulary: Vocabulary) -> bool:
    """A typing error becomes a word that says nothing only where it is a very common word, one letter away."""
    senses = vocabulary.phrases.get((word,), ())
    silent = bool(senses) and all(s.type in (T.FILLER, T.PREP, T.SMALLTALK) for s in senses)
    return not silent or (distance <= 1 and _zipf(word) >= VERY_COMMON_ZIPF)


def _candidates(word: str, vocabulary: Vocabulary) -> list[str]:
    return [known for known in vocabulary.words if abs(len(known) - len(word)) <= 2 and len(known) > 2]


def _is_ordinary(word: str) -> bool:
    return _zipf(word) >= ORDINARY_ZIPF


def _zipf(word: str) -> float:
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en", wordlist="small"))
