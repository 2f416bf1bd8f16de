"""What could be answered instead, where a word is unknown or has no place.

The same question without it, or with a known word that comes near, is offered for the person to pick; nothing is
answered before they do. What narrows, counts, compares or names is never left out, and of strange words only ordinary
ones: a name that nobody knows says which records are meant (`leaving_out`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import prompts
from copilot.offline.compose.reading import Reading
from copilot.offline.leaving_out import LeavingOut, Places
from copilot.offline.near import Candidate, near_words
from copilot.offline.ordinary import is_ordinary
from copilot.offline.plan import Cannot, Clarify, Plan, Query, Reworded
from copilot.offline.reader import Read
from copilot.offline.shapes import Builder
from copilot.offline.tags import T, Tag
from copilot.offline.verdict import Verdict, decide
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.wording import text_of, with_word, without_words
from crm_core.query.spec import QuerySpec

MOST_OFFERED = 3
MOST_TRIED = 12  # readings of what is left
MOST_POSED = 4  # whole questions
MOST_TOKENS = 60
ALIKE = 0.8  # of spelling
SHORTEST_FORM = 5  # letters that two forms of one word share
Joined = Callable[[Sequence[Tag]], Reading]
Fits = Callable[[Sequence[Tag]], QuerySpec | None]
Pose = Callable[[str], Plan]


def offered(
    verdict: Verdict, read: Read, text: str, joined: Joined, pose: Pose, builder: Builder, *, today: date
) -> Verdict:
    """The verdict, or one that asks which of these was meant.

    Args:
        verdict: on the message.
        read: the message.
        text: of it.
        joined: reads some of its tags alone.
        pose: the plan for another question in the place of this one.
        builder: knows the store and who asks.
        today: the day that the verdict is for.
    """
    plan = verdict.plan
    words = prompts.load_yaml("planner")[read.lang]
    if not isinstance(plan, Cannot | Clarify) or not _may_offer(plan, read, words["no_shape"]):
        return verdict

    def fits(tags: Sequence[Tag]) -> QuerySpec | None:
        alone = Builder(joined(tags), builder.vocabulary, builder.actor)
        found = decide(alone, tuple(tags), lang=read.lang, repairs=(), today=today).plan
        return found.spec if isinstance(found, Query) else None

    search = _Search(read, text, fits, pose)
    loose = [at for at, tag in enumerate(read.tags) if tag in verdict.reading.loose or tag.text == plan.unread]
    strange = [at for at in loose if read.tags[at].type is T.UNKNOWN]
    if plan.unread is not None:
        found = [*search.with_near(strange, builder.vocabulary), *search.without(strange or loose)]
        told = words["or_word"].join(search.said(run) for run in _runs(strange or loose))
        question = prompts.fill(words["unknown_offered" if strange else "unplaced_offered"], word=told)
    else:
        found = search.without_a_part()
        name = "part_offered" if search.left_out else "no_shape_offered"
        question = prompts.fill(words[name], words=search.left_out) if search.left_out else words[name]
    if not found:
        return verdict
    asked = Clarify(question, unread=plan.unread, reworded=tuple(found[:MOST_OFFERED]), is_strange=bool(strange))
    return replace(verdict, plan=asked)


def _may_offer(plan: Cannot | Clarify, read: Read, no_shape: str) -> bool:
    """Whether the message failed for want of sense, and is a sentence that somebody said."""
    if len(read.prepared.tokens) > MOST_TOKENS or (isinstance(plan, Clarify) and plan.options):
        return False
    return plan.unread is not None or (isinstance(plan, Clarify) and plan.question == no_shape)


class _Search:
    """Looks for what can be answered, within a bounded number of tries."""

    def __init__(self, read: Read, text: str, fits: Fits, pose: Pose) -> None:
        self._tags = read.tags
        self._tokens = read.prepared.tokens
        self._text = text
        self._fits = fits
        self._pose = pose
        self._rules = LeavingOut(read.tags)
        self._tried = self._posed = 0
        self._seen: list[QuerySpec] = []
        self.left_out = ""

    def with_near(self, strange: Sequence[int], vocabulary: Vocabulary) -> list[Reworded]:
        """With a known word that comes near in the place of the only strange one."""
        spans = _runs(strange)
        if len(spans) != 1:
            return []
        run = spans[0]
        word, is_meant = self.said(run), is_ordinary([self._tags[at] for at in run], is_named=False)
        out = []
        for near in near_words(vocabulary, word, limit=MOST_OFFERED):
            other = (is_meant and _is_other_word(near, word)) or _is_state(near)
            odd = near.value is None and self._rules.describes(run)  # "regional deals" are no "region deals"
            if near.score >= ALIKE and not (other or odd):
                instead = near.phrase if near.value is None else str(near.value)
                text = with_word(self._text, self._tokens, [self._tags[at] for at in run], instead)
                out += self._asked(Reworded(text, word, near.meaning))
        return out

    def without(self, loose: Sequence[int]) -> list[Reworded]:
        """Without all of the words that have no place; none where that could change which records are meant."""
        for ways in zip(*map(self._rules.ways, _runs(loose)), strict=False):
            gone = frozenset().union(*ways)
            if self._rules.is_whole_without(gone) and (found := self._asked(self._without(gone))):
                return found
        return []

    def without_a_part(self) -> list[Reworded]:
        """Without the smallest part that keeps the rest from being whole; all parts of that size that do."""
        out: list[Reworded] = []
        size = 0
        for gone in self._rules.parts():
            if (out and self._rules.size(gone) > size) or self._tried >= MOST_TRIED:
                break
            if found := self._left(gone):
                out, size = out + found, self._rules.size(gone)
                self.left_out = self.said(sorted(gone))
        if len(out) != 1:
            self.left_out = ""
        return out

    def said(self, places: Sequence[int]) -> str:
        """The words at these places, as they were typed."""
        return text_of(self._text, self._tokens, [self._tags[at] for at in places])

    def _left(self, gone: Places) -> list[Reworded]:
        """The question without these words, if it has an answer of its own."""
        if not self._rules.is_whole_without(gone):
            return []
        self._tried += 1
        spec = self._fits([tag for at, tag in enumerate(self._tags) if at not in gone])
        if spec is None:
            return []
        return self._asked(self._without(gone), spec)

    def _without(self, gone: Places) -> Reworded:
        return Reworded(without_words(self._text, self._tokens, [self._tags[at] for at in sorted(gone)]))

    def _asked(self, instead: Reworded, spec: QuerySpec | None = None) -> list[Reworded]:
        """The question, if the planner answers it, in no other way than was found, and has not been offered yet."""
        if self._posed >= MOST_POSED:
            return []
        self._posed += 1
        plan = self._pose(instead.text)
        if not isinstance(plan, Query) or (spec is not None and plan.spec != spec) or plan.spec in self._seen:
            return []
        self._seen.append(plan.spec)
        return [instead]


def _is_other_word(near: Candidate, word: str) -> bool:
    """Whether it is no form of the word: an ordinary word was hardly meant for another one."""
    return near.phrase[:SHORTEST_FORM] != word.lower()[:SHORTEST_FORM]


def _is_state(near: Candidate) -> bool:
    """Whether it is a form of a word of speech ("hangs", of "hanging"), and none of the company's own."""
    return near.target == "deal.stage.kind"


def _runs(places: Sequence[int]) -> list[range]:
    """Places that follow one another."""
    out: list[range] = []
    for at in sorted(set(places)):
        if out and out[-1].stop == at:
            out[-1] = range(out[-1].start, at + 1)
        else:
            out.append(range(at, at + 1))
    return out
