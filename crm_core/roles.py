"""How far each role sees and changes: read by everybody, set by administrators as a change set that can be undone."""

from collections.abc import Mapping

from sqlalchemy import select

from crm_core.access import DEFAULT_SCOPES, Actor, Scope
from crm_core.changes import Change, Json, Op, commit_changes
from crm_core.changes.change import ROLE_SCOPE
from crm_core.db import ReadStore, Store
from crm_core.errors import Invalid
from crm_core.models import RoleScope, UserRole

FIXED = frozenset({UserRole.ADMIN})  # or nobody could arrange things any more
_ORDER = tuple(Scope)


def read_scopes(store: ReadStore) -> dict[UserRole, tuple[Scope, Scope]]:
    """By role, how far it sees and changes."""
    with store.read() as connection:
        rows = connection.execute(select(RoleScope.role, RoleScope.reads, RoleScope.writes)).all()
    kept = {UserRole(role): (Scope(reads), Scope(writes)) for role, reads, writes in rows}
    return {**DEFAULT_SCOPES, **kept}


def choices_of(role: UserRole) -> tuple[tuple[Scope, ...], tuple[Scope, ...]]:
    """How far the role may see, and how far it may change."""
    return _ORDER[1:], (Scope.NONE,) if role is UserRole.AUDITOR else _ORDER


def set_scope(store: Store, role: UserRole, reads: Scope, writes: Scope, *, actor: Actor, door: str) -> str | None:
    """Let a role reach so far; gives the change set's id, None where it does already.

    Raises:
        Invalid: the role has no such choice, or would change what it does not see.
        Forbidden: the actor is no administrator.
    """
    sees, changes = choices_of(role)
    if role in FIXED or reads not in sees or writes not in changes:
        raise Invalid(f"The role {role} cannot see {reads} and change {writes}.")
    if _ORDER.index(writes) > _ORDER.index(reads):
        raise Invalid("A role cannot change more than it sees.", field="writes")
    before = read_scopes(store)[role]
    if before == (reads, writes):
        return None
    pairs: Mapping[str, tuple[Json, Json]] = {
        "role": (str(role), str(role)), "reads": (str(before[0]), str(reads)), "writes": (str(before[1]), str(writes)),
    }  # fmt: skip
    change = Change(Op.UPDATE, ROLE_SCOPE, 1 + list(UserRole).index(role), None, pairs)
    summary = f"the role {role} sees {reads} and changes {writes}"
    return commit_changes(store, [change], actor=actor, kind="edit", summary=summary, door=door)
