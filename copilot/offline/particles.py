"""Verbs whose particle stands at the end of the clause: "leave Mira out" is read as "leave out Mira"."""

from collections.abc import Mapping, Sequence

from copilot.offline.lexicon import Words
from copilot.offline.tags import Sense, T
from copilot.offline.tokens import Token

_PARTICLE = "out"
_REACH = 7  # tokens from the particle back to its verb
_OF_IT = ({"of"}, {"it", "this", "that", "them", "those", "these"})  # "leave Mira out | of it"


def gather(tokens: Sequence[Token], phrases: Mapping[Words, Sequence[Sense]]) -> list[Token]:
    """The tokens with each particle of leaving out behind its verb."""
    out = list(tokens)
    for at, token in enumerate(tokens):
        rest = 2 if _is_of_it(tokens, at + 1) else 0
        if token.text != _PARTICLE or not _ends(tokens, at + 1 + rest):
            continue
        for verb in range(at - 2, max(at - 1 - _REACH, -1), -1):
            if _ends(tokens, verb):
                break
            if any(s.type is T.NEG and s.value == "exclude" for s in phrases.get((tokens[verb].text, _PARTICLE), ())):
                return [*out[: verb + 1], token, *out[verb + 1 : at], *out[at + 1 + rest :]]
    return out


def _is_of_it(tokens: Sequence[Token], at: int) -> bool:
    words = [token.text for token in tokens[at : at + 2]]
    return len(words) == len(_OF_IT) and all(word in kind for word, kind in zip(words, _OF_IT, strict=True))


def _ends(tokens: Sequence[Token], at: int) -> bool:
    """Whether the clause ends there."""
    return at >= len(tokens) or (tokens[at].script == "symbol" and not tokens[at].text.isalnum())
