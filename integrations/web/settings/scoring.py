"""How leads and deals are ranked: the points card, and what counts as a risk."""

from dataclasses import dataclass
from typing import Any

from nicegui import ui

from copilot.health import formula, rule_name
from crm_core.access import Actor
from crm_core.errors import Forbidden
from crm_core.health import AT_RISK, RULES, read_limits
from crm_core.health.limits import Limits, set_limit
from crm_core.health.rules import Rule
from crm_core.query.derived import SCORED
from crm_core.scores.points import card_text, drop_card, save_card
from crm_core.scores.run import reader_of
from integrations.scoring import State, states
from integrations.web import text
from integrations.web.desk import DOOR, Desk
from integrations.web.panels import Live, act, dialog, panel, plain_table, row
from integrations.web.people import Person
from integrations.web.settings.frame import is_admin, settings_frame, tell_done
from integrations.web.shell import notify, work

_HEADS = ("warning", "warning_limit", "warning_points", "actions")


@dataclass(frozen=True)
class Scoring:
    """The card in force, the models that rank by it or by history, and the limits of the warnings."""

    card: str
    is_own: bool
    states: tuple[State, ...]
    limits: Limits


def read_scoring(desk: Desk) -> Scoring:
    """As the page shows it."""
    own = desk.settings.points_card
    with desk.store.read() as connection:
        limits = read_limits(connection)
    return Scoring(card_text(own), own.exists(), tuple(states(desk.store, desk.today())), limits)


def keep_card(desk: Desk, card: str | None, *, actor: Actor) -> None:
    """Let this be the company's points card; None: the one that comes with Farley.

    Raises:
        Invalid: it is no card.
        Forbidden: the actor is no administrator; a card is a file of the process, so no change set asks.
    """
    if not is_admin(actor):
        raise Forbidden("The points card takes an administrator.")
    if card is None:
        drop_card(desk.settings.points_card)
        return
    with desk.store.read() as connection:
        names = {kind: reader_of(desk.store, connection, kind, desk.today()).names for kind in SCORED}
    save_card(desk.settings.points_card, card, names)


async def build(desk: Desk, person: Person) -> None:
    """The card with its editor, and the warnings with their limits."""
    with settings_frame(person, "scoring"):
        live: Live[Scoring] = Live(lambda: read_scoring(desk), lambda found: _show(desk, person, found, live))
        await live.show()


def _show(desk: Desk, person: Person, found: Scoring, live: Live[Scoring]) -> None:
    _card(desk, person, found, live)
    heads = [person.say(key) for key in _HEADS]
    with panel(person.say("warnings"), person.say("warnings_note")), plain_table(heads, person.say("warnings")):
        for rule in (*RULES.values(), AT_RISK):
            _rule(desk, person, found, rule, heads, live)


def _card(desk: Desk, person: Person, found: Scoring, live: Live[Scoring]) -> None:
    async def save() -> None:
        await work(keep_card, desk, str(editor.value or ""), actor=person.actor)
        await live.show()
        notify(person.say("card_saved"), kind="positive")

    async def reset() -> None:
        await work(keep_card, desk, None, actor=person.actor)
        await live.show()
        notify(person.say("card_reset"), kind="positive")

    with panel(person.say("points_card"), person.say("points_note")):
        for state in found.states:
            status = state.kept.card["model"]["status"]
            text.words("p", person.say(f"ranked_by_{'points' if status == 'points' else 'history'}",
                                       what=person.say(f"ranked_{state.kept.entity}")), "small")  # fmt: skip
        editor = ui.textarea(value=found.card).props("outlined autogrow spellcheck=false").classes("field code-field")
        editor.props["aria-label"] = person.say("points_card")
        with ui.element("div").classes("line"):
            act(person, person.say("save"), save, kind="primary")
            if found.is_own:
                act(person, person.say("card_default"), reset)


def _rule(
    desk: Desk, person: Person, found: Scoring, rule: Rule, heads: list[str], live: Live[Scoring]
) -> None:  # fmt: skip
    is_on = found.limits.own.get(rule.name, 0) is not None

    def actions() -> None:
        act(person, person.say("edit"), lambda: _limit(desk, person, found, rule, live),
            name=f"{person.say('edit')} {rule_name(rule.name, person.lang)}").mark(f"limit-{rule.name}")  # fmt: skip

    limit_now = found.limits.of(rule.name) if is_on else rule.default
    limit = f"{limit_now:,} {person.say(f'unit_{rule.unit}')}" if is_on else person.say("off")
    if rule.name in found.limits.own:
        limit += f" · {person.say('own_limit')}"

    def named() -> None:
        text.words("span", rule_name(rule.name, person.lang), "strong")
        text.words("p", formula(rule.name, limit_now, person.lang), "muted small")

    points = "–" if rule is AT_RISK else str(rule.points)
    row(heads, (named, limit, points, actions), "" if is_on else "is-off")


def _limit(desk: Desk, person: Person, found: Scoring, rule: Rule, live: Live[Scoring]) -> None:
    is_on = found.limits.own.get(rule.name, 0) is not None
    shown: dict[str, Any] = {}

    async def save() -> None:
        is_off = not shown["on"].value if "on" in shown else False
        limit = None if is_off or shown["default"].value else int(shown["limit"].value or 0)
        made = await work(
            set_limit, desk.store, rule.name, limit, is_off=is_off, actor=person.actor, door=DOOR
        )  # fmt: skip
        await tell_done(person, made, live)

    with dialog(person, rule_name(rule.name, person.lang), save):
        if rule is not AT_RISK:
            shown["on"] = ui.switch(person.say("warning_on"), value=is_on)
        value = found.limits.of(rule.name) if is_on else rule.default
        label = f"{person.say('warning_limit')} ({person.say(f'unit_{rule.unit}')})"
        shown["limit"] = ui.number(label, value=value, min=0, max=10_000, precision=0).props("outlined dense")
        shown["limit"].classes("field")
        shown["default"] = ui.checkbox(person.say("warning_default", limit=str(rule.default)), value=False)
