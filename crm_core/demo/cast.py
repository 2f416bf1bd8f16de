"""The people and companies as the other parts of the demo see them, beside the rows that they become."""

import random
from dataclasses import dataclass, field
from datetime import date

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a customer. `called` is how one addresses them: a first name, or 王总."""

    id: str
    full: str
    called: str
    title: str
    role: str


@dataclass(frozen=True, slots=True)
class Rep:
    """A user of the vendor. `called` stands under emails."""

    id: str
    full: str
    called: str
    team: str
    role: str


@dataclass(slots=True)
class Company:
    """A customer account with its people in order of weight."""

    id: str
    name: str
    short: str
    industry: str
    country: str
    city: str
    size: int
    owner: Rep
    people: list[Person] = field(default_factory=list)
    left_on: dict[str, date] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return "zh" if self.country == "China" else "en"

    def present(self, day: date) -> list[Person]:
        """The people who had not left the company by `day`."""
        return [person for person in self.people if self.left_on.get(person.id, date.max) > day]


@dataclass(slots=True)
class Cast:
    """Everybody, and the dice."""

    today: date
    rng: random.Random
    reps: list[Rep]
    companies: list[Company]

    def colleagues(self, rep: Rep) -> list[Rep]:
        return [other for other in self.reps if other.team == rep.team and other is not rep]
