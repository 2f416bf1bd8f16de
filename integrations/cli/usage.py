"""`farley usage`: what the language model was used for and what it cost; the model and its budget, and setting them."""

from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsUser, JsonFlag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copilot.memory.spending import Spent
    from integrations.cli.session import Session
    from integrations.settings import Settings


def usage(
    user: AsUser = None,
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=3660, help="How far back, in days.")] = 30,
    given: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Set the model or its budget for all, such as model_daily_cap=2; =default. Takes an administrator.",
            show_default=False,
        ),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Show what the language model took: calls, tokens and cost by person and day (UTC)."""
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say
    from integrations.stored import STORED, effective

    with open_session(user) as session:
        if given is not None:
            _set(session, given)
        settings = effective(session.settings, session.store)
        held = {name: getattr(settings, name) for name in STORED}
        spent = _spent(session, settings, days)
        if json:
            told = {name: value if name == "model" else float(value) for name, value in held.items()}
            print_json(
                {"usage": [_as_json(one) for one in spent], "daily_cap": told["model_daily_cap"], "settings": told}
            )
        elif given is not None:
            say(", ".join(f"{name} = {value}" for name, value in held.items()))
        elif not spent:
            say("The language model was not used in this time.")
        else:
            _show(session, settings, spent)


def _set(session: "Session", given: str) -> None:
    from integrations.stored import keep

    name, _, value = (part.strip() for part in given.partition("="))
    wanted = None if value == "default" else value
    keep(session.settings, session.store, name.lower(), wanted, actor=session.actor, door="cli")


def _spent(session: "Session", settings: "Settings", days: int) -> "list[Spent]":
    """Everyone's for an administrator, one's own for others."""
    from crm_core.models import UserRole
    from integrations.spending import read_spent

    rows = read_spent(settings, days=days)
    sees_all = session.actor.role is UserRole.ADMIN
    return [one for one in rows if sees_all or one.actor_id == session.actor.id]


def _show(session: "Session", settings: "Settings", spent: "Sequence[Spent]") -> None:
    from crm_core.users import names_of
    from integrations.cli.show import say, show_table

    names = names_of(session.store)
    rows = [
        (one.day.isoformat(), names.get(one.actor_id, f"user {one.actor_id}"), one.model, f"{one.calls:,}",
         f"{one.tokens_in:,}", f"{one.tokens_out:,}", f"{one.cost:,.4f}")
        for one in spent
    ]  # fmt: skip
    show_table(("day", "person", "model", "calls", "tokens in", "tokens out", "cost"), rows, right=(3, 4, 5, 6))
    cap = settings.model_daily_cap
    say(f"In all: {sum(one.cost for one in spent):,.4f}. " + (f"Cap a person and day: {cap}." if cap else "No cap."))


def _as_json(one: "Spent") -> dict[str, object]:
    return {
        "day": one.day.isoformat(), "user_id": one.actor_id, "model": one.model, "calls": one.calls,
        "tokens_in": one.tokens_in, "tokens_out": one.tokens_out, "cost": float(one.cost),
    }  # fmt: skip
