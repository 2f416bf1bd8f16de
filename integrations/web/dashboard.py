"""The figures: the same reports as in the chat, for a period, a person or a team; each says what it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nicegui import ui
from sqlalchemy import select

from copilot.page import Page
from copilot.refusals import translate
from copilot.reports import Asked, make_report
from crm_core.access import Actor
from crm_core.analytics.period import Period, quarter_of
from crm_core.db import ReadStore
from crm_core.errors import CrmError
from crm_core.models import User
from crm_core.query.spec import Condition, Filter
from integrations.web import text
from integrations.web.charts import show_chart
from integrations.web.desk import Desk
from integrations.web.panels import Live, choice
from integrations.web.people import Person
from integrations.web.shell import edge, empty, frame, heading
from integrations.web.tables import ResultTable

# report → the field of its records that says whose they are, and whether it is told of a period
SHOWN: Mapping[str, tuple[str, bool]] = {
    "forecast": ("owner", True), "attainment": ("owner", True), "funnel": ("owner", True), "win_loss": ("owner", True),
    "activity": ("user", True), "health": ("owner", False),
}  # fmt: skip
PERIODS = ("this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "last_30_days")
_LINES = 5  # of a section that stand open


@dataclass(frozen=True)
class Scope:
    """Whom the figures are of: a person or a team, by name; None: all that the actor may see."""

    kind: str
    name: str

    @property
    def key(self) -> str:
        """As the filter keeps it."""
        return f"{self.kind}:{self.name}"

    def where(self, field: str) -> Filter:
        """As a test of whose a record is."""
        return Condition(field=field if self.kind == "person" else f"{field}.team", value=self.name)


def read_scopes(store: ReadStore) -> list[Scope]:
    """The teams and the people who work here."""
    here = (User.deleted_at.is_(None), User.is_active)
    with store.read() as connection:
        rows = connection.execute(select(User.name, User.team).where(*here).order_by(User.name)).all()
    teams = sorted({row.team for row in rows if row.team})
    return [*(Scope("team", team) for team in teams), *(Scope("person", row.name) for row in rows)]


def period_of(key: str, today: date) -> Period:
    """The days of a period that can be chosen."""
    this = quarter_of(today)
    if key == "last_quarter":
        return quarter_of(this.since - timedelta(days=1))
    if key == "next_quarter":
        return quarter_of(this.until + timedelta(days=1))
    if key in ("this_year", "last_year"):
        year = today.year - (key == "last_year")
        return Period(date(year, 1, 1), date(year, 12, 31))
    return Period(today - timedelta(days=29), today) if key == "last_30_days" else this


def read_report(desk: Desk, name: str, actor: Actor, lang: Any, period: Period, scope: Scope | None) -> Page | str:
    """A report, or why there is none."""
    field, is_dated = SHOWN[name]
    since, until = (period.since, period.until) if is_dated else (None, None)
    asked = Asked(where=scope.where(field) if scope else None, since=since, until=until)
    try:
        return make_report(desk.store.for_agent, name, asked, actor=actor, today=desk.today(), lang=lang)
    except CrmError as error:
        return translate(error, lang)


async def build(desk: Desk, person: Person) -> None:
    """The filters, and a card for each report."""
    with frame(person, person.say("dashboard"), wide=True):
        heading(person.say("dashboard"), note=person.say("dashboard_note"))
        _Dashboard(desk, person).show()


class _Dashboard:
    """The figures at one page."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk, self.person = desk, person
        self.period, self.scope = PERIODS[0], ""
        self._scopes = {one.key: one for one in read_scopes(desk.store)}

    def show(self) -> None:
        """The filters, and the cards, which come one after the other."""
        say = self.person.say
        with ui.element("div").classes("filters"):
            periods = {key: say(f"period_{key}") for key in PERIODS}
            self._filter("period", choice(say("filter_period"), periods, self.period))
            scopes = {"": say("everything_mine")} | {key: say(f"of_{one.kind}", name=one.name)
                                                     for key, one in self._scopes.items()}  # fmt: skip
            self._filter("scope", choice(say("filter_scope"), scopes, "", with_input=True))
        with ui.element("div").classes("figures"):
            self._live = []
            for name in SHOWN:
                with ui.element("section").classes("card figure"):
                    self._live.append(self._figure(name))
        ui.timer(0, self._refresh, once=True)

    def _filter(self, name: str, shown: ui.select) -> None:
        async def chosen(value: str | None) -> None:
            setattr(self, name, value or "")
            await self._refresh()

        shown.on_value_change(lambda event: chosen(event.value))

    async def _refresh(self) -> None:
        with edge(self.person):
            for live in self._live:
                await live.show()

    def _figure(self, name: str) -> Live[Page | str]:
        def read() -> Page | str:
            period = period_of(self.period, self.desk.today())
            return read_report(
                self.desk, name, self.person.actor, self.person.lang, period, self._scopes.get(self.scope)
            )  # fmt: skip

        return Live(read, lambda page: self._page(name, page))

    def _page(self, name: str, page: Page | str) -> None:
        if isinstance(page, str):
            text.words("h2", self.person.say(f"figure_{name}"))
            text.words("p", page, "muted")
            return
        text.words("h2", page.title)
        for section in page.sections:
            self._section(section.heading, [line.text for line in section.lines], section.if_empty)
        if page.chart is not None:
            show_chart(page.chart)
        if page.table is not None and page.table.rows:
            with ui.expansion(self.person.say("figure_table")).props("dense").classes("small"):
                ResultTable(self.person, page.table.columns, page.table.rows, entity=page.table.entity, name=name)
        elif not any(section.lines for section in page.sections):
            empty(self.person, "figure_none", icon="query_stats")
        if page.note:
            text.words("p", page.note, "muted small")
        text.words("p", self.person.say("read_from", what=page.asked), "muted small read-from")

    def _section(self, title: str, lines: list[str], if_empty: str) -> None:
        if not lines and not if_empty:
            return
        text.words("h3", title)
        if not lines:
            text.words("p", if_empty, "muted small")
            return
        with ui.element("ul").classes("told"):
            for line in lines[:_LINES]:
                text.words("li", line)
