"""Reply: what every door renders, whatever answered and through whichever channel."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from crm_core.query.result import QueryResult
from crm_core.query.spec import QuerySpec

if TYPE_CHECKING:
    from copilot.page import Page


class Status(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    PROPOSED = "proposed"
    CLARIFY = "clarify"
    CANNOT = "cannot"
    REFUSED = "refused"
    ERROR = "error"


@dataclass(frozen=True)
class Citation:
    """A record that an answer rests on, with the words that it rests on."""

    entity: str
    id: int
    label: str
    quote: str


@dataclass(frozen=True)
class Answer:
    """One answered query of a turn: the result and the query in words.

    Attributes:
        result: of the query.
        query_text: what was asked, in words.
        is_quoted: the rows are passages, the best first: their long text is the passage alone.
    """

    result: QueryResult
    query_text: str
    is_quoted: bool = False


@dataclass(frozen=True)
class Twin:
    """A record that could be updated in the place of a new one.

    Attributes:
        step: position of the step that makes the new one.
        entity: of both.
        record_id: of the one that is there.
        label: of the one that is there.
    """

    step: int
    entity: str
    record_id: int
    label: str


@dataclass(frozen=True)
class Proposal:
    """Changes that wait for a person: the card, made by code from the diff.

    Attributes:
        id: of the change set.
        sha256: of exactly these changes; an approval names it.
        risk: low, medium or high.
        summary: one line.
        changes: as the JSON contract has them.
        unchanged: records that the wish found and that are so already.
        missed: kinds of records that a part of the wish found none of.
        alike: records that a new one looks like.
        twins: of those, each that could be updated instead, of the first new record that has any.
        expires_at: until when it may be approved.
        is_tainted: untrusted text had been read before it was proposed.
    """

    id: str
    sha256: str
    risk: str
    summary: str
    changes: tuple[dict[str, Any], ...]
    unchanged: int = 0
    missed: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    twins: tuple[Twin, ...] = ()
    expires_at: datetime | None = None
    is_tainted: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "id": self.id, "sha256": self.sha256, "risk": self.risk, "summary": self.summary,
            "changes": list(self.changes), "alike": list(self.alike), "tainted": self.is_tainted,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """The outcome of a turn.

    Attributes:
        status: how it ended.
        text: for the person, in their language.
        answers: the queries behind it, in order; `rows` and `query` of the JSON contract are of the last one.
        pages: summaries, briefs and reports; `rows` of the JSON contract are then of the last one.
        chart: a Vega-Lite spec, where one fits.
        citations: what it rests on.
        proposals: changes that wait for approval.
        options: for CLARIFY, and for PROPOSED where a new record looks like one that is there.
        receipt: written by code from what was done: one line each.
        suggestions: questions that would work next.
        error_id: of a logged bug, for ERROR.
    """

    status: Status
    text: str
    answers: tuple[Answer, ...] = ()
    pages: "tuple[Page, ...]" = ()
    chart: dict[str, Any] | None = None
    citations: tuple[Citation, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    options: tuple[str, ...] = ()
    receipt: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    error_id: str | None = None
    elapsed_ms: int = field(default=0, compare=False)

    @property
    def query(self) -> QuerySpec | None:
        """The spec behind the last answer."""
        return self.answers[-1].result.spec if self.answers else None
