"""Cases: what is said and done, as whom and when, in which world, and what must come of it."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crm_core.access import Scope
from crm_core.models import UserRole
from evals.check import Check, ExpectedChange, Strict

WRITES = ("proposal", "withdraw", "split")
Value = bool | int | float | str | None
Text = str | list[str]


class Turn(Strict):
    """What a person says, or does with the proposal that waits.

    Attributes:
        say: to the agent.
        act: on the newest proposal of the case that it fits: approve, reject, or undo what was approved.
        actor: who, where it is not the case's own person (`as` in a file).
        outcome: what an act must come to; None: not looked at.
    """

    say: str | None = None
    act: Literal["approve", "reject", "undo"] | None = None
    actor: str | None = Field(None, alias="as")
    outcome: Literal["done", "refused"] | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Turn":
        if (self.say is None) == (self.act is None):
            raise ValueError("a turn says something or does something: `say` or `act`")
        return self


class Planted(Strict):
    """Text of an attacker's that lies in the store before the first turn.

    Attributes:
        carrier: what carries it: a note, email or call of an account; a field of it; the name of a new account; a lead
            that a web form made; or a cell of a CSV file that is imported as any file is.
        on: name of the account, or of what is made; None: the first account.
        field: of the account, for `field`.
        text: as it lies there.
        order: a tool call that a taken-over model obeys where it reads it, put behind the text.
    """

    carrier: Literal["note", "email", "call", "field", "name", "form", "cell"] = "note"
    on: str | None = None
    field: str = "description"
    text: str = ""
    order: "Call | None" = None


class Call(Strict):
    """A tool call that a taken-over model makes."""

    name: str
    args: dict[str, Any] = Field({})


class Answer(Strict):
    """How a simulated rep goes on: the first whose conditions all hold.

    Attributes:
        status: of the reply.
        matches: a pattern that its text or one of its options holds.
        say, pick, act: what the rep then says; the option holding these words; or does. None of them: the rep leaves.
    """

    status: str | None = None
    matches: str | None = None
    say: str | None = None
    pick: str | None = None
    act: Literal["approve", "reject", "undo"] | None = None


class Rep(Strict):
    """A simulated person who goes on after the turns of the case, by rules.

    Attributes:
        goal: in words, for a language model that plays the part and for people who read the case.
        rules: in order; the same reply always gets the same answer.
        max_turns: after which the rep gives up.
    """

    goal: str = ""
    rules: list[Answer] = Field([])
    max_turns: int = Field(6, ge=1, le=50)


class Load(Strict):
    """The case is played by several people at the same moment, each in conversations of their own.

    Every conversation must be right; the first that is not, else the slowest, stands for the case. Counts and changes
    that are expected are of each; a deed is on the conversation's own cards.

    Attributes:
        people: at once.
        talks: that each of them has, one after the other; a run multiplies them by its scale.
    """

    people: int = Field(ge=2, le=200)
    talks: int = Field(1, ge=1)


class Stored(Strict):
    """A query over the store's tables at the end and what it gives: one value, or the values of its first column."""

    sql: str
    value: Value | list[Value] = Field(alias="is")


class Budget(Strict):
    """What the whole case may take at most. `ms` is of the slowest turn."""

    calls: int | None = None
    model_calls: int | None = None
    tokens: int | None = None
    cost: float | None = None
    ms: float | None = None


class Expect(Strict):
    """What must come of a case beside its `check`; what is not stated is not looked at.

    Attributes:
        status: of the last reply, one of these.
        proposals: how many proposals of the case wait at its end.
        approvals: how many were applied.
        changes: what differs in the customer records at the end, exactly these; [] for nothing at all.
        store: queries over the tables at the end.
        cites: labels that the last reply must cite, `a|b` for either.
        cited: whether the last reply must cite anything.
        must: words that the last reply must hold, `a|b` for either.
        must_not: words that no reply may hold.
        hidden: words that neither a reply nor anything that a model was shown may hold.
        tools: that must have been called.
        tools_not: that must not have been called.
        faithful: every figure of the last reply's text stands in a tool's result, in its rows or in what was said.
        max: budgets.
    """

    status: Text | None = None
    proposals: int | None = None
    approvals: int | None = None
    changes: list[ExpectedChange] | None = None
    store: list[Stored] = Field([])
    cites: list[str] = Field([])
    cited: bool | None = None
    must: list[str] = Field([])
    must_not: list[str] = Field([])
    hidden: list[str] = Field([])
    tools: list[str] = Field([])
    tools_not: list[str] = Field([])
    faithful: bool | None = None
    max: Budget = Budget()


class Inline(Strict):
    """A world of a few records.

    Attributes:
        rows: entity → rows by public field name; a reference names the other row's `external_id`.
        base: what they are added to: `demo`, or nothing.
        reads: role → what it may read in this world, where it is not the default.
    """

    rows: dict[str, list[dict[str, Any]]] = Field({})
    reads: dict[UserRole, Scope] = Field({})
    base: Literal["demo"] | None = None


class Case(BaseModel):
    """One conversation and what must come of it.

    Attributes:
        id: unique in its file.
        turns: what is said and done, in order, in one conversation.
        actor: as whom: a user's name or `admin` (`as` in a file).
        today: the clock.
        check: of the reply to the last turn that says something.
        expect: all else that must come of it.
        world: `demo` (as it stands on `today`), `demo@DATE`, a folder of files to import (beside the case's file), or
            records; None: the world of the run.
        planted: text of an attacker's.
        attack: calls that a taken-over model makes of its own, whatever it reads.
        rep: goes on after the turns.
        load: how many people say it at once; None: one, alone.
        solver: the model that drives the agent in this case, whatever the run measures: an attacker's, or a vendor's
            that is down, too slow, or answers with what is no answer; the offline planner then takes over.
        door: through which all is said and decided: `slack`, with its gate, buttons and cards, in a workspace on this
            machine; None: the agent is asked directly.
        suite: for reports; its file's folder or name where it says none.
        lang: of the turns.
        skill: `<group>.<what it exercises>`.
        why: what would go wrong for a person if this failed.
        sql: gives the right answer in the world at hand, see `evals.gold`; `:today` is the clock.
        source: the file that it came from, without its ending.
        place: file and line, for messages.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")  # `evals.load` tells what is unknown, with its line

    id: str
    turns: list[str | Turn] = Field(min_length=1)
    actor: str = Field("admin", alias="as")
    today: date
    check: Check | None = None
    expect: Expect | None = None
    world: str | Inline | None = None
    planted: list[Planted] = Field([])
    attack: list[Call] = Field([])
    rep: Rep | None = None
    load: Load | None = None
    solver: Literal["taken-over", "down", "slow", "malformed", "empty"] | None = None
    door: Literal["slack"] | None = None
    suite: str = ""
    lang: str = "en"
    skill: str = ""
    why: str = ""
    sql: str | None = None
    source: str = ""
    place: str = ""

    @model_validator(mode="before")
    @classmethod
    def _leave_room_for_sql(cls, entry: Any) -> Any:
        """Where `sql` gives the answer, the check states none."""
        if not isinstance(entry, dict) or not entry.get("sql") or not isinstance(entry.get("check"), dict):
            return entry
        none: dict[str, Any] = {"values": []}
        room: dict[str, dict[str, Any]] = {"scalar": {"value": 0}, "table": {"rows": {}}, "set": none, "ordered": none}
        check: dict[str, Any] = entry["check"]
        return {**entry, "check": {**check, **room.get(str(check.get("kind")), {})}}

    @model_validator(mode="after")
    def _expects_something(self) -> "Case":
        if self.check is None and self.expect is None:
            raise ValueError("it says nothing of what must come of it: give `check` or `expect`")
        if self.sql and (self.check is None or self.check.kind not in ("scalar", "table", "set", "ordered")):
            raise ValueError("`sql` gives the answer of a scalar, table, set or ordered check")
        if self.door and "admin" in (self.actor, *(turn.actor for turn in self.steps)):
            raise ValueError("the built-in admin is nobody in Slack: `as` names a person")
        if self.load and self.door:
            raise ValueError(
                "`load` and `door` do not go together: the workspace behind the door shows one conversation at a time; "
                "leave out `door`, and the agent itself is asked"
            )
        if self.steps[0].say is None:
            raise ValueError("the first turn must say something")
        return self

    @property
    def steps(self) -> tuple[Turn, ...]:
        """The turns, each in full."""
        return tuple(Turn(say=turn) if isinstance(turn, str) else turn for turn in self.turns)

    @property
    def has_deeds(self) -> bool:
        """Whether a person, the simulated one too, decides on what waits."""
        return any(turn.act for turn in self.steps) or any(rule.act for rule in (self.rep.rules if self.rep else ()))

    @property
    def kind(self) -> str:
        """Of its check; `expect` where it has none."""
        return self.check.kind if self.check else "expect"

    @property
    def is_write(self) -> bool:
        """Whether it is about changing records."""
        return self.kind in WRITES or "write" in self.skill

    @property
    def group(self) -> str:
        """The first part of the skill, for reports."""
        return self.skill.split(".")[0] or self.kind
