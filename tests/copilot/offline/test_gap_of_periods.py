"""How far one measure moved between two periods."""

import pytest

from copilot.offline.plan import Query


@pytest.mark.parametrize(
    "text",
    ["by how many did the number of deals won change from Q3 2024 to Q4 2024?",
     "did revenue go up or down from Q3 2024 to Q4 2024, and by how much",
     "2024年四季度销售额比三季度是涨了还是跌了，差多少钱"],
)  # fmt: skip
def test_what_moved_between_two_periods_is_told_as_their_gap(sales, text):
    plan = sales.plan(text)

    assert isinstance(plan, Query)
    pair = plan.spec.compare_to
    assert (pair.base.since, pair.against.since) == ("2024-07-01", "2024-10-01")
