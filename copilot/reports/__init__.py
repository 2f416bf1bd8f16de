"""Reports: what many records say together, or how one of them is rated, as a page with its figures in a table.

Each is declared once, in `REPORTS`. It is handed what was asked and a turn, and knows neither the planner nor a door.
"""

from datetime import date

from copilot.context import Lang, TurnContext
from copilot.knowledge import Knowledge
from copilot.page import Page
from copilot.reports.buying import COHORTS, LIFECYCLE, NEXT_ORDER, RFM
from copilot.reports.day import DAY
from copilot.reports.forecast import FORECAST
from copilot.reports.forecast_change import FORECAST_CHANGE
from copilot.reports.funnel import CYCLE_TIME, FUNNEL
from copilot.reports.health import HEALTH
from copilot.reports.people import ACTIVITY, ATTAINMENT
from copilot.reports.report import Asked, Report
from copilot.reports.score import SCORE
from copilot.reports.win_loss import WIN_LOSS
from crm_core.access import Actor
from crm_core.db import AgentStore
from crm_core.errors import Invalid

_ALL = (
    FORECAST, FORECAST_CHANGE, FUNNEL, CYCLE_TIME, WIN_LOSS, COHORTS, RFM, LIFECYCLE, NEXT_ORDER, ATTAINMENT, ACTIVITY,
    HEALTH, SCORE, DAY,
)  # fmt: skip
REPORTS: dict[str, Report] = {one.name: one for one in _ALL}


def get_report(name: str) -> Report:
    """The report called `name`.

    Raises:
        Invalid: there is none; names those that there are.
    """
    if name not in REPORTS:
        raise Invalid(f"There is no report {name!r}. There are: {', '.join(REPORTS)}.")
    return REPORTS[name]


def make_report(store: AgentStore, name: str, asked: Asked, *, actor: Actor, today: date, lang: Lang) -> Page:
    """A report for a person who pointed at it, without a conversation.

    Raises:
        Invalid: there is none, or it cannot be told of what was asked.
    """
    turn = TurnContext(
        store=store, actor=actor, today=today, lang=lang, text="", thread=f"{actor.id}/report", door="web",
        knowledge=Knowledge(store),
    )  # fmt: skip
    return get_report(name).build(turn, asked)


__all__ = ["REPORTS", "Asked", "Report", "get_report", "make_report"]
