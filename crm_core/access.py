"""Who acts, what a role may read and write, and the filter that every read starts from.

The rules are stated in the question language itself, so one compiler guards lists, counts and totals alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from crm_core.models import UserRole
from crm_core.query.spec import All, Any, Condition, Filter
from crm_core.schema import Entity


class Scope(StrEnum):
    """How far a right reaches. TEAM is the person and everybody below them."""

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    ALL = "all"


DEFAULT_SCOPES: dict[UserRole, tuple[Scope, Scope]] = {  # role → (reads, writes)
    UserRole.REP: (Scope.ALL, Scope.OWN),
    UserRole.MANAGER: (Scope.ALL, Scope.TEAM),
    UserRole.ADMIN: (Scope.ALL, Scope.ALL),
    UserRole.AUDITOR: (Scope.ALL, Scope.NONE),
}

FOLLOWS_READING = frozenset({"interaction", "task"})  # whoever may see a customer may log what was said


@dataclass(frozen=True)
class Actor:
    """The authenticated person behind a request. A door makes it; it is never a tool's argument.

    Attributes:
        id: of the user; 0 is the built-in administrator, who is no row and owns nothing.
        name: as in the store.
        role: decides the scopes.
        reads: how far reading reaches.
        writes: how far writing reaches.
        team: ids of the user and of everybody below them.
        manager: name of the user's manager, if there is one.
    """

    id: int
    name: str
    role: UserRole
    reads: Scope = Scope.ALL
    writes: Scope = Scope.OWN
    team: frozenset[int] = field(default_factory=frozenset)
    manager: str | None = None


ADMIN = Actor(id=0, name="admin", role=UserRole.ADMIN, reads=Scope.ALL, writes=Scope.ALL)


def visible_to(actor: Actor, entity: Entity) -> Filter | None:
    """The filter that keeps what `actor` may read of `entity`; None: everything.

    A record without any owner is visible to all, or nobody could ever take it up.
    """
    return _within(actor, actor.reads, entity.owned_by)


def writable_by(actor: Actor, entity: Entity) -> Filter | None:
    """The filter that keeps what `actor` may change of `entity`; None: everything. See `may_write` first."""
    scope = actor.reads if entity.name in FOLLOWS_READING else actor.writes
    return _within(actor, scope, entity.owned_by)


def may_write(actor: Actor, entity: Entity) -> bool:
    """Whether the role may change records of this kind at all; reference data takes an administrator."""
    if actor.writes is Scope.NONE:
        return False
    return bool(entity.owned_by) or actor.role is UserRole.ADMIN


def _within(actor: Actor, scope: Scope, owned_by: Iterable[str]) -> Filter | None:
    paths = tuple(owned_by)
    if scope is Scope.ALL or not paths:
        return None
    ids: list[str | int | float | bool] = sorted(actor.team if scope is Scope.TEAM else {actor.id})
    owned = [Condition(field=path, op="in", value=ids) for path in paths]
    nobody = All(all=[Condition(field=path, op="empty") for path in paths])
    return Any(any=[*owned, nobody])
