"""`farley health`: deals at risk and why, and what counts as a risk here."""

from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsUser, JsonFlag, Today

if TYPE_CHECKING:
    from integrations.cli.session import Session

OFF, DEFAULT = "off", "default"


def health(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]", help="Of a deal, an account or a contact. [default: all deals at risk]"),
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List the warnings with their limits.")] = False,
    limit: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="WARNING=N",
            help="Set a limit; =off, =default. Takes an administrator.",
            show_default=False,
        ),
    ] = None,
    user: AsUser = None,
    today: Today = None,
    json: JsonFlag = False,
) -> None:
    """Print the deals at risk with the reasons, or what stands against one customer's deals."""
    from integrations.cli.session import open_session

    with open_session(user, today) as session:
        if limit is not None:
            _set(session, limit)
        if rules or limit is not None:
            _show_rules(session, json=json)
        else:
            _show_deals(session, " ".join(names or ()).strip(), json=json)


def _show_deals(session: "Session", name: str, *, json: bool) -> None:
    from copilot.language import language_of
    from copilot.words import sentence
    from integrations.cli.reporting import print_answer

    lang = language_of(name)
    text = sentence("health_ask_one", lang, name=name) if name else sentence("health_ask", lang)
    print_answer(session, text, json=json)


def _show_rules(session: "Session", *, json: bool) -> None:
    from copilot.health import formula, rule_name
    from crm_core.health import AT_RISK, RULES, read_limits
    from integrations.cli.show import print_json, show_table

    with session.store.read() as connection:
        limits = read_limits(connection)
    on = {rule.name for rule in limits.rules()} | {AT_RISK.name}
    told = [
        {
            "warning": rule.name, "name": rule_name(rule.name, "en"),
            "limit": limits.of(rule.name) if rule.name in on else None, "unit": str(rule.unit), "points": rule.points,
            "is_own": rule.name in limits.own,
            "formula": formula(rule.name, limits.of(rule.name) if rule.name in on else rule.default, "en"),
        }
        for rule in (*RULES.values(), AT_RISK)
    ]  # fmt: skip
    if json:
        print_json({"warnings": told})
        return
    rows = [
        [str(one["warning"]), OFF if one["limit"] is None else str(one["limit"]) + (" *" if one["is_own"] else ""),
         str(one["unit"]), str(one["points"] or ""), str(one["formula"])]
        for one in told
    ]  # fmt: skip
    show_table(["warning", "limit (* your own)", "unit", "points", "given when"], rows, right=(3,))


def _set(session: "Session", given: str) -> None:
    from crm_core.errors import Invalid
    from crm_core.health import get_rule, set_limit

    name, _, value = given.partition("=")
    rule = get_rule(name.strip().replace("-", "_"))
    value = value.strip().lower()
    if value not in (OFF, DEFAULT) and not value.isdecimal():
        raise Invalid(f"{given!r} sets no limit; write {rule.name}={rule.default}, {rule.name}=off or =default.")
    limit = int(value) if value.isdecimal() else None
    set_limit(session.store, rule.name, limit, is_off=value == OFF, actor=session.actor, door="cli")
