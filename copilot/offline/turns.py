"""Turns of everyday speech as the words that the grammar reads: "hangs on Acme" as "comes from Acme", 论单数 as 按单数.

The turns are patterns of `prompts/lexicon/turns.yaml` and `turns_zh.yaml`. A word that the company has stored, as a
name, a value or a column of its own, is that first: a turn that would take it away is not applied.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import prompts
from copilot.offline.tags import Sense, T
from copilot.offline.tokens import Token, tokenize
from copilot.offline.turns_zh import pattern_of
from copilot.offline.vocabulary import Vocabulary

_CAME = frozenset({"created", "opened", "added", "since", "registered", "joined"})
_GROUP = re.compile(r"\\([1-9])")
_LONGEST = 10  # characters of a stored Chinese phrase


@dataclass(frozen=True)
class Turn:
    """A pattern over words that are each followed by one space, what it is read as, and where it holds."""

    said: re.Pattern[str]
    read: str
    held: tuple[str, ...]
    absent: tuple[str, ...]
    unless: re.Pattern[str] | None

    def holds(self, text: str, vocabulary: Vocabulary) -> bool:
        """Whether it stands in the text, and the store keeps what it asks for and lacks what it asks to be lacking."""
        if self.said.search(text) is None or (self.unless and self.unless.search(text)):
            return False
        return all(_is_kept(vocabulary, name) for name in self.held) and not any(
            _is_kept(vocabulary, name) for name in self.absent
        )


def in_plain_words(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Token]:
    """The tokens with each turn as the words that it stands for; the others keep their place."""
    out = list(tokens)
    scripts = {token.script for token in out}
    for turn in [*(_turns() if "latin" in scripts else ()), *(_chinese_turns() if "cjk" in scripts else ())]:
        if turn.holds(_text(out), vocabulary):
            out = _turned(out, turn, vocabulary)
    return out


def _turned(tokens: list[Token], turn: Turn, vocabulary: Vocabulary) -> list[Token]:
    out, done = list(tokens), 0
    while found := turn.said.search(_text(out), done):
        start, end = _at(out, found.start()), _at(out, found.end())
        new, kept = _written(out, turn.read, found, out[start] if start < len(out) else out[-1])
        lost = [token for at, token in enumerate(out[start:end], start) if at not in kept]
        if any(_is_stored(token, vocabulary) for token in lost) or _cuts_stored(out, start, end, kept, vocabulary):
            done = found.end()
            continue
        out[start:end] = new
        done = len(_text(out[: start + len(new)]))
        if not found.group():
            break
    return out


def _written(
    tokens: Sequence[Token], read: str, found: re.Match[str], first: Token
) -> tuple[list[Token], frozenset[int]]:
    """The tokens that take the place of a turn, and which of its own are among them."""
    out: list[Token] = []
    kept: set[int] = set()
    for piece in re.split(r"(\\[1-9])", read):
        group = _GROUP.fullmatch(piece)
        if group is None:
            out += [replace(first, text=t.text, raw=t.raw, script=t.script) for t in tokenize(piece)]
        elif found.group(int(group[1])):
            places = range(_at(tokens, found.start(int(group[1]))), _at(tokens, found.end(int(group[1]))))
            out += [tokens[at] for at in places]
            kept.update(places)
    return out, frozenset(kept)


def _text(tokens: Sequence[Token]) -> str:
    return "".join(f"{token.text} " for token in tokens)


def _at(tokens: Sequence[Token], offset: int) -> int:
    """Which token begins at this place of their text."""
    length = 0
    for at, token in enumerate(tokens):
        if length >= offset:
            return at
        length += len(token.text) + 1
    return len(tokens)


def _is_stored(token: Token, vocabulary: Vocabulary) -> bool:
    senses: Sequence[Sense] = vocabulary.phrases.get((token.text,), ())
    if any(s.type is T.RECORD for s in senses) and all(s.type in (T.RECORD, T.ENTITY) for s in senses):
        return True  # also "quotes", the deals at a stage
    values = [s.value[0] for s in senses if s.type is T.VALUE] if all(s.type is T.VALUE for s in senses) else []
    named = [
        s.value for s in senses if s.type is T.FIELD and token.text in vocabulary.field(str(s.value)).label.split()
    ]
    return any(vocabulary.field(dotted).is_custom for dotted in (*values, *named))


def _cuts_stored(tokens: Sequence[Token], start: int, end: int, kept: frozenset[int], vocabulary: Vocabulary) -> bool:
    """Whether a Chinese name, value or header that the company stored would lose a character."""
    lost = [at for at in range(start, end) if at not in kept and tokens[at].script == "cjk"]
    for first in range(max(0, start - _LONGEST), end) if lost else ():
        for last in range(first + 2, min(first + _LONGEST, len(tokens)) + 1):
            if any(first <= at < last for at in lost):
                senses = vocabulary.phrases.get(tuple(token.text for token in tokens[first:last]), ())
                if senses and all(_is_own(sense, vocabulary) for sense in senses):
                    return True
    return False


def _is_own(sense: Sense, vocabulary: Vocabulary) -> bool:
    own_field = sense.type is T.FIELD and vocabulary.field(str(sense.value)).is_custom
    return sense.type in (T.RECORD, T.VALUE) or own_field


def _is_kept(vocabulary: Vocabulary, name: str) -> bool:
    """A field ("user.team"), records of a kind ("order"), or the day on which they came ("day of account")."""
    if name.startswith("day of "):
        own = vocabulary.schema.entities[name.removeprefix("day of ")].fields.values()
        return any(field.is_custom and field.is_date and _CAME & set(field.label.lower().split()) for field in own)
    return vocabulary.holds(name) if "." in name else vocabulary.holds_records(name)


@cache
def _chinese_turns() -> tuple[Turn, ...]:
    data = prompts.load_yaml("lexicon/turns_zh")
    words = {name: "|".join(map(re.escape, listed)) for name, listed in data["words"].items()}
    return tuple(
        Turn(
            pattern_of(turn["said"], words),
            str(turn["read"]),
            tuple(turn.get("with", ())),
            (),
            pattern_of(turn["unless"], words) if "unless" in turn else None,
        )
        for turn in data["turns"]
    )


@cache
def _turns() -> tuple[Turn, ...]:
    data = prompts.load_yaml("lexicon/turns")
    words = {name: "|".join(re.escape(word) for word in listed) for name, listed in data["words"].items()}
    return tuple(
        Turn(
            re.compile(rf"(?:^|(?<= )){_filled(turn['said'], words)}"),
            str(turn["read"]),
            tuple(turn.get("with", ())),
            tuple(turn.get("without", ())),
            re.compile(rf"(?:^|(?<= )){_filled(turn['unless'], words)}") if "unless" in turn else None,
        )
        for turn in data["turns"]
    )


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern with each {name} as any of its words."""
    return re.sub(r"\{([a-z_]+)\}", lambda hole: f"(?:{words[hole[1]]})", pattern)
