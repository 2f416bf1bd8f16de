"""The company's own limits. What "stalled" means here is kept like any other meaning: audited, and undone like it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from crm_core.access import Actor
from crm_core.company_words import accept_word, remove_word
from crm_core.db import Store
from crm_core.errors import Invalid
from crm_core.health.rules import AT_RISK, RULES, Rule, get_rule
from crm_core.models import CompanyWord

TARGET = "health:"  # how the target of a company's word names a warning
MOST = 10_000
_LIMIT = "limit"


@dataclass(frozen=True)
class Limits:
    """What the company set; None: that warning is off."""

    own: Mapping[str, int | None] = field(default_factory=dict)

    def of(self, name: str) -> int:
        """The limit of a warning that is on."""
        limit = self.own.get(name, get_rule(name).default)
        assert limit is not None
        return limit

    @property
    def at_risk(self) -> int:
        """From how many points a deal counts as at risk."""
        return self.of(AT_RISK.name)

    def rules(self) -> Iterable[Rule]:
        """The warnings that are on."""
        return (rule for rule in RULES.values() if self.own.get(rule.name, 0) is not None)


def read_limits(connection: Connection) -> Limits:
    """The limits as they stand; a warning that is gone is left out."""
    words = CompanyWord.__table__.c
    found = connection.execute(select(words.target, words.meaning).where(words.target.startswith(TARGET)))
    own = {row.target.removeprefix(TARGET): _limit(row.meaning) for row in found}
    return Limits({name: limit for name, limit in own.items() if name in RULES or name == AT_RISK.name})


def set_limit(store: Store, name: str, limit: int | None, *, actor: Actor, door: str, is_off: bool = False) -> str:
    """Set the limit of a warning, switch the warning off, or go back to its default; gives the change set's id.

    Args:
        store: where.
        name: of the warning, or "at_risk".
        limit: in the warning's unit; None: its default, unless `is_off`.
        actor: an administrator.
        door: what it came through.
        is_off: do not give this warning any more.

    Raises:
        Invalid: no such warning, or no such limit.
        Conflict: it is so already.
        NotFound: the default holds already.
        Forbidden: the actor is no administrator.
    """
    rule = get_rule(name)
    phrase = f"{TARGET}{rule.name}"
    if limit is None and not is_off:
        return remove_word(store, phrase, actor=actor, door=door)
    if is_off and rule is AT_RISK:
        raise Invalid("What counts as at risk needs a limit; a single warning can be switched off.")
    if limit is not None and not 0 <= limit <= MOST:
        raise Invalid(f"A limit of {limit} makes no sense; give 0 to {MOST:,} {rule.unit}.")
    told = "off" if is_off else f"a limit of {limit} {rule.unit}"
    meaning: dict[str, Any] = {_LIMIT: None if is_off else limit}
    return accept_word(store, phrase, phrase, meaning=meaning, told=told, actor=actor, door=door)


def _limit(meaning: Any) -> int | None:
    limit = (meaning or {}).get(_LIMIT)
    return limit if isinstance(limit, int) else None
