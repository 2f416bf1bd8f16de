"""`farley usage`: what the language model was used for and what it cost."""

from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsUser, JsonFlag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copilot.memory.spending import Spent
    from integrations.cli.session import Session


def usage(
    user: AsUser = None,
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=3660, help="How far back, in days.")] = 30,
    json: JsonFlag = False,
) -> None:
    """Show what the language model took: calls, tokens and cost by person and day (UTC)."""
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        spent = _spent(session, days)
        if json:
            print_json(
                {"usage": [_as_json(one) for one in spent], "daily_cap": float(session.settings.model_daily_cap)}
            )
        elif not spent:
            say("The language model was not used in this time.")
        else:
            _show(session, spent)


def _spent(session: "Session", days: int) -> "list[Spent]":
    """Everyone's for an administrator, one's own for others."""
    from crm_core.models import UserRole
    from integrations.spending import read_spent

    rows = read_spent(session.settings, days=days)
    sees_all = session.actor.role is UserRole.ADMIN
    return [one for one in rows if sees_all or one.actor_id == session.actor.id]


def _show(session: "Session", spent: "Sequence[Spent]") -> None:
    from crm_core.users import names_of
    from integrations.cli.show import say, show_table

    names = names_of(session.store)
    rows = [
        (one.day.isoformat(), names.get(one.actor_id, f"user {one.actor_id}"), one.model, f"{one.calls:,}",
         f"{one.tokens_in:,}", f"{one.tokens_out:,}", f"{one.cost:,.4f}")
        for one in spent
    ]  # fmt: skip
    show_table(("day", "person", "model", "calls", "tokens in", "tokens out", "cost"), rows, right=(3, 4, 5, 6))
    cap = session.settings.model_daily_cap
    say(f"In all: {sum(one.cost for one in spent):,.4f}. " + (f"Cap a person and day: {cap}." if cap else "No cap."))


def _as_json(one: "Spent") -> dict[str, object]:
    return {
        "day": one.day.isoformat(), "user_id": one.actor_id, "model": one.model, "calls": one.calls,
        "tokens_in": one.tokens_in, "tokens_out": one.tokens_out, "cost": float(one.cost),
    }  # fmt: skip
