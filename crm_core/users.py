"""From a name or an email address to an `Actor` with the role's rights and the team below the person."""

from collections import defaultdict
from typing import NamedTuple

from rapidfuzz import process
from sqlalchemy import select

from crm_core.access import ADMIN, DEFAULT_SCOPES, Actor, Scope
from crm_core.db import ReadStore
from crm_core.errors import Forbidden, Invalid, NotFound
from crm_core.models import RoleScope, User, UserRole

Scopes = dict[UserRole, tuple[Scope, Scope]]


class Person(NamedTuple):
    """A user as far as signing in goes."""

    id: int
    name: str
    email: str | None
    role: str
    manager_id: int | None
    is_active: bool


def actor_for(store: ReadStore, name_or_email: str) -> Actor:
    """The actor called `name_or_email`, matched whole in any case; `admin` is the built-in one.

    Raises:
        NotFound: nobody is called so; names who comes near.
        Invalid: several people are called so.
        Forbidden: the person is no longer active.
    """
    wanted = name_or_email.strip()
    if wanted.lower() == ADMIN.name:
        return ADMIN
    people, scopes = _read(store)
    person = _pick(people, wanted)
    if not person.is_active:
        raise Forbidden(f"{person.name} is no longer active and cannot ask.")
    return _actor(person, people, scopes)


def find_actor(store: ReadStore, user_id: int) -> Actor | None:
    """The actor of the user with this id, 0 the built-in administrator; None where they are gone or not active."""
    if user_id == ADMIN.id:
        return ADMIN
    people, scopes = _read(store)
    person = next((one for one in people if one.id == user_id and one.is_active), None)
    return None if person is None else _actor(person, people, scopes)


def list_actors(store: ReadStore) -> list[Actor]:
    """Everybody who is active, by name, with their rights; not the built-in administrator."""
    people, scopes = _read(store)
    return [_actor(one, people, scopes) for one in people if one.is_active]


def _actor(person: Person, people: list[Person], scopes: Scopes) -> Actor:
    role = UserRole(person.role)
    reads, writes = scopes.get(role, DEFAULT_SCOPES[role])
    manager = next((other.name for other in people if other.id == person.manager_id), None)
    team = team_of(people, person.id)
    return Actor(id=person.id, name=person.name, role=role, reads=reads, writes=writes, team=team, manager=manager)


def names_of(store: ReadStore) -> dict[int, str]:
    """Everyone's name by id, those who left and the built-in administrator included."""
    people, _ = _read(store)
    return {ADMIN.id: ADMIN.name} | {person.id: person.name for person in people}


def find_by_email(store: ReadStore, email: str) -> Actor | None:
    """The one active person with this address, in any case of letters; None where there is none, or several."""
    people, scopes = _read(store)
    key = email.strip().casefold()
    found = [one for one in people if key and (one.email or "").casefold() == key]
    return _actor(found[0], people, scopes) if len(found) == 1 and found[0].is_active else None


def list_people(store: ReadStore) -> list[Person]:
    """Everybody, by name; those who are not active too."""
    return _read(store)[0]


def team_of(people: list[Person], user_id: int) -> frozenset[int]:
    """`user_id` and everybody below, also where the managers form a circle."""
    reports = defaultdict(list)
    for person in people:
        reports[person.manager_id].append(person.id)
    team, waiting = {user_id}, [user_id]
    while waiting:
        new = [below for below in reports[waiting.pop()] if below not in team]
        team.update(new)
        waiting.extend(new)
    return frozenset(team)


def _read(store: ReadStore) -> tuple[list[Person], Scopes]:
    columns = (User.id, User.name, User.email, User.role, User.manager_id, User.is_active)
    with store.read() as connection:
        rows = connection.execute(select(*columns).where(User.deleted_at.is_(None)).order_by(User.name))
        people = [Person(*row) for row in rows]
        scopes = connection.execute(select(RoleScope.role, RoleScope.reads, RoleScope.writes)).all()
    return people, {UserRole(role): (Scope(reads), Scope(writes)) for role, reads, writes in scopes}


def _pick(people: list[Person], wanted: str) -> Person:
    key = wanted.casefold()
    found = [p for p in people if key in (p.name.casefold(), (p.email or "").casefold())]
    exact = [p for p in found if wanted in (p.name, p.email)]
    if not found:
        raise NotFound(f"There is no user {wanted!r}{_near(people, wanted)}.")
    if len(exact or found) > 1:
        addresses = ", ".join(p.email or f"id {p.id}" for p in exact or found)
        raise Invalid(f"Several users are called {wanted!r}; give the email address: {addresses}.")
    return (exact or found)[0]


def _near(people: list[Person], wanted: str) -> str:
    names = [p.name for p in people]
    near = [m[0] for m in process.extract(wanted.lower(), names, processor=str.lower, limit=3, score_cutoff=60)]
    return f"; did you mean {' or '.join(near)}?".removesuffix("?") if near else "; `admin` always works"
