"""Ledger: what the tools of one turn did, written by the tools. Answers, figures and receipts rest on it alone."""

from dataclasses import dataclass, field

from copilot.page import Page
from copilot.reply import Answer, Proposal, Status
from crm_core.changes.draft import Draft
from crm_core.errors import CrmError


@dataclass(frozen=True)
class Verdict:
    """How a tool ended the turn: it asked back (CLARIFY) or said that the data cannot answer (CANNOT)."""

    status: Status
    text: str
    options: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A tool call that an expected error ended."""

    tool: str
    error: CrmError


@dataclass(frozen=True)
class History:
    """What a model is shown of the texts behind a page; not all of it where a turn's limits ended the reading."""

    text: str
    is_whole: bool


@dataclass
class Ledger:
    """The record of one turn. Tool calls may run side by side, so answers are kept by call.

    Attributes:
        answers: by tool call id; where a call gives several, the further ones by `<id>/<number>`.
        pages: summaries, briefs and reports, by tool call id.
        histories: of pages that a model sums up, by tool call id.
        facts: other text that tools gave the model and that its figures may rest on.
        proposals: what this turn proposed and did not take back, by id.
        withdrawn: summaries of the proposals that it took back.
        unmatched: wishes to change that came to nothing: no record matches, or all is so already.
        failures: expected errors, in the order in which they came.
        verdict: what ended the turn, if a tool did.
        tools: names of the tools called, in order.
        model_calls: how often the model was asked.
        notes: receipt lines about the turn itself (a fallback, a withheld text).
        unread: the word that the offline planner could not read or place.
        is_strange: that word has no meaning at all.
        is_stopped: a limit ended the turn.
        is_planned: the offline planner spoke last, so code wrote the words.
        is_tainted: text that anyone may have written was read, in this turn or in what the model remembers.
        has_fallen_back: the model failed in this turn, and the fallback answers for the rest of it.
        tokens_in, tokens_out: as the model's vendor counts them, estimated where it does not.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    unmatched: list[Draft] = field(default_factory=list)
    is_tainted: bool = False
    failures: list[Failure] = field(default_factory=list)
    verdict: Verdict | None = None
    tools: list[str] = field(default_factory=list)
    model_calls: int = 0
    notes: list[str] = field(default_factory=list)
    unread: str | None = None
    is_strange: bool = False
    is_stopped: bool = False
    is_planned: bool = False
    has_fallen_back: bool = False
    tokens_in: int = 0
    tokens_out: int = 0

    def answers_to(self, call_id: str) -> list[Answer]:
        """What one tool call gave: the answer under its id, and the further ones under `<id>/<number>`."""
        return [one for key, one in self.answers.items() if key == call_id or key.startswith(f"{call_id}/")]

    def start_over(self) -> None:
        """Forget what the model looked up before it failed: the fallback answers by itself. What was done stays."""
        self.answers.clear()
        self.pages.clear()
        self.histories.clear()
        self.facts.clear()
        self.unmatched.clear()
        self.failures.clear()
        self.verdict = None
        self.has_fallen_back = True
