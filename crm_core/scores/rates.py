"""What the store's currencies are worth in its own, as far as there are rates."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from crm_core.models import StoreInfo
from crm_core.money import minor_digits
from crm_core.query.currencies import read_rates


@dataclass
class Rates:
    """Called with a currency, what one minor unit of it is worth in units of `base`; None where there is no rate.

    `lacking` gathers the currencies that had none: their amounts count as not given.
    """

    base: str
    worth: dict[str, float]
    lacking: set[str] = field(default_factory=set)

    def __call__(self, currency: str | None) -> float | None:
        """See the class."""
        code = currency or self.base
        if code not in self.worth:
            self.lacking.add(code)
            return None
        return self.worth[code] * float(10 ** -minor_digits(code))


def rates_on(connection: Connection, today: date) -> Rates:
    """The rates in force on a day."""
    base = str(connection.execute(select(StoreInfo.value).where(StoreInfo.name == "base_currency")).scalar_one())
    known = {code: float(worth) for code, worth in read_rates(connection, base, today).items()}
    return Rates(base, {**known, base: 1.0})
