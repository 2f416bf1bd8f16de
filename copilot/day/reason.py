"""What makes a customer worth a person's time today, and how much each reason counts."""

from dataclasses import dataclass
from datetime import date

from copilot.reply import Citation

# Each declared once. A list's order: (the heaviest reason of a customer + a quarter of the others) × (1 + the
# customer's share of the money at stake); money at stake is amount × chance of the person's open deals there, the
# share is of the customer with the most.
WEIGHTS = {"promise": 5, "unanswered": 5, "overdue": 4, "due": 4, "risk": 3, "lead": 3, "order": 2}
OTHERS = 0.25
LEAST = 2.5  # below it nothing is worth the first hour


@dataclass(frozen=True)
class Reason:
    """Why to turn to a customer.

    Attributes:
        kind: one of WEIGHTS.
        text: for the person.
        source: the record that it rests on.
        customer: an account, a lead, or whatever is known of them.
        day: that it tells of.
        contact: id of the person at the customer.
        deal: id of the deal.
    """

    kind: str
    text: str
    source: Citation
    customer: Citation
    day: date | None = None
    contact: int | None = None
    deal: int | None = None

    @property
    def key(self) -> str:
        """What it is, for as long as nothing new happens."""
        kind = "due" if self.kind == "overdue" else self.kind  # the day after it is the same task
        due = f":{self.day}" if kind == "promise" else ""  # one mail may hold several
        return f"{kind}:{self.source.entity}:{self.source.id}{due}"
