"""Which words of a question may be left out so that the rest is still a question, about the same records."""

from collections.abc import Iterator, Sequence

import prompts
from copilot.offline.ordinary import is_ordinary
from copilot.offline.tags import SILENT, T, Tag

Places = frozenset[int]
_KEPT = frozenset(
    {T.NEG, T.NUMBER, T.RECORD, T.VALUE, T.DATE, T.OP, T.POST_OP, T.COMPARATIVE, T.SUP, T.CHANGE, T.STEP, T.SHIFT,
     T.MEANING, T.NOT_HELD, T.WRITE, T.WISH}
)  # fmt: skip
_KEPT_ALONE = frozenset({T.BY, T.MINE, T.PRONOUN, T.AGG, T.SHARE, T.GAP, T.VERSUS, T.RATIO, T.BUCKET, T.OR})
_NOUNS = (T.ENTITY, T.FIELD, T.METRIC, T.VALUE, T.RECORD, T.TREE)
_AFTER_AN_ARTICLE = (*_NOUNS, T.SUP, T.NUMBER, T.STATE, T.MEANING, T.AGG)
_AFTER_A_PREPOSITION = (*_AFTER_AN_ARTICLE, T.DATE, T.MINE, T.PRONOUN, T.BUCKET, T.BY, T.THING, T.VERB_METRIC)
_NAMED = ("account", "contact", "lead", "product", "rep", "manager", "user")  # of these, names are said
_LISTING = frozenset({",", "，", "、", "/", "&"})


class LeavingOut:
    """The rules for one message."""

    def __init__(self, tags: Sequence[Tag]) -> None:
        self._tags = tags
        self._words = {name: frozenset(words) for name, words in prompts.load_yaml("lexicon/leaving_out").items()}

    def size(self, gone: Places) -> int:
        """How many words that say something would go."""
        return len(self._content(gone))

    def may_go(self, run: range) -> bool:
        """Whether these words may go: nothing that narrows, counts, compares or names, also no unknown name."""
        content = self._content(run)
        alone = len(content) == 1
        if any(tag.get(*_KEPT) for tag in content) or (alone and content[0].type in _KEPT_ALONE):
            return False
        if alone and self._is_counted(run):
            return False
        strange = [tag for tag in content if tag.type is T.UNKNOWN]
        return not strange or self._may_be_unread(run, strange)

    def describes(self, run: range) -> bool:
        """Whether a noun follows that these words say more of: "flashy | deals"."""
        after = self._at(run.stop)
        return after is not None and after.get(*_NOUNS) is not None

    def ways(self, run: range) -> list[Places]:
        """What may go with these words: what leads to them, nothing, or the whole clause; empty where nothing may."""
        ways = [self._led(run), run] if self.may_go(run) else []
        if not ways and any(self._tags[at].type is T.UNKNOWN for at in run):
            return []
        clause = self._clause(run)
        return [frozenset(way) for way in (*ways, *([clause] if self.may_go(clause) else ways[:1]))]

    def parts(self) -> Iterator[Places]:
        """Single words, then clauses, that may go; the smallest first, of those the last."""
        count = len(self._tags)
        edges = [0, *(at for at in range(1, count) if self._is_edge(at)), count]
        runs = {range(at, at + 1) for at in range(count)}
        runs |= {range(start, end) for start in edges for end in edges if start < end and end - start < count}
        parts = {frozenset(self._led(run)): run.start for run in runs if self._content(run) and self.may_go(run)}
        yield from sorted(parts, key=lambda gone: (self.size(gone), -parts[gone]))

    def is_whole_without(self, gone: Places) -> bool:
        """Whether most of the question stays, and no article, subject or preposition without what it belongs to."""
        kept = [at for at in range(len(self._tags)) if at not in gone]
        if self.size(gone) > len(self._content(kept)) + 1 or not self._still_asks(gone):
            return False
        return not any(self._dangles(at, gone) for at in kept if at + 1 in gone)

    def _still_asks(self, gone: Places) -> bool:
        """Whether a word that asks goes only with its whole clause, where another one asks."""
        asked = [at for at, tag in enumerate(self._tags) if tag.type is T.ASK]
        for at in gone.intersection(asked):
            first, stop = at, at + 1
            while first - 1 in gone:
                first -= 1
            while stop in gone:
                stop += 1
            ends = stop == len(self._tags) or self._is_break(stop)
            if not (ends and (first == 0 or self._is_break(first))):
                return False
        return not asked or not gone.issuperset(asked)

    def _dangles(self, at: int, gone: Places) -> bool:
        """Whether the word needs what would go behind it."""
        after = next((tag for place, tag in enumerate(self._tags) if place > at and place not in gone), None)
        tag, word = self._tags[at], self._tags[at].text.lower()
        if tag.type is T.PUNCT or not word.isascii():
            return tag.type is T.PRONOUN
        if after is None or after.type is T.PUNCT:
            return tag.type in SILENT or tag.type is T.BY
        if word in self._words["article"] or tag.type in (T.MINE, T.BY):
            return after.get(*_AFTER_AN_ARTICLE) is None
        if word in self._words["subject"] or word in self._words["auxiliary"]:
            return after.type in SILENT or after.get(T.STATE, T.VERB_METRIC, *_NOUNS) is None
        return tag.type is T.PREP and after.type is not T.FILLER and after.get(*_AFTER_A_PREPOSITION) is None

    def _content(self, places: Sequence[int] | Places) -> list[Tag]:
        return [self._tags[at] for at in sorted(places) if self._tags[at].type not in SILENT]

    def _may_be_unread(self, run: range, strange: Sequence[Tag]) -> bool:
        after = self._at(run.stop)
        named = after is not None and any(sense.value in _NAMED for sense in after.all(T.ENTITY))
        told = any(tag.text.lower() in self._words["kept"] for tag in strange)
        told = told or any(part in self._words["kept"] for tag in strange for part in tag.text if not part.isascii())
        return not told and is_ordinary(strange, is_named=named) and not (self._is_listed(run) or self._is_asked(run))

    def _is_counted(self, run: range) -> bool:
        """Whether it is the noun of "how many calls", "which rivals"."""
        before = self._at(run.start - 1)
        return before is not None and before.type is T.ASK and self._tags[run.start].get(*_NOUNS) is not None

    def _is_listed(self, run: range) -> bool:
        """Whether it stands in a list of values or names: "dental, vet and ortho clinics"."""
        beside = [tag for tag in (self._at(run.start - 1), self._at(run.stop)) if tag is not None]
        joined = any(tag.get(T.AND, T.OR, T.FOLLOW) or tag.text in _LISTING for tag in beside)
        near = [self._at(at) for at in range(run.start - 3, run.stop + 3)]
        return joined and any(tag is not None and tag.get(T.VALUE, T.RECORD) for tag in near)

    def _is_asked(self, run: range) -> bool:
        """Whether it is what the question is about: "what is the mood at Tidewell"."""
        before, after = self._content(range(run.start)), self._at(run.stop)
        return all(tag.type is T.ASK for tag in before) and (after is None or not after.get(*_NOUNS, T.PRONOUN))

    def _at(self, place: int) -> Tag | None:
        return self._tags[place] if 0 <= place < len(self._tags) else None

    def _led(self, run: range) -> range:
        """With the article and the preposition before it, where no noun behind needs them: "out the | door"."""
        if self.describes(run) or self._tags[run.start].type in SILENT:
            return run
        first = run.start
        while first > 0 and (self._leads(first - 1) or self._tags[first - 1].type is T.FILLER):
            first -= 1
        return range(next((at for at in range(first, run.start) if self._leads(at)), run.start), run.stop)

    def _leads(self, at: int) -> bool:
        """Whether it only leads to the noun or verb behind it, and narrows nothing: "in", "the", "our", "you"."""
        tag = self._tags[at]
        ours = tag.type is T.MINE and tag.senses[0].value == "ours"
        subject = tag.type is T.FILLER and tag.text.lower() in self._words["subject"]
        return ours or subject or tag.type is T.PREP or tag.text.lower() in self._words["article"]

    def _clause(self, run: range) -> range:
        """All from one mark or "and" to the next."""
        first, stop = run.start, run.stop
        while first > 0 and not self._is_break(first):
            first -= 1
        while stop < len(self._tags) and not self._is_break(stop):
            stop += 1
        return range(first, stop)

    def _is_break(self, at: int) -> bool:
        return self._tags[at - 1].type is T.PUNCT or self._tags[at].type in (T.AND, T.FOLLOW, T.PUNCT)

    def _is_edge(self, at: int) -> bool:
        return self._is_break(at) or self._tags[at].type in (T.PREP, T.VERSUS)
