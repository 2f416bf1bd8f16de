"""Frames: what people say around a question and that says nothing about the data.

"The auditors would like …", "because it distorts everything", "I have a meeting in ten minutes". A clause may be left
aside only as a whole, and only when it holds no word that could filter, measure, compare or ask: such a word must be
owned like any other. Of a story about records ("I have Konex on the line: what do they …") the records stay, as what is
spoken of. What was left aside is named in the answer's notes.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from copilot.offline.lexicon import Lexicon, key
from copilot.offline.tags import SILENT, Sense, T, Tag

Role = Literal["question", "frame", "story", "belief"]

_ASKING = (T.METRIC, T.SUP, T.SHARE, T.AGG)
_TELLING = {
    *_ASKING, T.VALUE, T.RECORD, T.STATE, T.CHANGE, T.GAP, T.VERSUS, T.BUCKET, T.VERB_METRIC, T.MONEY_WORD,
    T.PERCENT_WORD,
}  # fmt: skip
_BOUNDING = {T.BY, T.OP, T.POST_OP, T.COMPARATIVE}  # these tell beside a number or a noun of the data
_STRANGE = {T.UNKNOWN, T.NOT_HELD, T.WRITE, T.SMALLTALK}
_SOMEBODY = SILENT | _STRANGE | {T.ENTITY, T.MINE, T.RECORD, T.VALUE, T.MANAGES, T.TREE, T.FIELD, T.AND}
_TELLERS = frozenset({"i", "we", "i'm", "my", "our", "we're", "i've", "i'd", "我", "我们", "咱", "咱们"})
_NO_QUESTION = ("request", "what", "exists")  # of the questions, these ask for nothing of their own
_ENDS = frozenset({*".!?。！？;；:：—–…,，", "...", "--"})
_CONTACT = Sense(T.ENTITY, "contact")
_OF_NO_ONE = frozenset({"it", "its", "it's", "that", "this", "这个", "那个", "它"})
_OF_SALES = ("deal", "account", "contact", "lead", "product", "rep", "manager", "task")
_DEFINES = frozenset({"÷", "/", "=", "divided by", "over", "minus", "i.e.", "i.e", "ie", "除以", "即", "等于"})
_PARTIES = ("user", "account", "contact", "lead")
_SENTENCES = frozenset(".!?。！？;；")
_LONGEST = 6  # words of a frame phrase


def question_part(tags: Sequence[Tag], lexicon: Lexicon) -> tuple[list[Tag], list[str]]:
    """The tags that matter, and the text of what was left aside."""
    frames = _Frames(lexicon.frames)
    tags, defined = _without_definitions(tags)
    clauses = [frames.without_reporter(clause) for clause in frames.clauses(tags)]
    roles = [frames.role(clause, reporter) for clause, reporter in clauses]
    for at in range(1, len(roles)):  # a belief lasts to the end of its sentence
        if roles[at - 1] == "belief" and clauses[at - 1][0][-1].text not in _SENTENCES and not _asks(clauses[at][0]):
            roles[at] = "belief"
    asked = max((at for at, (clause, _) in enumerate(clauses) if _asks(clause)), default=-1)
    roles = ["question" if r == "belief" and at >= asked else r for at, r in enumerate(roles)]
    if "question" not in roles:
        return list(tags), defined
    main = [tag for (clause, _), role in zip(clauses, roles, strict=True) if role == "question" for tag in clause]
    if not any(tag.type in _TELLING or _is_of_data(tag) or tag.type in (T.DATE, T.RECORD) for tag in main):
        believed = {tag.start for (c, _), r in zip(clauses, roles, strict=True) if r == "belief" for tag in c}
        told = [t for t in tags if t.start not in believed or t.type not in (T.NUMBER, T.OP)]
        return told, defined  # "which ones would that be": the question is in what was told, the supposed figure aside
    points = any(
        (tag.get(T.PRONOUN, T.COMPARATIVE) and tag.text.lower() not in _OF_NO_ONE)
        or tag.text.lower().startswith(("each of", "the two", "both"))
        for tag in main
    )
    named = {tag.text for tag in main}
    kept: list[Tag] = []
    aside: list[str] = []
    for (clause, reporter), role in zip(clauses, roles, strict=True):
        if role == "question":
            kept += clause
        elif role == "story" or points:
            kept += [tag for tag in clause if tag.type in (T.RECORD, T.VALUE) and tag.text not in named]
        left = [*reporter, *(clause if role != "question" else [])]
        if any(tag.type not in SILENT for tag in left):
            aside.append(" ".join(tag.text for tag in left))
    return kept, [*defined, *aside]


def _without_definitions(tags: Sequence[Tag]) -> tuple[list[Tag], list[str]]:
    """As in "loss rate (lost ÷ closed)": what a measure is made of says nothing more."""
    out: list[Tag] = []
    said: list[str] = []
    opened = next((at for at, tag in enumerate(tags) if tag.text in ("(", "（")), None)
    closed = next((at for at, tag in enumerate(tags) if tag.text in (")", "）")), None)
    if opened is None or closed is None or closed < opened:
        return list(tags), []
    inside = tags[opened + 1 : closed]
    if any(tag.text.lower() in _DEFINES for tag in inside):
        said.append(" ".join(tag.text for tag in inside))
        out = [*tags[:opened], *tags[closed + 1 :]]
    return (out, said) if said else (list(tags), [])


def question_parts(tags: Sequence[Tag]) -> list[str]:
    """The texts of the questions in a message: sentences that ask, and what "and how many", "and who" begins."""
    parts: list[list[Tag]] = [[]]
    for at, tag in enumerate(tags):
        after = tags[at + 1] if at + 1 < len(tags) else None
        begins = tag.type in (T.AND, T.FOLLOW, T.PUNCT) and after is not None and _is_question_word(after)
        if begins and any(t.type is T.ASK or t.type in _ASKING for t in parts[-1]):
            parts.append([])
        parts[-1].append(tag)
        if tag.type is T.PUNCT and tag.text in _SENTENCES and _asks(parts[-1]):
            parts.append([])
    parts = [part for part in parts if any(tag.type not in SILENT for tag in part)]
    if any(not _asks(part) or not any(tag.type in _TELLING for tag in part) for part in parts):
        return []  # "and how many is that" asks about the same
    return [" ".join(tag.text for tag in part).strip(" ,，") for part in parts]


def _is_question_word(tag: Tag) -> bool:
    return tag.type is T.ASK and tag.senses[0].value not in (*_NO_QUESTION, "list")


class _Frames:
    """Clauses and their roles, by the frame words of a lexicon."""

    def __init__(self, words: dict[str, frozenset[tuple[str, ...]]]) -> None:
        self._phrases = words

    def clauses(self, tags: Sequence[Tag]) -> list[list[Tag]]:
        """Sentences, and the clauses that a comma or a conjunction sets off ("… because he", "… so I")."""
        out: list[list[Tag]] = [[]]
        for at, tag in enumerate(tags):
            if self._begins(tags[at : at + _LONGEST], "conjunction"):
                out.append([])
            out[-1].append(tag)
            if tag.type is T.PUNCT and tag.text in _ENDS:
                out.append([])
        return [clause for clause in out if clause]

    def without_reporter(self, clause: list[Tag]) -> tuple[list[Tag], list[Tag]]:
        """As in "the auditors would like | a picture of …": the clause without who wants to know, and these words."""
        for at in range(1, min(10, len(clause))):
            size = self._begins(clause[at:], "reporting") or self._begins(clause[at:], "believing")
            if size and _names_somebody(clause[:at]):
                end = at
                while size > 0 and end < len(clause):
                    size -= len(_words(clause[end : end + 1]))
                    end += 1
                if any(tag.type not in SILENT for tag in clause[end:]):
                    return clause[end:], clause[:end]
        return clause, []

    def role(self, clause: Sequence[Tag], reporter: Sequence[Tag] = ()) -> Role:
        """What the clause is there for."""
        content = [tag for tag in clause if tag.type not in SILENT]
        bounds = any(tag.type is T.NUMBER or _is_of_data(tag) for tag in content)
        telling = [tag for tag in content if tag.type in _TELLING or (bounds and tag.type in _BOUNDING)]
        told = bool(self._begins(clause, "subject"))
        if self._is_belief(clause, reporter):
            return "belief"
        if self._is_story(clause, content):
            return "frame"
        if not content or (_asks(content) and not (told and _only_checks(content))):
            return "question"
        if telling:
            named = all(_names_a_party(tag) for tag in telling) and not any(_is_of_data(tag) for tag in content)
            return "story" if named and told and any(tag.type in _STRANGE for tag in content) else "question"
        if self._is_occasion(clause, told=told):
            return "frame"
        asks = any(tag.type is T.ASK and tag.senses[0].value == "exists" for tag in content)
        if any(_limits(tag) for tag in content) or (not told and any(_is_of_data(tag) for tag in content)) or asks:
            return "question"
        if self._begins(clause, "subordinator"):
            return "frame"
        if any(tag.type is T.DATE for tag in content):
            return "question"  # a time is a filter, whatever else is said
        strange = any(tag.type in _STRANGE for tag in content)
        whole = told or (len(content) > 2 and not self._begins(clause, "dependent"))
        return "frame" if strange and whole else "question"

    def _is_belief(self, clause: Sequence[Tag], reporter: Sequence[Tag]) -> bool:
        """As in "I know that Darcel is first", "my colleague insists …", …我知道."""
        held = any(self._begins(reporter[at:], "believing") for at in range(len(reporter)))
        ends = _words(clause)[-3:] in (["我", "知", "道"], ["that", "i", "know"])
        return held or ends or bool(self._begins(clause, "belief"))

    def _is_story(self, clause: Sequence[Tag], content: Sequence[Tag]) -> bool:
        """As in "We are reviewing the price list tomorrow.": a sentence about the teller that asks nothing."""
        words = _words(clause)
        whole = clause[-1].text in _SENTENCES and words[:1] and words[0] in _TELLERS
        strange = any(tag.type in _STRANGE for tag in content)
        asks = any(tag.type is T.ASK and tag.senses[0].value not in (*_NO_QUESTION, "list") for tag in content)
        tells = any(tag.type in _TELLING or _limits(tag) for tag in content)
        return bool(whole) and strange and not asks and not tells

    def _is_occasion(self, clause: Sequence[Tag], *, told: bool) -> bool:
        """As in "for the board meeting on Thursday", "before my call", "I'm preparing for the review"."""
        words = _words(clause)
        begins = told or bool(self._begins(clause, "occasion_prep")) or words[-2:] == ["用", "的"]
        data = any(tag.type is T.ENTITY and tag.senses[0].value in _OF_SALES for tag in clause)
        return (
            begins
            and not data
            and any(
                tuple(words[at : at + size]) in self._phrases["occasion"] for at in range(len(words)) for size in (1, 2)
            )
        )

    def _begins(self, tags: Sequence[Tag], kind: str) -> int:
        """How many words of this kind of phrase the tags begin with."""
        words = _words(tags[:_LONGEST])
        return next((n for n in range(_LONGEST, 0, -1) if tuple(words[:n]) in self._phrases[kind]), 0)


def _asks(clause: Iterable[Tag]) -> bool:
    return any(tag.type in _ASKING or (tag.type is T.ASK and tag.senses[0].value not in _NO_QUESTION) for tag in clause)


def _only_checks(content: Sequence[Tag]) -> bool:
    """As in "I must check them", "I have a list to finish": no noun of the data, nothing that limits."""
    asked = all(tag.type is not T.ASK or tag.senses[0].value in (*_NO_QUESTION, "list") for tag in content)
    return asked and not any(tag.type in _TELLING or _is_of_data(tag) or _limits(tag) for tag in content)


def _names_a_party(tag: Tag) -> bool:
    return tag.type is T.RECORD and all(name.entity in _PARTIES for name in tag.senses[0].value)


def _is_of_data(tag: Tag) -> bool:
    people = any((s.type, s.value) == (T.TREE, "team") or s == _CONTACT for s in tag.senses)
    return tag.type in (T.ENTITY, T.FIELD) and not tag.get(T.FILLER) and not people


def _limits(tag: Tag) -> bool:
    """Whether it may leave something out: "except", "only", "never"."""
    return tag.type is T.NEG and tag.senses[0].value != "not"


def _names_somebody(head: Sequence[Tag]) -> bool:
    """Whether these words say who asks: no measure, state, number or comparison among them."""
    return all(tag.type in _SOMEBODY for tag in head) and any(tag.type not in SILENT for tag in head)


def _words(tags: Iterable[Tag]) -> list[str]:
    return [word for tag in tags if tag.type is not T.PUNCT for word in key(tag.text)]
