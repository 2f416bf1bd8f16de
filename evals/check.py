"""Checks: what the reply to the last turn of a case must hold. One of a few kinds, the same in every file."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Label = str | int | float


class Strict(BaseModel):
    """Frozen, nothing unknown: an expectation that is half understood would pass what it should fail."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Scalar(Strict):
    """One number."""

    kind: Literal["scalar"]
    value: float
    rel_tol: float = 0.005
    unit: str | None = None


class Table(Strict):
    """These labels with these numbers, no more and no fewer, in any order."""

    kind: Literal["table"]
    rows: dict[str, float]
    rel_tol: float = 0.005
    unit: str | None = None


class SetOf(Strict):
    """Exactly these, in any order."""

    kind: Literal["set"]
    values: list[Label]


class Ordered(Strict):
    """Exactly these, in this order."""

    kind: Literal["ordered"]
    values: list[Label]


class Record(Strict):
    """These values of a record stand in the answer."""

    kind: Literal["record"]
    values: dict[str, bool | int | float | str]


class Clarify(Strict):
    """Asks back, offering at least one of `options`, and gives no answer."""

    kind: Literal["clarify"]
    options: list[Label] = []
    missing: str | None = None


class Cannot(Strict):
    """Says that the data holds no such thing."""

    kind: Literal["cannot"]


class Empty(Strict):
    """Says that there are none."""

    kind: Literal["empty"]


class ExpectedChange(Strict):
    """One change of a proposal.

    Attributes:
        op: create, update, delete ...
        entity: of the record.
        record: its label or its id where it came from; None for a new one.
        values: field → new value, all of them proposed (`set` in a file).
        text: field → words that its free text holds, `a|b` for either.
        allow: further fields that may be set.
        implied: fields of `values` that may be absent where the store fills them.
    """

    op: str
    entity: str | None = None
    record: Label | None = None
    values: dict[str, bool | int | float | str | None] = Field(default={}, alias="set")
    text: dict[str, str | list[str]] = {}
    allow: list[str] = []
    implied: list[str] = []


class Proposal(Strict):
    """Exactly these changes are proposed, in any order."""

    kind: Literal["proposal"]
    changes: list[ExpectedChange]


class Withdraw(Strict):
    """Nothing is left to approve."""

    kind: Literal["withdraw"]


class Split(Strict):
    """Exactly `records`, each given `field`, with `counts` records a value; which goes where is free."""

    kind: Literal["split"]
    records: list[Label]
    field: str
    counts: dict[str, int]
    entity: str | None = None


Check = Annotated[
    Scalar | Table | SetOf | Ordered | Record | Clarify | Cannot | Empty | Proposal | Withdraw | Split,
    Field(discriminator="kind"),
]
