"""`farley token`: keys for programs that act in a person's name."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import AsUser, JsonFlag

if TYPE_CHECKING:
    from crm_core.tokens import Token

app = typer.Typer(help="Access tokens of programs: make, list, take back.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for.")],
    rights: Annotated[
        str, typer.Option("--rights", metavar="LIST", help="What it may do: read,write,ask,approve,admin.")
    ] = "read,ask",
    days: Annotated[int, typer.Option("--days", metavar="N", help="How long it lives.")] = 90,
    user: AsUser = None,
    json: JsonFlag = False,
) -> None:
    """Make a token; it is shown once."""
    from crm_core.tokens import create_token
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        made, secret = create_token(session.store, session.actor, name=name, rights=_rights(rights), days=days)
        if json:
            print_json({**_as_json(made, session.actor.name), "token": secret})
            return
        may = ", ".join(sorted(made.rights))
        say(f"{session.actor.name}'s token {made.id} ({may}), until {made.expires_at:%Y-%m-%d}:")
        say(secret, "bold")
        say("It is shown this once. Whoever has it acts as this person; `farley token revoke` takes it back.")


@app.command("list")
def list_all(user: AsUser = None, json: JsonFlag = False) -> None:
    """List your tokens; an administrator's list is everybody's."""
    from datetime import UTC, datetime

    from crm_core.tokens import list_tokens
    from crm_core.users import names_of
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say, show_table

    with open_session(user) as session:
        found, names = list_tokens(session.store, session.actor), names_of(session.store)
        if json:
            print_json({"tokens": [_as_json(one, names.get(one.user_id)) for one in found]})
            return
        if not found:
            say("There are no tokens. `farley token create NAME` makes one.")
            return
        now = datetime.now(UTC)
        rows = [
            (str(one.id), one.name, names.get(one.user_id, "?"), ", ".join(sorted(one.rights)), _state(one, now))
            for one in found
        ]
        show_table(("id", "for", "acts as", "rights", "state"), rows)


@app.command()
def revoke(
    token: Annotated[int, typer.Argument(metavar="ID", help="As `farley token list` shows it.")], user: AsUser = None
) -> None:
    """Take a token back, at once and for good."""
    from crm_core.tokens import revoke_token
    from integrations.cli.session import open_session
    from integrations.cli.show import say

    with open_session(user) as session:
        gone = revoke_token(session.store, token, actor=session.actor)
        say(f"The token {gone.id} ({gone.name}) opens nothing any more.")


def _rights(listed: str) -> list[Any]:
    from crm_core.errors import Invalid
    from crm_core.tokens import Right

    names = [name.strip() for name in listed.split(",") if name.strip()]
    wrong = [name for name in names if name not in list(Right)]
    if wrong:
        raise Invalid(f"There is no right {wrong[0]!r}; there are: {', '.join(Right)}.")
    return [Right(name) for name in names]


def _state(token: "Token", now: Any) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return f"until {token.expires_at:%Y-%m-%d}" if token.is_good(now) else "expired"


def _as_json(token: "Token", acts_as: str | None) -> dict[str, Any]:
    return {
        "id": token.id, "name": token.name, "acts_as": acts_as, "rights": sorted(token.rights),
        "created_at": token.created_at.isoformat(), "expires_at": token.expires_at.isoformat(),
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }  # fmt: skip
