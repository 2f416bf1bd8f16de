"""The questions of limits.md that are one spec each: `run_query` beside SQL written by hand, on the same store.

A question passes when its median is at most three times the figure in limits.md, or that figure and 10 ms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from benchmarks.stores import Stores
from benchmarks.timing import Measured, p50_ms
from benchmarks.world import TODAY
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec

QUARTER = ("2017-10-01", "2017-12-31")
YEAR_AGO = str(date(TODAY.year - 1, TODAY.month, TODAY.day) + timedelta(days=1))
MONTH_AGO = str(TODAY - timedelta(days=30))

IS_OPEN = {"field": "stage.kind", "value": "open"}
CLOSES_NOW = {"field": "closes_on", "op": "between", "value": list(QUARTER)}
OVER_50K = {"field": "amount", "op": "gt", "value": 50_000}
NO_TALK = {
    "children": "interactions",
    "where": {"field": "happened_on", "op": "ge", "value": MONTH_AGO},
    "op": "eq",
    "value": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One spec, the SQL that an expert would write for it, and the medians of limits.md in ms."""

    name: str
    spec: QuerySpec
    by_hand: str
    sqlite_ms: float
    postgresql_ms: float

    def limit_ms(self, dialect: str) -> float:
        """What it may take."""
        figure = self.sqlite_ms if dialect == "sqlite" else self.postgresql_ms
        return max(3 * figure, figure + 10)

    def written(self, dialect: str) -> str:
        """The hand-written SQL, in the dialect. `+` keeps SQLite from an index that its planner overrates."""
        month = "substr(d.closes_on, 1, 7)" if dialect == "sqlite" else "date_trunc('month', d.closes_on)"
        return self.by_hand.replace("{month}", month).replace("{+}", "+" if dialect == "sqlite" else "")


def _ask(**spec: Any) -> QuerySpec:
    return QuerySpec.model_validate(spec)


_OPEN_IDS = "(SELECT id FROM stages WHERE kind = 'open')"
_CLOSING = f"""d.stage_id IN {_OPEN_IDS} AND d.closes_on BETWEEN '{QUARTER[0]}' AND '{QUARTER[1]}'
    AND d.amount_minor > 5000000 AND d.deleted_at IS NULL"""

QUESTIONS = (
    Question(
        "open pipeline by stage",
        _ask(entity="deal", measures=[{"metric": "pipeline"}], group_by=[{"field": "stage"}]),
        f"""SELECT s.name, p.total FROM (
            SELECT d.stage_id, sum(d.amount_minor) AS total FROM deals d
            WHERE d.stage_id IN {_OPEN_IDS} AND d.deleted_at IS NULL GROUP BY d.stage_id
        ) p JOIN stages s ON s.id = p.stage_id ORDER BY s.position""",
        21,
        24,
    ),
    Question(
        "closing this quarter over 50k, per owner",
        _ask(
            entity="deal",
            where={"all": [IS_OPEN, CLOSES_NOW, OVER_50K]},
            measures=[{"fn": "count"}, {"fn": "sum", "field": "amount"}],
            group_by=[{"field": "owner"}],
        ),
        f"""SELECT u.name, p.n, p.total FROM (
            SELECT d.owner_id, count(*) AS n, sum(d.amount_minor) AS total FROM deals d
            WHERE {_CLOSING} GROUP BY {{+}}d.owner_id
        ) p JOIN users u ON u.id = p.owner_id ORDER BY p.n DESC""",
        3.4,
        1.5,
    ),
    Question(
        "closing this quarter over 50k, one owner's list of 50",
        _ask(
            entity="deal",
            where={"all": [IS_OPEN, CLOSES_NOW, OVER_50K, {"field": "owner", "value": "User 0042"}]},
            columns=["name", "account", "amount", "closes_on", "stage"],
            order_by=[{"by": "closes_on"}],
            limit=50,
        ),
        f"""SELECT d.name, a.name, d.amount_minor, d.closes_on, s.name FROM deals d
            JOIN stages s ON s.id = d.stage_id LEFT JOIN accounts a ON a.id = d.account_id
            WHERE {_CLOSING} AND d.owner_id = (SELECT id FROM users WHERE name = 'User 0042')
            ORDER BY d.closes_on, d.id LIMIT 50""",
        0.22,
        1.4,
    ),
    Question(
        "win rate by rep, 12 months",
        _ask(
            entity="deal",
            where={"field": "closed_on", "op": "between", "value": [YEAR_AGO, str(TODAY)]},
            measures=[{"metric": "win_rate"}],
            group_by=[{"field": "owner"}],
        ),
        f"""SELECT u.name, p.rate FROM (
            SELECT d.owner_id, avg(CASE WHEN s.kind = 'won' THEN 1.0 ELSE 0 END) AS rate
            FROM stages s JOIN deals d ON d.stage_id = s.id
            WHERE s.kind IN ('won', 'lost') AND d.closed_on BETWEEN '{YEAR_AGO}' AND '{TODAY}' AND d.deleted_at IS NULL
            GROUP BY {{+}}d.owner_id
        ) p JOIN users u ON u.id = p.owner_id ORDER BY p.rate DESC""",
        35,
        15,
    ),
    Question(
        "accounts with no activity for 30 days: count",
        _ask(entity="account", where=NO_TALK, measures=[{"fn": "count"}]),
        f"""SELECT count(*) FROM accounts a WHERE a.deleted_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM interactions i
            WHERE i.account_id = a.id AND i.happened_on >= '{MONTH_AGO}' AND i.deleted_at IS NULL)""",
        89,
        72,
    ),
    Question(
        "accounts with no activity for 30 days: 50 largest",
        _ask(
            entity="account",
            where=NO_TALK,
            columns=["name", "industry", "owner", "revenue"],
            order_by=[{"by": "revenue", "descending": True}],
            limit=50,
        ),
        f"""SELECT a.name, a.industry, u.name, a.revenue_minor FROM accounts a LEFT JOIN users u ON u.id = a.owner_id
            WHERE a.deleted_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM interactions i
                WHERE i.account_id = a.id AND i.happened_on >= '{MONTH_AGO}' AND i.deleted_at IS NULL)
            ORDER BY a.revenue_minor DESC, a.id LIMIT 50""",
        8,
        29,
    ),
    Question(
        "top 10 open deals",
        _ask(
            entity="deal",
            where=IS_OPEN,
            columns=["name", "account", "owner", "amount", "stage"],
            order_by=[{"by": "amount", "descending": True}],
            limit=10,
        ),
        f"""SELECT d.name, a.name, u.name, d.amount_minor, s.name FROM (
                SELECT id FROM deals
                WHERE {{+}}stage_id IN {_OPEN_IDS} AND deleted_at IS NULL AND amount_minor IS NOT NULL
                ORDER BY amount_minor DESC LIMIT 10
            ) p JOIN deals d ON d.id = p.id JOIN stages s ON s.id = d.stage_id
            LEFT JOIN accounts a ON a.id = d.account_id LEFT JOIN users u ON u.id = d.owner_id
            ORDER BY d.amount_minor DESC, d.id""",
        0.03,
        0.4,
    ),
    Question(
        "weighted forecast by month",
        _ask(
            entity="deal",
            where={"field": "closes_on", "op": "ge", "value": "2017-11-01"},
            measures=[{"metric": "weighted_pipeline"}],
            group_by=[{"field": "closes_on", "bucket": "month"}],
        ),
        """SELECT {month} AS month, sum(d.amount_minor * s.probability_pct) / 100.0
            FROM stages s JOIN deals d ON d.stage_id = s.id
            WHERE s.kind = 'open' AND d.closes_on >= '2017-11-01' AND d.deleted_at IS NULL
            GROUP BY 1 ORDER BY 1""",
        53,
        27,
    ),
)  # fmt: skip


def measure(stores: Stores) -> Iterator[Measured]:
    """Every question on every database."""
    for database, store in stores.each():
        for question in QUESTIONS:
            yield _measured(database, store, question)


def _measured(database: str, store: Store, question: Question) -> Measured:
    def by_hand() -> object:
        with store.read() as connection:
            return connection.exec_driver_sql(question.written(database)).all()

    def asked() -> object:
        return run_query(store, question.spec, actor=ADMIN, today=TODAY)

    return Measured(
        "pipeline_questions", question.name, database, p50_ms(asked), p50_ms(by_hand), question.limit_ms(database)
    )
