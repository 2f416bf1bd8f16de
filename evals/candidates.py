"""Candidates: what people were not happy with, as drafts of cases, with whoever is named in them replaced.

A draft is no case yet: it does not say what must come of it, and does not load before somebody has said so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import yaml
from sqlalchemy import Connection, select

from copilot.egress import People, StandIns
from copilot.feedback import Rated
from copilot.language import language_of
from crm_core.changes import State, read_changes
from crm_core.db import ReadStore
from crm_core.models import Account, ChangeDecision, ChangeEvent, ChangeSetRow, Deal

_UNHAPPY = {State.REJECTED: "rejected", State.UNDONE: "undone", State.SUPERSEDED: "edited"}
_HEAD = """\
# Drafts of cases: what people rated down, rejected, undid or corrected. People, companies, emails and phones are
# replaced. For each one worth keeping: say in `check` or `expect` what is right, put such records into its world, give
# it an honest `why`, and move it to evals/cases.
"""


@dataclass(frozen=True)
class Draft:
    """A case without its expectation.

    Attributes:
        skill: where it came from: candidate.bad, candidate.undone ...
        text: what was asked, or for a proposal the words of its card.
        on: the day.
        why: what happened.
        was: field → [old, new] of each change, for a proposal.
    """

    skill: str
    text: str
    on: date
    why: str
    was: tuple[str, ...] = ()


@dataclass
class Mask:
    """Replaces people, emails and phones by stand-ins and companies and deals by numbers, the same each time.

    Attributes:
        stand_ins: of the people.
        names: of companies and deals, the longest first.
    """

    stand_ins: StandIns
    names: Sequence[str]
    _given: dict[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        for name in self.names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self._stand_in, text, flags=re.IGNORECASE)
        return self.stand_ins.mask(text)

    def _stand_in(self, found: re.Match[str]) -> str:
        return self._given.setdefault(found[0].lower(), f"Company {len(self._given) + 1}")


def mask_of(store: ReadStore, people: People, key: bytes) -> Mask:
    """What replaces the names of this store."""
    with store.read() as connection:
        names = {name for table in (Account, Deal) for name in connection.execute(select(table.name)).scalars() if name}
    return Mask(StandIns(people, key), sorted(names, key=lambda name: (-len(name), name)))


def drafts(store: ReadStore, rated: Iterable[Rated], *, since: date) -> Iterator[Draft]:
    """What people were not happy with from `since` on, the oldest first."""
    for one in rated:
        if one.verdict == "bad" and one.at.date() >= since and one.question.strip():
            yield Draft("candidate.bad", one.question, one.at.date(), "Somebody gave the answer a thumb down.")
    with store.read() as connection:
        yield from _of_proposals(connection, since)


def _of_proposals(connection: Connection, since: date) -> Iterator[Draft]:
    """Proposals of the agent's that were turned down, taken back or replaced."""
    seen: set[str] = set()
    for model in (ChangeDecision, ChangeEvent):
        query = (
            select(ChangeSetRow.id, ChangeSetRow.summary, model.state, model.at, model.note)
            .join(model, model.change_set_id == ChangeSetRow.id)
            .where(ChangeSetRow.turn.is_not(None), model.state.in_([*_UNHAPPY]))
            .order_by(model.at, ChangeSetRow.id)
        )
        for row in connection.execute(query):
            if row.at.date() >= since and row.id not in seen:
                seen.add(row.id)
                how = _UNHAPPY[State(row.state)]
                yield Draft(
                    f"candidate.{how}", row.summary, row.at.date(),
                    f"A person had it {how}" + (f": {row.note}" if row.note else "."), _was(connection, row.id),
                )  # fmt: skip


def _was(connection: Connection, change_set: str) -> tuple[str, ...]:
    return tuple(
        f"{change.op} {change.entity}: "
        + ", ".join(f"{name} {old} -> {new}" for name, (old, new) in change.set.items())
        for seq, change in read_changes(connection, change_set)
        if seq >= 0
    )


def as_yaml(found: Iterable[Draft], mask: Callable[[str], str]) -> str:
    """A file of drafts; the same question asked twice stands there once."""
    entries: dict[tuple[str, str], dict[str, object]] = {}
    for one in found:
        text = mask(one.text)
        entry = {
            "id": f"{one.skill.rpartition('.')[2]}-{len(entries) + 1}",
            "turns": [text],
            "as": "admin",
            "today": one.on,
            "lang": language_of(one.text),
            "skill": one.skill,
            "why": mask(one.why),
            **({"was": [mask(line) for line in one.was]} if one.was else {}),
        }
        entries.setdefault((one.skill, text), entry)
    return _HEAD + yaml.safe_dump([*entries.values()], allow_unicode=True, sort_keys=False, width=120)
