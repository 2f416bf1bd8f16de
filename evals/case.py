"""Cases: what is asked, as whom and when, and what a right answer must hold."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from crm_core.errors import Invalid

Label = str | int | float
WRITES = ("proposal", "withdraw", "split")


class _Check(BaseModel):
    """Frozen, nothing unknown: a check that is half understood would pass what it should fail."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Scalar(_Check):
    """One number."""

    kind: Literal["scalar"]
    value: float
    rel_tol: float = 0.005
    unit: str | None = None


class Table(_Check):
    """These labels with these numbers, no more and no fewer, in any order."""

    kind: Literal["table"]
    rows: dict[str, float]
    rel_tol: float = 0.005
    unit: str | None = None


class SetOf(_Check):
    """Exactly these, in any order."""

    kind: Literal["set"]
    values: list[Label]


class Ordered(_Check):
    """Exactly these, in this order."""

    kind: Literal["ordered"]
    values: list[Label]


class Record(_Check):
    """These values of a record stand in the answer."""

    kind: Literal["record"]
    values: dict[str, bool | int | float | str]


class Clarify(_Check):
    """Asks back, offering at least one of `options`, and gives no answer."""

    kind: Literal["clarify"]
    options: list[Label] = []
    missing: str | None = None


class Cannot(_Check):
    """Says that the data holds no such thing."""

    kind: Literal["cannot"]


class Empty(_Check):
    """Says that there are none."""

    kind: Literal["empty"]


class ExpectedChange(_Check):
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


class Proposal(_Check):
    """Exactly these changes are proposed, in any order."""

    kind: Literal["proposal"]
    changes: list[ExpectedChange]


class Withdraw(_Check):
    """Nothing is left to approve."""

    kind: Literal["withdraw"]


class Split(_Check):
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


class Case(BaseModel):
    """One conversation and what its last reply must be.

    Attributes:
        id: unique in its file.
        turns: what is said, in order, in one conversation.
        actor: as whom: a user's name or `admin` (`as` in a file).
        today: the clock.
        check: of the reply to the last turn.
        lang: of the turns.
        skill: `<group>.<what it exercises>`.
        why: what would go wrong for a person if this failed.
        sql: gives the right answer in the world at hand, see `evals.gold`; `:today` is the clock.
        source: the file that it came from.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")  # other people's files carry their own notes

    id: str
    turns: list[str] = Field(min_length=1)
    actor: str = Field("admin", alias="as")
    today: date
    check: Check
    lang: str = "en"
    skill: str = ""
    why: str = ""
    sql: str | None = None
    source: str = ""

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

    @property
    def is_write(self) -> bool:
        """Whether it is about changing records."""
        return self.check.kind in WRITES or "write" in self.skill

    @property
    def group(self) -> str:
        """The first part of the skill, for reports."""
        return self.skill.split(".")[0] or self.check.kind


def load_cases(paths: Iterable[Path]) -> list[Case]:
    """The cases of JSON-lines and YAML files, in order.

    Raises:
        Invalid: a file is missing, or an entry is no case; names the file and the entry.
    """
    return [case for path in paths for case in _load(path)]


def _load(path: Path) -> Iterator[Case]:
    for where, entry in _entries(path):
        try:
            yield Case.model_validate({**entry, "source": path.stem})
        except (ValidationError, TypeError) as error:
            raise Invalid(f"{path}, {where}, is no case: {_first(error)}") from error


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".yaml", ".yml"):
            yield from ((f"entry {n}", entry) for n, entry in enumerate(yaml.safe_load(text) or [], 1))
            return
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield f"line {number}", json.loads(line)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, yaml.YAMLError) as error:
        raise Invalid(f"{path} cannot be read as cases: {error}") from error


def _first(error: ValidationError | TypeError) -> str:
    if isinstance(error, TypeError):
        return "an object is needed"
    found = error.errors()[0]
    return f"{'.'.join(map(str, found['loc']))}: {found['msg']}"
