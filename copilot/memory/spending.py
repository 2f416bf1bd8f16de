"""The cost ledger: what each person's turns took from the vendor each day, and whether more is allowed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from copilot.memory.engine import Conversations
from copilot.memory.tables import spending

MICROS = 1_000_000

_column = spending.c


@dataclass(frozen=True)
class Prices:
    """What the vendor asks, in whatever unit its bill has.

    Attributes:
        per_million_in, per_million_out: for a million tokens.
        daily_cap: that one person may spend in a day (UTC); 0: no cap.
    """

    per_million_in: Decimal = Decimal(0)
    per_million_out: Decimal = Decimal(0)
    daily_cap: Decimal = Decimal(0)

    def cost_micros(self, tokens_in: int, tokens_out: int) -> int:
        """Millionths of the unit, rounded up."""
        cost = tokens_in * self.per_million_in + tokens_out * self.per_million_out
        return int(cost.to_integral_value(rounding="ROUND_CEILING"))


@dataclass(frozen=True)
class Spent:
    """What one person's turns took from one model on one day."""

    actor_id: int
    day: date
    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost: Decimal


class Spending:
    """The ledger. Days are those of the clock, never of the question."""

    def __init__(
        self, kept: Conversations, prices: Prices, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._kept = kept
        self._prices = prices
        self._clock = clock

    def is_used_up(self, actor_id: int) -> bool:
        """Whether the person's cap for today is reached. A call that has begun is never cut off."""
        cap = self._prices.daily_cap
        if not cap:
            return False
        today = (_column.actor_id == actor_id) & (_column.day == self._clock().date())
        with self._kept.transaction() as connection:
            spent = connection.execute(select(func.sum(_column.cost_micros)).where(today)).scalar_one()
        return Decimal(int(spent or 0)) >= cap * MICROS

    def add(self, actor_id: int, model: str, *, tokens_in: int, tokens_out: int) -> None:
        """Enter one call."""
        key = {"actor_id": actor_id, "day": self._clock().date(), "model": model[:200]}
        cost = self._prices.cost_micros(tokens_in, tokens_out)
        row = {"calls": 1, "tokens_in": tokens_in, "tokens_out": tokens_out, "cost_micros": cost}
        new = self._kept.insert(spending).values(key | row)
        added = {name: spending.c[name] + value for name, value in row.items()}
        with self._kept.transaction() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=added))

    def read(self, *, days: int) -> tuple[Spent, ...]:
        """The last `days` days, today included, the newest first."""
        since = date.fromordinal(self._clock().date().toordinal() - days + 1)
        order = (_column.day.desc(), _column.actor_id, _column.model)
        with self._kept.transaction() as connection:
            rows = connection.execute(select(spending).where(_column.day >= since).order_by(*order)).all()
        return tuple(
            Spent(r.actor_id, r.day, r.model, r.calls, r.tokens_in, r.tokens_out, Decimal(r.cost_micros) / MICROS)
            for r in rows
        )
