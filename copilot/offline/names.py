"""Records named in part, by a beginning, or with a typing error. Exact names are phrases of the vocabulary."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from rapidfuzz import fuzz, process

from copilot.offline.short_names import Abbreviations, titled
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Name, Vocabulary

Fit = Literal["partial", "prefix", "fuzzy", "plain"]  # plain: an everyday word, a name only beside another part of it
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
LONGEST_SHORT = 8  # characters that a Chinese company's name is cut to
MAX_CANDIDATES = 12
_FACTOR: dict[Fit, float] = {"partial": 0.95, "prefix": 0.75, "fuzzy": 0.8, "plain": 0.8}
_FUNCTION = (T.FILLER, T.PREP, T.AND, T.OR, T.FOLLOW, T.NEG)
_CONTENT = (T.STATE, T.METRIC, T.ENTITY, T.ASK, T.SUP)
_FACTS = ("deal", "lead", "order", "task")  # their names often hold the name of a company or a person
NAME_WEIGHT = 3.0
COMMON_ZIPF = 4.0


class NameFinder:
    """Finds inexact names in a tokenized request."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._parts = vocabulary.parts

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._parts)

    def find(self, tokens: Sequence[Token]) -> Iterator[Tag]:
        """Tags of type RECORD, each with all the records that its words fit equally well."""
        fits: list[tuple[Fit, list[Name]]] = [
            ("prefix", self._by_prefix(token.text, least=2)) if _is_beginning(tokens, at) else self._fits(token)
            for at, token in enumerate(tokens)
        ]
        for start in range(len(tokens)):
            common: dict[tuple[str, int], Name] | None = None
            worst: Fit = "partial"
            for end in range(start, min(start + 4, len(tokens))):
                how, names = fits[end]
                if not names:
                    break
                found = {(name.entity, name.id): name for name in names}
                common = found if common is None else {k: v for k, v in common.items() if k in found}
                if not common:
                    break
                worst = how if how != "partial" else worst
                plain = any(fits[k][0] == "plain" for k in range(start, end + 1))
                telling = [token for token in tokens[start : end + 1] if not self._is_function(token)]
                alone = plain and len(telling) < 2 and not self._is_first_name(tokens[start], common.values())
                if len(common) <= MAX_CANDIDATES and not alone:
                    spread = [_FACTOR[fits[k][0]] for k in range(start, end + 1)]
                    yield self._tag(tokens, start, end + 1, tuple(common.values()), worst, sum(spread) / len(spread))
            yield from self._in_short(tokens, start)
            yield from self._with_initial(tokens, start, fits)

    def _with_initial(self, tokens: Sequence[Token], at: int, fits: Sequence[tuple[Fit, list[Name]]]) -> Iterator[Tag]:
        """As in "Markita H" and "M. Hansen": one name of a person and the letter of the other."""
        skip = 1 + (at + 2 < len(tokens) and tokens[at + 1].text == ".")
        for name, letter, end in ((at, at + 1, at + 2), (at + skip, at, at + skip + 1)):
            if end > len(tokens) or not _is_initial(tokens[letter]):
                continue
            said = [tokens[k].text for k in (min(name, letter), max(name, letter))]
            people = [n for n in fits[name][1] if n.entity == "user"]
            found = tuple(n for n in people if _is_called(n.label.lower().split(), said))
            if found:
                yield self._tag(tokens, at, end, found, "partial")

    @cached_property
    def _short(self) -> dict[str, list[Name]]:
        """How Chinese names are cut short: 华信 of 华信科技, 建军 of 王建军, 小王 and 王总 of whoever is called 王."""
        found: dict[str, dict[tuple[str, int], Name]] = {}
        people: list[Name] = []
        for name in {(n.entity, n.id): n for part in self._parts.values() for n in part}.values():
            if name.entity == "product":
                for form in _chinese_parts(name.label):
                    found.setdefault(form, {})[name.entity, name.id] = name
            if not name.label or not all("\u4e00" <= char <= "\u9fff" for char in name.label):
                continue
            label = name.label
            if name.entity in ("user", "contact") and len(label) in (2, 3):
                people.append(name)
            if name.entity == "user" and len(label) in (2, 3):
                forms = [f"小{label[0]}", f"老{label[0]}", *([label[1:]] if len(label) == 3 else [])]
            else:
                forms = (
                    [label[:n] for n in range(2, min(len(label), LONGEST_SHORT + 1))]
                    if name.entity == "account"
                    else []
                )
            for form in forms:
                found.setdefault(form, {})[name.entity, name.id] = name
        for form, name in titled(people, self._vocabulary.titles):
            found.setdefault(form, {})[name.entity, name.id] = name
        return {form: list(names.values()) for form, names in found.items()}

    def _in_short(self, tokens: Sequence[Token], start: int) -> Iterator[Tag]:
        for end in range(start + 2, min(start + LONGEST_SHORT, len(tokens)) + 1):
            text = "".join(token.text for token in tokens[start:end])
            names = self._short.get(text, []) if tokens[start].script == "cjk" else []
            if names and len(names) <= MAX_CANDIDATES and tuple(text) not in self._vocabulary.phrases:
                yield self._tag(tokens, start, end, tuple(names), "prefix")
        cut = self._abbreviations.at(tokens, start) if tokens[start].script == "cjk" else None
        if cut is not None and len(cut[1]) <= MAX_CANDIDATES:
            yield self._tag(tokens, start, cut[0], tuple(cut[1]), "fuzzy", 1.0 if len(cut[1]) == 1 else 0.0)

    @cached_property
    def _abbreviations(self) -> Abbreviations:
        named = {(n.entity, n.id): n for part in self._parts.values() for n in part if n.entity == "account"}
        return Abbreviations(named.values())

    def _tag(
        self, tokens: Sequence[Token], start: int, end: int, names: tuple[Name, ...], how: Fit, factor: float = 0.0
    ) -> Tag:
        factor = factor or _FACTOR[how]
        size = sum(0.5 if token.script == "cjk" else 1.0 for token in tokens[start:end])
        text = ("" if tokens[start].script == "cjk" else " ").join(token.raw for token in tokens[start:end])
        weight = NAME_WEIGHT * factor * size + 0.35 * (end - start - 1)
        return Tag(start, end, text, (Sense(T.RECORD, names, "fuzzy" if how == "plain" else how),), weight)

    def _fits(self, token: Token) -> tuple[Fit, list[Name]]:
        word = token.text
        if token.script not in ("latin", "cjk") or len(word) < 2:
            return "partial", []
        if word not in self._parts and word.endswith("s") and self._is_possessive(word):
            word = word[:-1]  # "caras team"
        if word in self._parts:
            plain = self._is_plain_word(token, COMMON_ZIPF)
            longer = [] if plain or len(word) > 4 or token.script == "cjk" else self._by_prefix(word)
            same = [n for n in longer if n.entity == "account" and n not in self._parts[word]]
            return "plain" if plain else "partial", _parties_first([*self._parts[word], *same])
        if (word,) in self._vocabulary.phrases:
            return "partial", []
        if self._is_plain_word(token, 3.0):
            several = self._by_prefix(word, least=4)
            if len({name.entity for name in several}) == 1 < len(several):
                return "prefix", several  # "scot": a word like any other, but here two companies begin so
            return "plain", self._by_spelling(word)
        if names := self._by_prefix(word):
            return "prefix", names
        return "fuzzy", self._by_spelling(word)

    def _is_possessive(self, word: str) -> bool:
        known = (word,) in self._vocabulary.phrases or not self._parts.get(word[:-1])
        return len(word) > 3 and not known and all(n.entity == "user" for n in self._parts[word[:-1]])

    def _is_first_name(self, token: Token, names: Iterable[Name]) -> bool:
        """As in "reed", which is a word like any other, but here only a colleague's name is known for it."""
        if (token.text,) in self._vocabulary.phrases or token.text not in self._parts:
            return False
        called = list(names)
        if len(called) > 1 and all(name.entity == "product" for name in called):
            return True  # "how many basic": one of several products, and which is asked
        return all(name.entity == "user" and name.label.lower().split(" ")[0] == token.text for name in called)

    def _is_function(self, token: Token) -> bool:
        senses = self._vocabulary.phrases.get((token.text,), ())
        return bool(senses) and all(sense.type in _FUNCTION for sense in senses)

    def _is_plain_word(self, token: Token, zipf: float) -> bool:
        """Typed in small letters and an everyday word: hardly a name."""
        senses = self._vocabulary.phrases.get((token.text,), ())
        filler = all(s.type in (T.FILLER, T.SMALLTALK) for s in senses)
        if senses and filler and (token.raw[:1].isupper() or self._is_party_s(token.text)):
            from wordfreq import zipf_frequency

            seldom = COMMON_ZIPF if token.raw[:1].isupper() else COMMON_ZIPF + 0.5
            return bool(zipf_frequency(token.text, "en", wordlist="small") >= seldom)  # "sold to Xx", not "The"
        if any(s.type in _FUNCTION or s.type in _CONTENT for s in senses):
            return True  # "And Wes?" is no company with an "and" in its name, "WON" no stage
        if token.raw[:1].isupper() and (token.start > 0 or not senses):
            return False
        if any(s.type is not T.RECORD for s in senses):
            return True
        from wordfreq import zipf_frequency

        return bool(zipf_frequency(token.text, "en", wordlist="small") >= zipf)

    def _is_party_s(self, word: str) -> bool:
        """As in "the mercy account", where companies are called Mercy."""
        return any(name.entity not in _FACTS for name in self._parts.get(word, ()))

    def _by_prefix(self, word: str, least: int = 3) -> list[Name]:
        head = word.removesuffix("-something")
        head = head.split("-")[0] if "-" in head else head
        if len(head) < least:
            return []
        names: dict[tuple[str, int], Name] = {}
        for at in range(bisect_left(self._sorted, head), len(self._sorted)):
            if not self._sorted[at].startswith(head) or len(names) > MAX_CANDIDATES:
                break
            names.update({(name.entity, name.id): name for name in self._parts[self._sorted[at]]})
        return list(names.values())

    def _by_spelling(self, word: str) -> list[Name]:
        if len(word) < 4 or not word.replace("-", "").isalpha():
            return []
        near = process.extract(word, self._sorted, scorer=fuzz.ratio, score_cutoff=80, limit=3)
        best = [part for part, score, _ in near if score >= near[0][1] - 1]
        return [name for part in best for name in self._parts[part]]


def _chinese_parts(label: str) -> list[str]:
    """The Chinese words of a name that has others beside them: 旗舰版 of 云ERP旗舰版."""
    runs = _CHINESE.findall(label)
    return [run for run in runs if 1 < len(run) <= LONGEST_SHORT and run != label]


def _is_initial(token: Token) -> bool:
    return len(token.text) == 1 and token.text.isascii() and token.text.isalpha() and (
        token.raw.isupper() or token.text not in "ai"
    )  # fmt: skip


def _is_called(names: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a first and a last name are these words, one of which may be its first letter."""
    first, last = said
    return len(names) > 1 and all(
        full == word or (len(word) == 1 and full.startswith(word))
        for full, word in ((names[0], first), (names[-1], last))
    )


def _is_beginning(tokens: Sequence[Token], at: int) -> bool:
    """As in "Plus-something", "starting with Zo", Zo开头: the name begins so."""
    if tokens[at].script != "latin":
        return False
    after = "".join(token.text for token in tokens[at + 1 : at + 3])
    before = " ".join(token.text for token in tokens[max(0, at - 2) : at])
    return (
        tokens[at].text.endswith("-something")
        or after in ("开头", "打头", "什么")
        or (at + 1 < len(tokens) and tokens[at + 1].text == "something" and tokens[at].raw[:1].isupper())
        or before in ("starting with", "starts with", "beginning with", "begins with", "start with")
    )


def _parties_first(names: list[Name]) -> list[Name]:
    """A company's or a person's name rather than the deals that are called after them."""
    parties = [name for name in names if name.entity not in _FACTS]
    return parties or names
