"""Clauses that narrow the question and say nothing else: "I mean my team, not the whole company", 只看我们组.

Such a clause is never background: what it narrows to stays in the question, without the words that lead to it. What it
sets it against ("not the whole company") adds nothing, and goes only where the narrowing itself is there.
"""

from collections.abc import Sequence
from itertools import pairwise

from copilot.offline.frames.clauses import Phrases, content_of, words_of
from copilot.offline.tags import SILENT, T, Tag

_SCOPE = (T.RECORD, T.VALUE, T.DATE)
_BESIDE = (*_SCOPE, T.MINE, T.TREE, T.MANAGES, T.ENTITY, T.FIELD, T.AND, T.OR)
_LONGEST = 6  # words of a phrase that leads to the scope


def without_focus(tags: Sequence[Tag], phrases: Phrases) -> list[Tag]:
    """The tags of a message whose clauses of this kind hold the narrowing alone."""
    clauses = phrases.clauses(tags)
    if len(clauses) < 2:
        return list(tags)
    focused = [_scope_of(clause, phrases) for clause in clauses]
    if not any(focused):
        return list(tags)
    out: list[Tag] = []
    for clause, scope in zip(clauses, focused, strict=True):
        if scope:
            out += scope
        elif not _is_of_all(clause, phrases):
            out += clause
        else:
            out += [tag for tag in clause if tag.type is T.PUNCT]
    return out


def _scope_of(clause: Sequence[Tag], phrases: Phrases) -> list[Tag]:
    """What the clause narrows to; empty if it says anything more."""
    told = [tag for tag in clause if tag.type is not T.PUNCT]
    lead, tail = _led(told, phrases), 0
    while tail < len(told) - lead and phrases.prefix(words_of([told[-1 - tail]]), "focus_end"):
        tail += 1
    rest = told[lead : len(told) - tail]
    if not (lead or tail) or not _narrows(rest):
        return []
    preps = [tag for tag in told[:lead] if tag.type is T.PREP]
    return [*preps, *rest, *(tag for tag in clause if tag.type is T.PUNCT)]


def _led(told: Sequence[Tag], phrases: Phrases) -> int:
    """How many tags the words take that lead to the scope: "I mean", "only", 我说的是."""
    taken = 0
    while taken < len(told):
        words = words_of(told[taken:])[:_LONGEST]
        size = phrases.prefix(words, "focus")
        ends = [n for n in range(1, len(told) - taken + 1) if len(words_of(told[taken : taken + n])) == size]
        if not size or not ends:
            break
        taken += ends[0]
    return taken


def _narrows(rest: Sequence[Tag]) -> bool:
    """Whether it is a team, a name, a value or a time, and nothing else."""
    content = content_of(rest)
    team = any(one.get(T.MINE) and two.get(T.TREE, T.ENTITY, T.FIELD) for one, two in pairwise(content))
    alone = all(tag.type in SILENT or tag.get(*_BESIDE) for tag in rest)
    return alone and (team or any(tag.type in _SCOPE for tag in content))


def _is_of_all(clause: Sequence[Tag], phrases: Phrases) -> bool:
    """As in "not the whole company", 不是全公司: what is narrower than everybody is meant, and nobody is left out."""
    words = words_of(clause)
    against = phrases.prefix(words, "focus_against")
    return against > 0 and phrases.prefix(words[against:], "everybody") == len(words) - against > 0
