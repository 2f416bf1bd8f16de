"""From text to the words that are looked up: rewritten abbreviations, repaired spelling, each repair noted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from copilot.offline.scored import score_rewrites
from copilot.offline.spelling import Speller
from copilot.offline.spoken_years import short_years, spanned_years, write_years
from copilot.offline.tags import T
from copilot.offline.tokens import Token, simplify, tokenize
from copilot.offline.vocabulary import Vocabulary

MAX_TOKENS = 400
_LONGEST = 6  # tokens that stand for others


@dataclass(frozen=True)
class Prepared:
    """The tokens to read and what was repaired: (typed, read as)."""

    tokens: tuple[Token, ...]
    repairs: tuple[tuple[str, str], ...]


def prepare(text: str, vocabulary: Vocabulary) -> Prepared:
    """Tokenize, write out abbreviations and repair the spelling of words that nothing knows."""
    typed = tokenize(text)[:MAX_TOKENS]
    if any(token.script == "cjk" for token in typed):
        simple = tokenize(simplify(text))[:MAX_TOKENS]
        if not _names_something(typed, simple, vocabulary):
            typed = simple  # traditional characters as simplified ones, unless a name is stored in them
    tokens, heard = _write_out(_part(_hyphenated(typed, vocabulary), vocabulary), vocabulary)
    tokens, years = short_years(spanned_years(write_years(tokens, vocabulary), vocabulary))
    is_chinese = any(token.script == "cjk" for token in tokens)
    tokens, repairs = _respell(tokens, Speller(vocabulary, leave=vocabulary.by_sound[1] if is_chinese else ()))
    return Prepared(tuple(tokens), (*heard, *years, *repairs))


def _names_something(typed: Sequence[Token], simple: Sequence[Token], vocabulary: Vocabulary) -> bool:
    """Whether a character that another would take the place of stands in a stored name."""
    changed = [token.text for token, other in zip(typed, simple, strict=False) if token.text != other.text]
    return len(typed) != len(simple) or any(char in vocabulary.parts for char in changed)


def _hyphenated(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Token]:
    """As in "north wind" for the account North-Wind: dictation knows no hyphens."""
    out: list[Token] = []
    for token in tokens:
        whole = f"{out[-1].text}-{token.text}" if out and out[-1].script == token.script == "latin" else ""
        if whole and any(sense.type is T.RECORD for sense in vocabulary.phrases.get((whole,), ())):
            out[-1] = replace(out[-1], text=whole, raw=f"{out[-1].raw} {token.raw}", end=token.end)
        else:
            out.append(token)
    return out


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


def _write_out(tokens: Sequence[Token], vocabulary: Vocabulary) -> tuple[list[Token], list[tuple[str, str]]]:
    """Abbreviations as the words they stand for; what was misheard as what was said, which is noted."""
    rewrites, heard = {**vocabulary.lexicon.rewrites, **score_rewrites(vocabulary.filled)}, vocabulary.lexicon.heard
    out: list[Token] = []
    repairs: list[tuple[str, str]] = []
    at = 0
    while at < len(tokens):
        for size in range(_LONGEST, 0, -1):
            typed = tuple(token.text for token in tokens[at : at + size])
            right = (heard.get(typed) or rewrites.get(typed)) if len(typed) == size else None
            if right is None:
                continue
            if typed in heard:
                repairs.append((" ".join(token.raw for token in tokens[at : at + size]), " ".join(right)))
            elif typed in vocabulary.phrases:  # a word of its own
                right = typed
            raw = (" " if tokens[at].script == "latin" else "").join(token.raw for token in tokens[at : at + size])
            same = right == typed
            out.extend(tokens[at : at + size] if same else _instead(tokens[at], right, raw))
            at += size
            break
        else:
            out.append(tokens[at])
            at += 1
    return out, repairs


def _respell(tokens: Sequence[Token], speller: Speller) -> tuple[list[Token], list[tuple[str, str]]]:
    """Unknown words as the known ones that they were meant to be, each noted."""
    out: list[Token] = []
    repairs: list[tuple[str, str]] = []
    at = 0
    while at < len(tokens):
        token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
        if token.text == "s" and out and out[-1].script == "latin":
            token = replace(token, text="'s")  # "darcel s win rate"
        joined = speller.joined(token, following) if following else None
        swapped = speller.swapped(out[-1] if out else None, token, following)
        right = (joined or swapped or "",) if joined or swapped else speller.repair(token)
        typed = f"{token.raw} {following.raw}" if joined and following else token.raw
        if right is None:
            out.append(token)
        else:
            repairs.append((typed, " ".join(right)))
            out.extend(_instead(token, right, typed))
        at += 2 if joined else 1
    return out, repairs


def _instead(token: Token, words: Sequence[str], raw: str) -> list[Token]:
    """Words in the place of one token; the first keeps what was typed."""
    return [replace(token, text=word, raw="" if n else raw) for n, word in enumerate(words)]
