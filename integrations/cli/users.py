"""`farley user`: who may sign in to the web page."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsUser, JsonFlag

if TYPE_CHECKING:
    from integrations.cli.session import Session

app = typer.Typer(help="People at the web page: list them, let them in, keep them out.", no_args_is_help=True)
Who = Annotated[str, typer.Argument(metavar="NAME", help="Their name or email address; admin is the built-in one.")]


@app.command("list")
def list_all(user: AsUser = None, json: JsonFlag = False) -> None:
    """List the people, and who of them has a password."""
    from crm_core.signing_in import has_password
    from crm_core.users import list_people
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, show_table

    with open_session(user) as session:
        people = list_people(session.store)
        known = has_password(session.store, [one.id for one in people])
        if json:
            print_json({"users": [
                {"id": one.id, "name": one.name, "email": one.email, "role": one.role, "active": one.is_active,
                 "password": one.id in known}
                for one in people
            ]})  # fmt: skip
            return
        rows = [
            (one.name, one.email or "–", one.role, "yes" if one.is_active else "no", "yes" if one.id in known else "no")
            for one in people
        ]
        show_table(("name", "email", "role", "active", "password"), rows)


@app.command()
def password(
    name: Who,
    remove: Annotated[bool, typer.Option("--remove", help="Take it away: nobody signs in with it.")] = False,
    user: AsUser = None,
) -> None:
    """Give somebody a password for the web page, asked for or read from standard input; it ends their sessions."""
    from crm_core.signing_in import remove_password, set_password
    from integrations.cli.session import open_session
    from integrations.cli.show import say

    with open_session(user) as session:
        person, called = _person(session, name)
        if remove:
            remove_password(session.store, person)
            say(f"{called} has no password any more and is signed out everywhere.")
            return
        set_password(session.store, person, _typed())
        say(f"{called} signs in with the new password. Earlier sessions have ended.")


@app.command()
def link(
    name: Who, port: Annotated[int, typer.Option("--port", help="Of the server.")] = 8000, user: AsUser = None
) -> None:
    """Print a link by which somebody chooses their own password; it is good once, for three days."""
    from crm_core.signing_in import Purpose, make_link
    from integrations.cli.session import open_session
    from integrations.cli.show import say

    with open_session(user) as session:
        person, _ = _person(session, name)
        key = make_link(session.store, person, Purpose.SET_PASSWORD, by=session.actor)
        say(f"http://localhost:{port}/set-password?key={key}")


def _person(session: "Session", name: str) -> tuple[int, str]:
    """Whom an administrator, or the person themselves, may give a password."""
    from crm_core.errors import Forbidden
    from crm_core.models import UserRole
    from crm_core.users import actor_for

    found = actor_for(session.store, name)
    if session.actor.role is not UserRole.ADMIN and session.actor.id != found.id:
        raise Forbidden("Only an administrator gives somebody else a password.")
    return found.id, found.name


def _typed() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
