"""From words to the best cover of typed tags: a lattice of everything that may be meant, then one path through it."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from copilot.offline.cuts import closes_place, is_cut_short, is_numeral, swallowed
from copilot.offline.dates import find_dates
from copilot.offline.lexicon import Words
from copilot.offline.numbers import find_numbers
from copilot.offline.tags import HOW_FACTOR, WEIGHTS, Sense, T, Tag
from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Name, Vocabulary

_BEFORE_A_COUNTRY = frozenset(("", "in", "of", "for", "from", "to", "by", "many", "our", "all", "non", "top", "and"))
_GRADES = ("级", "类", "等", "档")
_OF_PEOPLE = (("个",), ("位",), ("名",), ("些",))
_LOOK = frozenset("看查一算问说列讲等数统给拉出报发整弄搞排汇调导跑找搜捞盘晒理对")
_OWNERS_PLACE = frozenset("名旗手")
_CAPITALS = frozenset({"US", "IT"})  # in capitals among small letters: the country, the trade
LONGER_IS_BETTER = 0.35
STORED_IS_BETTER = 0.7  # a stored value of several words is hardly there by chance
MONEY_IS_BETTER = 1.1
_BEFORE_NUMBERS = {("头",): True, ("在", "哪"): False}  # whether a numeral must follow, or must not
_ARTICLES = frozenset({"the", "a", "an"})
_JOINING = frozenset({"and", "or", "but"})
FIXED_PHRASE = 1.3
FindCodes = Callable[[tuple[str, ...]], dict[str, list[Name]]]


class FindsNames(Protocol):
    """Finds inexact names in a tokenized request."""

    def find(self, tokens: Sequence[Token]) -> Iterator[Tag]:
        """Tags of type RECORD."""
        ...


@dataclass(frozen=True)
class Tagger:
    """Reads tokens with one vocabulary.

    Attributes:
        vocabulary: what words may stand for.
        names: finds inexact names.
        find_codes: looks up records by their ids in the source system.
    """

    vocabulary: Vocabulary
    names: FindsNames
    find_codes: FindCodes

    def cover(self, tokens: Sequence[Token], *, today: date) -> list[Tag]:
        """The tags that explain the tokens best, in order, without gap or overlap."""
        return _best_path(self._lattice(tokens, today))

    def parts(self, tokens: Sequence[Token], *, today: date) -> list[Tag]:
        """The tags that explain a phrase best where it is not read as a whole."""
        lattice = self._lattice(tokens, today)
        lattice[0] = [tag for tag in lattice[0] if tag.end < len(tokens)]
        return _best_path(lattice)

    def _lattice(self, tokens: Sequence[Token], today: date) -> list[list[Tag]]:
        spans: dict[tuple[int, int], list[Tag]] = {}
        for tag in self._everything(tokens, today):
            spans.setdefault((tag.start, tag.end), []).append(tag)
        lattice: list[list[Tag]] = [[] for _ in tokens]
        for (start, _), tags in spans.items():
            lattice[start].append(_merge(tags))
        return lattice

    def _everything(self, tokens: Sequence[Token], today: date) -> Iterator[Tag]:
        numbers = find_numbers(tokens)
        yield from self._phrases(tokens, {number.start for number in numbers})
        yield from self.names.find(tokens)
        yield from self._codes(tokens)
        yield from self._letters(tokens)
        for number in numbers:
            yield _tag(tokens, number.start, number.end, [Sense(T.NUMBER, number)])
        yield from self._dates(tokens, today)
        yield from self._single(tokens)

    def _dates(self, tokens: Sequence[Token], today: date) -> Iterator[Tag]:
        for span in find_dates(tokens, today):
            owner = span.end < len(tokens) and tokens[span.end].text == "'s" and tokens[span.end - 1].raw[:1].isupper()
            if owner and tokens[span.end - 1].text in self.vocabulary.parts:
                continue  # "Summer's team" is a person's
            if tokens[span.start].text == "下" and span.start and tokens[span.start - 1].text in _OWNERS_PLACE:
                continue  # 我名下|半年
            if looked := _looked_at(tokens, span.start, span.end, today):
                yield from looked
                continue
            cut = swallowed(tokens, span.start, span.end)
            for inner in find_dates(tokens[span.start : cut], today) if cut else ():
                yield _tag(tokens, span.start + inner.start, span.start + inner.end, [Sense(T.DATE, inner)])
            if cut and cut == span.end - 1:
                continue
            yield _tag(tokens, span.start, span.end, [Sense(T.DATE, span)])

    def _single(self, tokens: Sequence[Token]) -> Iterator[Tag]:
        """Each token for itself: a measure word, a mark or something unknown."""
        for at, token in enumerate(tokens):
            if token.text == "上" and closes_place(tokens, at):
                yield _tag(tokens, at, at + 1, [Sense(T.PREP, "words")])
            if token.text in self.vocabulary.lexicon.measure_words:
                yield _tag(tokens, at, at + 1, [Sense(T.FILLER, "measure word")])
            kind = T.PUNCT if token.script == "symbol" and not token.text.isalnum() else T.UNKNOWN
            yield _tag(tokens, at, at + 1, [Sense(kind, token.text)])

    def _phrases(self, tokens: Sequence[Token], numbers: Container[int]) -> Iterator[Tag]:
        phrases, longest = self.vocabulary.phrases, self.vocabulary.longest
        texts = tuple(token.text for token in tokens)
        is_mixed = any(token.raw.islower() for token in tokens)
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + longest, len(tokens)) + 1):
                if texts[start] == "a" and texts[start - 1 : start] == ("half",):
                    continue  # "half | a year" groups nothing
                if texts[start:end] in _BEFORE_NUMBERS and is_numeral(texts, end) != _BEFORE_NUMBERS[texts[start:end]]:
                    continue  # 头三名 but not 里头; 在哪 but not 在哪三家
                cut = is_cut_short(texts, start, end) or self._compares(texts, start, end)
                if cut or self._names_people(texts, start, end):
                    continue  # 卖了多少|个 counts
                senses = phrases.get(texts[start:end])
                if senses and end > start + 1:
                    senses = [s for s in senses if not self._takes_operator(texts, start, end, s, numbers)]
                    if is_mixed and any(token.raw in _CAPITALS for token in tokens[start:end]):
                        senses = [s for s in senses if s.type is not T.MINE]  # "with US accounts" is not "with us"
                if senses:
                    if end == start + 1 and (
                        (is_mixed and tokens[start].raw in _CAPITALS) or self._is_us(texts, start)
                    ):
                        named = (*senses, *phrases.get(("the", texts[start]), ()))
                        senses = [s for s in named if s.type is T.VALUE] or senses  # "US accounts" is not "us"
                    yield _tag(tokens, start, end, senses)

    def _compares(self, texts: Words, start: int, end: int) -> bool:
        """As in 丢单|比|赢单多: two kinds of deals are compared, and no 丢单比 is asked for."""
        if end - start < 3 or texts[end - 1] != "比":
            return False
        kinds = [self.vocabulary.phrases.get(words, ()) for words in (texts[start : end - 1], texts[end : end + 2])]
        return all(any(s.type is T.STATE for s in senses) for senses in kinds)

    def _names_people(self, texts: Words, start: int, end: int) -> bool:
        """As in 哪个|销售|业绩最高: people are asked for, and what they sold is measured."""
        if end - start < 4 or texts[start - 1 : start] not in _OF_PEOPLE or texts[start : start + 2] != ("销", "售"):
            return False
        return any(s.type is T.METRIC for s in self.vocabulary.phrases.get(texts[start + 2 : end], ()))

    def _is_us(self, texts: Sequence[str], at: int) -> bool:
        """As in "us accounts", "in us": the country, typed in small letters."""
        if texts[at] != "us":
            return False
        before, after = texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else ""
        nouns = [
            any(s.type is T.ENTITY and s.value == "account" for s in self.vocabulary.phrases.get((word,), ()))
            for word in (before, after)
        ]
        return nouns[0] or (nouns[1] and before in _BEFORE_A_COUNTRY) or before in ("in", "outside")

    def _takes_operator(self, texts: Words, start: int, end: int, sense: Sense, numbers: Container[int]) -> bool:
        """Whether a phrase hides the operator of the number behind it: "won over | 5k", "or older | than 300"."""
        if sense.type is T.POST_OP and texts[start] in _JOINING:
            return end in numbers or self._is_operator(texts[start + 1 : end + 1])
        if sense.type is T.OP and end not in numbers:  # "win anything | from Ferncliff" bounds no number
            return any(s.type is T.THING for s in self.vocabulary.phrases.get((texts[start],), ()))
        if sense.type is T.NEG:  # "with | no fewer than"
            return any(self._is_operator(texts[end - 1 : stop]) for stop in range(end + 1, end + 4))
        told = sense.type in (T.STATE, T.METRIC, T.VERB_METRIC, T.TREE) and end in numbers
        return told and self._is_operator(texts[end - 1 : end])

    def _is_operator(self, words: Words) -> bool:
        return any(s.type is T.OP for s in self.vocabulary.phrases.get(words, ()))

    def _letters(self, tokens: Sequence[Token]) -> Iterator[Tag]:
        """A stored value in capitals: of one letter beside a word of its field ("credit grade A"), of two anywhere."""
        is_mixed = any(token.raw.islower() or token.script == "cjk" for token in tokens)
        for at, token in enumerate(tokens):
            graded = self._graded(tokens, at)
            if graded:
                yield _tag(tokens, at, at + 2, graded)
            senses = self.vocabulary.letters.get(token.raw, ())
            near = [tokens[k].text for k in range(max(0, at - 2), min(len(tokens), at + 3)) if k != at]
            told = len(token.raw) > 1 and is_mixed and (at > 0 or token.raw.isupper())  # "Exact" inside a sentence
            fits = [s for s in senses if told or set(near) & self._words_of(s.value[0])]
            if fits and (at or len(tokens) > 1):
                yield _tag(tokens, at, at + 1, fits)

    def _graded(self, tokens: Sequence[Token], at: int) -> list[Sense]:
        """As in A级|客户, B类|客户: the value of a field that is called 级别, 类别 or the like."""
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        senses = self.vocabulary.letters.get(tokens[at].raw.upper(), ()) if after in _GRADES else ()
        return [s for s in senses if after in self.vocabulary.field(s.value[0]).label]

    def _words_of(self, dotted: str) -> set[str]:
        return {word for name in self.vocabulary.field(dotted).words for word in name.split()}

    def _codes(self, tokens: Sequence[Token]) -> Iterator[Tag]:
        likely = {token.raw: at for at, token in enumerate(tokens) if _looks_like_a_code(token)}
        for code, names in (self.find_codes(tuple(likely)) if likely else {}).items():
            at = likely[code]
            yield _tag(tokens, at, at + 1, [Sense(T.RECORD, tuple(names))])


def _best_path(lattice: Sequence[Sequence[Tag]]) -> list[Tag]:
    """The tags of the heaviest way through a lattice: of each token, the tags that start there."""
    best: list[tuple[float, Tag | None]] = [(0.0, None), *((float("-inf"), None) for _ in lattice)]
    for start in range(len(lattice)):
        for tag in lattice[start]:
            score = best[start][0] + tag.weight
            if score > best[tag.end][0]:
                best[tag.end] = (score, tag)
    path: list[Tag] = []
    at = len(lattice)
    while at > 0:
        last = best[at][1]
        assert last is not None, "every token has at least its UNKNOWN tag"
        path.append(last)
        at = last.start
    return path[::-1]


def _looked_at(tokens: Sequence[Token], start: int, end: int, today: date) -> list[Tag]:
    """The dates in 看下|8月, "have a look at August"; none in 光看|下半年."""
    if tokens[start].text != "下" or not start or tokens[start - 1].text not in _LOOK:
        return []
    at = start + 1
    inside = find_dates(tokens[at:end], today)
    return [_tag(tokens, at + one.start, at + one.end, [Sense(T.DATE, one)]) for one in inside]


def _looks_like_a_code(token: Token) -> bool:
    raw = token.raw
    if len(raw) < 3 or not raw.replace("-", "").replace("_", "").isalnum() or not raw.isascii():
        return False
    has_digit, has_letter = any(c.isdigit() for c in raw), any(c.isalpha() for c in raw)
    return (has_digit and (has_letter or len(raw) >= 5)) or (raw.isupper() and len(raw) >= 6)


def _tag(tokens: Sequence[Token], start: int, end: int, senses: Iterable[Sense]) -> Tag:
    size = sum(0.5 if token.script == "cjk" else 1.0 for token in tokens[start:end])
    words = list(senses)
    words.sort(key=lambda s: -_weight(s))
    weight = _weight(words[0]) * size + LONGER_IS_BETTER * (end - start - 1)
    if end > start + 1 and any(s.type is T.MONEY_WORD and isinstance(s.value, tuple) for s in words):
        weight += MONEY_IS_BETTER * size  # "US dollars" are no dollars of the United States
    if words[0].type is T.VALUE:
        weight += STORED_IS_BETTER * (end - start - 1)
    if end > start + 1 and tokens[start].text in _ARTICLES and words[0].type is T.SUP:
        weight -= _weight(words[0]) - WEIGHTS[T.FILLER] + LONGER_IS_BETTER  # "the | most recent" and not "the most | …"
    text = _text(tokens[start:end])
    return Tag(start, end, text, tuple(words), weight)


def _weight(sense: Sense) -> float:
    """Of one word in this reading; a set phrase holds together better than a lone filler."""
    if sense.type is T.FILLER and sense.value == "fixed":
        return FIXED_PHRASE
    return WEIGHTS[sense.type] * HOW_FACTOR[sense.how]


def _text(tokens: Sequence[Token]) -> str:
    out = ""
    for token in tokens:
        glue = "" if not out or token.script == "cjk" or token.text.startswith("'") else " "
        out += glue + token.raw
    return out.strip() or " ".join(token.text for token in tokens)  # of an abbreviation only the first word is typed


def _merge(tags: Sequence[Tag]) -> Tag:
    """One tag with all readings of the same words; exact names of several records become one reading."""
    first = max(tags, key=lambda tag: tag.weight)
    senses: list[Sense] = []
    for sense in (s for tag in sorted(tags, key=lambda t: -t.weight) for s in tag.senses):
        same = next((i for i, s in enumerate(senses) if s.type is T.RECORD is sense.type and s.how == sense.how), None)
        if same is not None:
            names = dict.fromkeys((*senses[same].value, *sense.value))
            senses[same] = Sense(T.RECORD, tuple(names), sense.how)
        elif sense not in senses:
            senses.append(sense)
    content = [s for s in senses if s.type is not T.UNKNOWN] or senses
    return Tag(first.start, first.end, first.text, tuple(content), first.weight)
