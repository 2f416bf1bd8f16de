"""Days as a mail writes them: 13 November, November 13, 11月13日; with the year where it is not this one."""

from calendar import month_name
from dataclasses import dataclass
from datetime import date

from copilot.context import Lang
from prompts import fill, load_yaml


@dataclass(frozen=True)
class Calendar:
    """Writes days in one language, seen from `today`."""

    lang: Lang
    today: date
    month_first: bool = False

    def day(self, day: date) -> str:
        """The day in words."""
        words = load_yaml(f"drafts/{self.lang}")
        month = str(day.month) if self.lang == "zh" else month_name[day.month]
        written = fill(words["month_first" if self.month_first else "day"], day=day.day, month=month)
        return written if day.year == self.today.year else fill(words["with_year"], date=written, year=day.year)
