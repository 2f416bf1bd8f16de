"""`farley autodrafts`: whether drafts come by themselves."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import AsUser, JsonFlag

if TYPE_CHECKING:
    from crm_core.auto_drafts import Rules
    from integrations.cli.session import Session

Team = Annotated[str | None, typer.Option("--team", metavar="NAME", help="For a team; its managers may.")]
Everybody = Annotated[bool, typer.Option("--everybody", help="For all who chose nothing else; administrators may.")]

app = typer.Typer(
    help="Drafts that come by themselves: after a meeting or call was logged, when a promise falls due, and when a"
    " customer's mail waits for an answer. Each waits for your approval; `farley worker` makes them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("show")
def show(user: AsUser = None, json: JsonFlag = False) -> None:
    """Tell how it is for you."""
    from integrations.cli.session import open_session

    with open_session(user) as session:
        _tell(session, json=json)


@app.command("on")
def turn_on(
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", help="A mail is unanswered after so many days.")
    ] = None,
    quiet: Annotated[
        str | None, typer.Option("--quiet", metavar="FROM-UNTIL", help="Hours without any, such as 18:30-08:00.")
    ] = None,
    work: Annotated[
        str | None,
        typer.Option("--work", metavar="DAYS", help="Working days, such as mon-fri, sun-thu or mon,wed,fri."),
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="Your time zone, such as Asia/Shanghai.")
    ] = None,
    team: Team = None,
    everybody: Everybody = False,
    user: AsUser = None,
    json: JsonFlag = False,
) -> None:
    """Have drafts made for you; options that are not given stay as they are."""
    given: dict[str, Any] = {"is_on": True, "unanswered_days": days, "working_days": work, "time_zone": zone}
    if quiet is not None:
        given["quiet_from"], dash, given["quiet_until"] = quiet.replace(" ", "").partition("-")
        if not dash:
            raise typer.BadParameter("write the quiet hours like 18:30-08:00", param_hint="--quiet")
    _choose(given, team=team, everybody=everybody, user=user, json=json)


@app.command("off")
def turn_off(team: Team = None, everybody: Everybody = False, user: AsUser = None, json: JsonFlag = False) -> None:
    """Have no drafts made for you."""
    _choose({"is_on": False}, team=team, everybody=everybody, user=user, json=json)


def _choose(given: dict[str, Any], *, team: str | None, everybody: bool, user: str | None, json: bool) -> None:
    from crm_core.auto_drafts import EVERYBODY, choose
    from crm_core.errors import Invalid
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        own = f"user:{session.actor.id}"
        scope = EVERYBODY if everybody else f"team:{team}" if team else own
        if scope == "user:0":
            raise Invalid("admin gets no drafts: name a person with --as, a team with --team, or all with --everybody.")
        chosen = {name: value for name, value in given.items() if value is not None}
        choose(session.store, scope, chosen, actor=session.actor)
        if scope == own:
            _tell(session, json=json)
        elif json:
            print_json({"scope": scope, **chosen})
        else:
            say(f"Drafts by themselves are {'on' if chosen['is_on'] else 'off'} for {team or 'all'}.")


def _tell(session: "Session", *, json: bool) -> None:
    from crm_core.auto_drafts import rules_of
    from integrations.cli.show import print_json, say

    with session.store.read() as connection:
        rules = rules_of(connection, session.actor.id, time_zone=session.settings.time_zone)
    if json:
        print_json(asdict(rules))
    else:
        say(_describe(rules, session.actor.name))


def _describe(rules: "Rules", name: str) -> str:
    if not rules.is_on:
        return f"No drafts are made by themselves for {name}. `farley autodrafts on` turns them on."
    days = f"{rules.unanswered_days} days" if rules.unanswered_days != 1 else "a day"
    quiet = f"{rules.working_days} only, none between {rules.quiet_from} and {rules.quiet_until}"
    return (
        f"For {name} drafts are made after a meeting or call was logged, when a promise falls due, and when a mail"
        f" waits for an answer for {days}; {quiet} ({rules.time_zone}). Each waits for approval:"
        " `farley changes --waiting`. `farley autodrafts off` turns them off."
    )
