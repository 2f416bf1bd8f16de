"""Decades, alone and in questions about years."""

from datetime import date

import pytest

from copilot.offline.dates import DateSpan, find_dates
from copilot.offline.tokens import tokenize
from tests.copilot.offline.conftest import Desk

TODAY = date(2025, 6, 18)


def spans(text: str, today: date = TODAY) -> list[DateSpan]:
    return find_dates(tokenize(text), today)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("the 1980s", 1980), ("1980s", 1980), ("the 80s", 1980),
        ("the eighties", 1980), ("the nineteen eighties", 1980), ("the 1990s", 1990), ("the nineties", 1990),
        ("the seventies", 1970), ("the 50s", 1950), ("the 1900s", 1900), ("the 2000s", 2000), ("the 2010s", 2010),
        ("the 10s", 2010), ("the 20s", 2020), ("the 30s", 1930), ("the twenty twenties", 2020),
    ],
)  # fmt: skip
def test_a_decade_is_its_ten_years(text: str, first: int) -> None:
    span = spans(text)[0]

    assert (span.since, span.until) == (date(first, 1, 1), date(first + 9, 12, 31))


@pytest.mark.parametrize(
    ("today", "first"), [(date(2019, 5, 1), 1920), (date(2020, 1, 1), 2020), (date(2031, 1, 1), 2020)]
)
def test_a_short_decade_is_the_last_one_that_has_begun(today: date, first: int) -> None:
    span = spans("the 20s", today)[0]

    assert (span.since, span.until) == (date(first, 1, 1), date(first + 9, 12, 31))


@pytest.mark.parametrize("text", ["eighties", "80", "the 85s", "80 deals", "1985s", "the 3000s", "eighty"])
def test_what_only_looks_like_a_decade_is_none(text: str) -> None:
    assert not [s for s in spans(text) if s.since and s.until and s.until.year - s.since.year == 9]


DECADES = {"the 1970s": 1970, "the 1980s": 1980, "the nineties": 1990, "the 2000s": 2000, "the 2010s": 2010}


@pytest.mark.parametrize("form", ["accounts founded in {}", "which customers were founded in {}"])
@pytest.mark.parametrize("decade", DECADES)
def test_companies_of_a_decade_are_those_founded_in_it(sales: Desk, decade: str, form: str) -> None:
    first = DECADES[decade]
    expected = {row["account"] for row in sales.world.tables["accounts"] if first <= row["year_founded"] <= first + 9}

    assert expected
    assert {str(row[0]) for row in sales.rows(form.format(decade))} == expected
    assert sales.number(f"how many accounts were founded in {decade}") == len(expected)
