"""Records named in part, by a beginning, or with a typing error. Exact names are phrases of the vocabulary."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from math import ceil
from typing import Literal

from rapidfuzz import fuzz, process

from copilot.offline.short_names import LONGEST_SHORT, Abbreviations, cut_short
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Name, Vocabulary
from prompts import load_yaml

Names = Mapping[tuple[str, int], Name]  # by kind and id
Fit = Literal["partial", "prefix", "fuzzy", "plain"]  # plain: an everyday word, a name only beside another part of it
MAX_CANDIDATES = 12
_FACTOR: dict[Fit, float] = {"partial": 0.95, "prefix": 0.75, "fuzzy": 0.8, "plain": 0.8}
_FUNCTION = (T.FILLER, T.PREP, T.AND, T.OR, T.FOLLOW, T.NEG)
_CONTENT = (T.STATE, T.METRIC, T.ENTITY, T.ASK, T.SUP)
_ASKING = (T.BY, T.UNIT, T.BUCKET, T.OP, T.POST_OP, T.VERSUS, T.ORDER, T.NUMBER)
_FACTS = ("deal", "lead", "order", "task")  # their names often hold the name of a company or a person
NAME_WEIGHT = 3.0
COMMON_ZIPF = 4.0
_NEAR = 80  # percent of the letters of both
_LONGER = 3 / 2  # by how much one of two words that come so near can be longer
_WORDS_KEPT = 1000  # words of requests whose names are kept


class NameFinder:
    """Finds inexact names in a tokenized request."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._parts = vocabulary.parts
        self._fits_of = lru_cache(_WORDS_KEPT)(self._look_up)  # a question comes back to the same words many times

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._parts)

    @cached_property
    def _by_length(self) -> Mapping[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for part in self._sorted:
            found[len(part)].append(part)
        return found

    def find(self, tokens: Sequence[Token]) -> Iterator[Tag]:
        """Tags of type RECORD, each with all the records that its words fit equally well."""
        fits: list[tuple[Fit, Names]] = [
            ("prefix", _by_record(self._by_prefix(token.text, least=2)))
            if _is_beginning(tokens, at)
            else self._fits_of(replace(token, start=min(token.start, 1), end=0))
            for at, token in enumerate(tokens)
        ]
        fits = [("partial", {}) if self._asks_with(tokens, at, fit[0]) else fit for at, fit in enumerate(fits)]
        models = [_by_record(self._model(tokens, at)) for at in range(len(tokens))]
        fits = [("partial", model) if model else fit for model, fit in zip(models, fits, strict=True)]
        for start in range(len(tokens)):
            shared: Names | None = None
            worst: Fit = "partial"
            for end in range(start, min(start + 4, len(tokens))):
                how, found = fits[end]
                if not found:
                    break
                shared = found if shared is None else _in_both(shared, found)
                common = self._meant(shared, tokens[start : end + 1])
                if not shared:
                    break
                worst = how if how != "partial" else worst
                plain = any(fits[k][0] == "plain" for k in range(start, end + 1))
                telling = [token for token in tokens[start : end + 1] if not self._is_function(token)]
                alone = plain and len(telling) < 2 and not self._is_first_name(tokens[start], common.values())
                if alone and start == end and self._joins_nothing(tokens, start):
                    common = {k: v for k, v in common.items() if v.entity == "product"}
                    alone = not common
                if 0 < len(common) <= MAX_CANDIDATES and not alone:
                    spread = [_FACTOR[fits[k][0]] for k in range(start, end + 1)]
                    yield self._tag(tokens, start, end + 1, tuple(common.values()), worst, sum(spread) / len(spread))
            yield from self._in_short(tokens, start)
            yield from self._with_initial(tokens, start, fits)

    def _meant(self, names: Names, said: Sequence[Token]) -> Names:
        """A company's or a person's name rather than the deals that are called after them; these by several words."""
        parties = {at: name for at, name in names.items() if name.entity not in _FACTS}
        if parties or len(said) == 1:
            return parties or names
        senses = [self._vocabulary.phrases.get((token.text,), ()) for token in said]
        spoken = all(each and all(s.type in (*_FUNCTION, *_ASKING) for s in each) for each in senses)  # "year by"
        return {} if spoken or any(s.type in _CONTENT for each in senses for s in each) else names

    def _model(self, tokens: Sequence[Token], at: int) -> list[Name]:
        """As in Plus那款, "the Plus model": a product's name, also where the word says something else elsewhere."""
        senses = self._vocabulary.phrases.get((tokens[at].text,), ())
        if tokens[at].script != "latin" or not senses or any(s.type in (T.RECORD, T.VALUE) for s in senses):
            return []
        names = [name for name in self._parts.get(tokens[at].text, []) if name.entity == "product"]
        after = "".join(token.text for token in tokens[at + 1 : at + 5])
        said = load_yaml("lexicon/small_words")["model_of"]
        is_model = tokens[at].raw[:1].isupper() and after.startswith(tuple(said))
        return names if is_model else []

    def _asks_with(self, tokens: Sequence[Token], at: int, how: Fit) -> bool:
        """As in "how many ovens": an everyday word of a question, and no misspelt part of a name."""
        asked = (
            self._vocabulary.phrases.get((tokens[at - 1].text, tokens[at].text), ()) if at and how == "plain" else ()
        )
        return any(sense.type is T.ASK for sense in asked) and tokens[at].text not in self._parts

    def _with_initial(self, tokens: Sequence[Token], at: int, fits: Sequence[tuple[Fit, Names]]) -> Iterator[Tag]:
        """As in "Markita H" and "M. Hansen": one name of a person and the letter of the other."""
        skip = 1 + (at + 2 < len(tokens) and tokens[at + 1].text == ".")
        for name, letter, end in ((at, at + 1, at + 2), (at + skip, at, at + skip + 1)):
            if end > len(tokens) or not _is_initial(tokens[letter]):
                continue
            said = [tokens[k].text for k in (min(name, letter), max(name, letter))]
            people = [n for n in fits[name][1].values() if n.entity == "user"]
            found = tuple(n for n in people if _is_called(n.label.lower().split(), said))
            if found:
                yield self._tag(tokens, at, end, found, "partial")

    @cached_property
    def _short(self) -> Mapping[str, Sequence[Name]]:
        names = {(name.entity, name.id): name for part in self._parts.values() for name in part}
        return cut_short(names.values(), self._vocabulary.titles)

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

    def _look_up(self, token: Token) -> tuple[Fit, Names]:
        how, names = self._fits(token)
        return how, _by_record(names)

    def _fits(self, token: Token) -> tuple[Fit, list[Name]]:
        word = token.text
        if token.script not in ("latin", "cjk") or len(word) < 2:
            return "partial", []
        if word not in self._parts and word.endswith("s") and self._is_possessive(word):
            word = word[:-1]  # "caras team"
        if word in self._parts:
            plain = self._is_plain_word(token, COMMON_ZIPF)
            longer = [] if plain or len(word) > 4 or token.script == "cjk" else self._by_prefix(word)
            held = set(self._parts[word]) if longer else set()
            same = [n for n in longer if n.entity == "account" and n not in held]
            return "plain" if plain else "partial", [*self._parts[word], *same]
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

    def _joins_nothing(self, tokens: Sequence[Token], at: int) -> bool:
        """As in "plus sold in May", "how many plus": no "and", but a part of the names of products."""
        joins = any(s.type is T.AND for s in self._vocabulary.phrases.get((tokens[at].text,), ()))
        after = self._vocabulary.phrases.get((tokens[at + 1].text,), ()) if at + 1 < len(tokens) else ()
        sold = at == 0 and any(s.type in (T.VERB_METRIC, T.METRIC) or s.value in ("won", "lost") for s in after)
        return joins and (sold or (at > 0 and tokens[at - 1].text in ("many", "of", "any")))

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
        lengths = range(ceil(len(word) / _LONGER), int(len(word) * _LONGER) + 1)
        parts = [part for length in lengths for part in self._by_length.get(length, ())]
        near = process.extract(word, parts, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
        best = [part for part, score, _ in near if score >= near[0][1] - 1]
        return [name for part in best for name in self._parts[part]]


def _by_record(names: Iterable[Name]) -> Names:
    return {(name.entity, name.id): name for name in names}


def _in_both(some: Names, others: Names) -> Names:
    few, many = sorted((some, others), key=len)
    return {at: name for at, name in few.items() if at in many}


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
