"""The question in a message, apart from what is said around it."""

from collections.abc import Sequence

from copilot.offline.frames.clauses import (
    ASKING,
    NO_QUESTION,
    SENTENCES,
    TELLING,
    Phrases,
    asks,
    is_of_data,
    points,
    said,
)
from copilot.offline.frames.focus import without_focus
from copilot.offline.frames.roles import Roles
from copilot.offline.frames.shared_time import with_shared_time
from copilot.offline.frames.statements import Statements
from copilot.offline.lexicon import Lexicon
from copilot.offline.tags import SILENT, T, Tag

_DEFINES = frozenset({"÷", "/", "=", "divided by", "over", "minus", "i.e.", "i.e", "ie", "除以", "即", "等于"})


def question_part(tags: Sequence[Tag], lexicon: Lexicon) -> tuple[list[Tag], list[str]]:
    """The tags that matter, and the text of what was left aside."""
    phrases = Phrases(lexicon.frames)
    frames = Roles(phrases)
    tags, defined = _without_definitions(without_focus(tags, phrases))
    tags, told = Statements(phrases).without(tags)
    away = [*defined, *told]
    clauses = [frames.without_reporter(clause) for clause in phrases.clauses(tags)]
    roles = [frames.role(clause, reporter) for clause, reporter in clauses]
    for at in range(1, len(roles)):  # a belief lasts to the end of its sentence
        if roles[at - 1] == "belief" and clauses[at - 1][0][-1].text not in SENTENCES and not asks(clauses[at][0]):
            roles[at] = "belief"
    asked = max((at for at, (clause, _) in enumerate(clauses) if asks(clause)), default=-1)
    roles = ["question" if r == "belief" and at >= asked else r for at, r in enumerate(roles)]
    if "question" not in roles:
        return tags, away
    main = [tag for (clause, _), role in zip(clauses, roles, strict=True) if role == "question" for tag in clause]
    if not any(tag.type in TELLING or is_of_data(tag) or tag.type in (T.DATE, T.RECORD) for tag in main):
        believed = {tag.start for (c, _), r in zip(clauses, roles, strict=True) if r == "belief" for tag in c}
        held = [t for t in tags if t.start not in believed or t.type not in (T.NUMBER, T.OP)]
        return held, away  # "which ones would that be": the question is in what was told, the supposed figure aside
    pointed = any(points(tag) or tag.text.lower().startswith(("each of", "the two", "both")) for tag in main)
    named = {tag.text for tag in main}
    kept: list[Tag] = []
    aside: list[str] = []
    for (clause, reporter), role in zip(clauses, roles, strict=True):
        if role == "question":
            kept += clause
        elif role == "story" or pointed:
            kept += [tag for tag in clause if tag.type in (T.RECORD, T.VALUE) and tag.text not in named]
        left = [*reporter, *(clause if role != "question" else [])]
        if any(tag.type not in SILENT for tag in left):
            aside.append(said(left))
    return kept, [*away, *aside]


def _without_definitions(tags: Sequence[Tag]) -> tuple[list[Tag], list[str]]:
    """As in "loss rate (lost ÷ closed)": what a measure is made of says nothing more."""
    opened = next((at for at, tag in enumerate(tags) if tag.text in ("(", "（")), None)
    closed = next((at for at, tag in enumerate(tags) if tag.text in (")", "）")), None)
    if opened is None or closed is None or closed < opened:
        return list(tags), []
    inside = tags[opened + 1 : closed]
    if not any(tag.text.lower() in _DEFINES for tag in inside) or any(tag.type is T.NUMBER for tag in inside):
        return list(tags), []
    return [*tags[:opened], *tags[closed + 1 :]], [said(inside)]


def question_parts(tags: Sequence[Tag]) -> list[str]:
    """The texts of the questions in a message: sentences that ask, and what "and how many", "and who" begins."""
    parts: list[list[Tag]] = [[]]
    for at, tag in enumerate(tags):
        after = tags[at + 1] if at + 1 < len(tags) else None
        begins = tag.type in (T.AND, T.FOLLOW, T.PUNCT) and after is not None and _begins_question(tags, at + 1)
        if begins and any(t.type is T.ASK or t.type in ASKING for t in parts[-1]):
            parts.append([])
        parts[-1].append(tag)
        if tag.type is T.PUNCT and tag.text in SENTENCES and asks(parts[-1]):
            parts.append([])
    parts = [part for part in parts if any(tag.type not in SILENT for tag in part)]
    if any(not asks(part) or not (any(tag.type in TELLING for tag in part) or _of_those(part)) for part in parts):
        return []  # "and how many is that" asks about the same
    return [said(part).strip(" ,，") for part in with_shared_time(parts)]


def _of_those(part: Sequence[Tag]) -> bool:
    """As in "how many of those are over 50k": which of them is said."""
    kinds = {tag.type for tag in part}
    return T.PRONOUN in kinds and bool(kinds & {T.FIELD, T.OP, T.DATE})


def _begins_question(tags: Sequence[Tag], at: int) -> bool:
    """Whether a question begins there: with its word, or as in "… and | their total"."""
    points = tags[at].type is T.PRONOUN and at + 1 < len(tags) and tags[at + 1].type is T.AGG
    asks_for = tags[at].type is T.ASK and tags[at].senses[0].value not in (*NO_QUESTION, "list")
    return asks_for or points
