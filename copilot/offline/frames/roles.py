"""What the clauses of a message are there for: to ask, to frame the question, to tell of a record or a belief."""

from collections.abc import Sequence
from typing import Literal

from copilot.offline.frames.clauses import (
    NO_QUESTION,
    PLANS,
    SENTENCES,
    STRANGE,
    TELLING,
    Phrases,
    asks,
    is_of_data,
    limits,
    words_of,
)
from copilot.offline.frames.grammar import Grammar, says_which
from copilot.offline.tags import SILENT, T, Tag

Role = Literal["question", "frame", "story", "belief"]

_BOUNDING = {T.BY, T.OP, T.POST_OP, T.COMPARATIVE}  # these tell beside a number or a noun of the data
_SOMEBODY = SILENT | STRANGE | {T.ENTITY, T.MINE, T.RECORD, T.VALUE, T.MANAGES, T.TREE, T.FIELD, T.AND}
_TELLERS = frozenset({"i", "we", "i'm", "my", "our", "we're", "i've", "i'd", "我", "我们", "咱", "咱们"})
_OF_SALES = ("deal", "account", "contact", "lead", "product", "rep", "manager", "task")
_PARTIES = ("user", "account", "contact", "lead")


class Roles:
    """What clauses are there for, by the frame words of a lexicon."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._grammar = Grammar(phrases)

    def without_reporter(self, clause: list[Tag]) -> tuple[list[Tag], list[Tag]]:
        """As in "the auditors would like | a picture of …": the clause without who wants to know, and these words."""
        for at in range(1, min(10, len(clause))):
            size = self._phrases.begins(clause[at:], "reporting") or self._phrases.begins(clause[at:], "believing")
            if size and _names_somebody(clause[:at]):
                end = _past(clause, at, size)
                if any(tag.type not in SILENT for tag in clause[end:]):
                    return clause[end:], clause[:end]
        return clause, []

    def _only_reports(self, clause: Sequence[Tag]) -> bool:
        """As in 老板要看, 帮老板问一下: who wants to know, and not what."""
        for at in range(1, len(clause)):
            size = self._phrases.begins(clause[at:], "reporting")
            if size and _names_somebody(clause[:at]) and not any(tag.type is T.RECORD for tag in clause[:at]):
                end = _past(clause, at, size)
                covered = sum(len(words_of([tag])) for tag in clause[at:end]) == size
                return all(tag.type in SILENT for tag in clause[end if covered else end - 1 :])
        return False

    def role(self, clause: Sequence[Tag], reporter: Sequence[Tag] = ()) -> Role:
        """What the clause is there for."""
        of_life = [tag for at, tag in enumerate(clause) if self._is_of_life(clause[at:])]
        content = [tag for tag in clause if tag.type not in SILENT and tag not in of_life]
        bounds = any(tag.type is T.NUMBER or is_of_data(tag) for tag in content)
        telling = [tag for tag in content if tag.type in TELLING or (bounds and tag.get(*_BOUNDING))]
        told = bool(self._phrases.begins(clause, "subject"))
        if self._is_belief(clause, reporter):
            return "belief"
        if self._grammar.names_charge(clause) or says_which(content):
            return "question"
        polite = self._phrases.begins(clause, "polite") and not (telling or asks(content) or bounds)
        if polite or self._is_story(clause, content) or self._only_reports(clause):
            return "frame"
        if not content or (asks(content) and not (told and _only_checks(content))):
            return "question"
        if telling:
            named = all(_names_a_party(tag) for tag in telling) and not any(is_of_data(tag) for tag in content)
            return "story" if named and told and any(tag.type in STRANGE for tag in content) else "question"
        if self._is_occasion(clause, told=told):
            return "frame"
        exists = any(tag.type is T.ASK and tag.senses[0].value == "exists" for tag in content)
        if any(limits(tag) for tag in content) or (not told and any(is_of_data(tag) for tag in content)) or exists:
            return "question"
        if self._phrases.begins(clause, "subordinator"):
            return "question" if self._grammar.tells_when(clause) else "frame"
        if any(tag.type is T.DATE for tag in content):
            return "question"  # a time is a filter, whatever else is said
        strange = any(tag.type in STRANGE for tag in content)
        whole = told or (len(content) > 2 and not self._phrases.begins(clause, "dependent"))
        return "frame" if strange and whole else "question"

    def _is_of_life(self, tags: Sequence[Tag]) -> bool:
        """Whether the first means nothing of the data: "a slide for the board", "the quarterly letter"."""
        slides = tags[0].type is T.CHANGE and self._phrases.begins(tags[:1], "occasion")
        return bool(slides) or (tags[0].type is T.BUCKET and bool(self._phrases.begins(tags[1:], "occasion")))

    def _is_belief(self, clause: Sequence[Tag], reporter: Sequence[Tag]) -> bool:
        """As in "I know that Darcel is first", "my colleague insists …", …我知道."""
        held = any(self._phrases.begins(reporter[at:], "believing") for at in range(len(reporter)))
        ends = words_of(clause)[-3:] in (["我", "知", "道"], ["that", "i", "know"])
        return held or ends or bool(self._phrases.begins(clause, "belief"))

    def _is_story(self, clause: Sequence[Tag], content: Sequence[Tag]) -> bool:
        """As in "We are reviewing the price list tomorrow.": a sentence about the teller that asks nothing."""
        words = words_of(clause)
        whole = clause[-1].text in SENTENCES and words[:1] and words[0] in _TELLERS
        strange = any(tag.type in STRANGE for tag in content)
        wonders = any(tag.type is T.ASK and tag.senses[0].value not in (*NO_QUESTION, "list") for tag in content)
        tells = any(tag.type in TELLING or limits(tag) for tag in content)
        return bool(whole) and strange and not (wonders or tells or self._grammar.names_charge(clause))

    def _is_occasion(self, clause: Sequence[Tag], *, told: bool) -> bool:
        """As in "for the board meeting on Thursday", "before my call", "I'm preparing for the review"."""
        words = words_of(clause)
        begins = told or bool(self._phrases.begins(clause, "occasion_prep")) or words[-2:] == ["用", "的"]
        begins = begins or (clause[0].type is T.DATE and clause[0].senses[0].value.unit in PLANS)  # 周一要汇报
        data = any(tag.type is T.ENTITY and tag.senses[0].value in _OF_SALES for tag in clause)
        return (
            begins
            and not data
            and any(self._phrases.prefix(words[at : at + 2], "occasion") for at in range(len(words)))
        )


def _past(clause: Sequence[Tag], at: int, size: int) -> int:
    """The first tag behind so many words from `at` on."""
    while size > 0 and at < len(clause):
        size -= len(words_of(clause[at : at + 1]))
        at += 1
    return at


def _only_checks(content: Sequence[Tag]) -> bool:
    """As in "I must check them", "I have a list to finish": no noun of the data, nothing that limits."""
    asked = all(tag.type is not T.ASK or tag.senses[0].value in (*NO_QUESTION, "list") for tag in content)
    return asked and not any(tag.type in TELLING or is_of_data(tag) or limits(tag) for tag in content)


def _names_a_party(tag: Tag) -> bool:
    return tag.type is T.RECORD and all(name.entity in _PARTIES for name in tag.senses[0].value)


def _names_somebody(head: Sequence[Tag]) -> bool:
    """Whether these words say who asks: no measure, state, number or comparison among them."""
    return all(tag.type in _SOMEBODY for tag in head) and any(tag.type not in SILENT for tag in head)
