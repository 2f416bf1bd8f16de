"""Words that say again what stands beside them, and companies below another."""

import pytest

from tests.copilot.offline.conftest import Desk


@pytest.fixture(scope="module")
def sales(desk) -> Desk:
    return desk("sales")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("the five accounts with the most employees of their own", "the five accounts with the most employees"),
        ("自己的员工人数最多的五个客户是哪些", "员工人数最多的五个客户是哪些"),
        (
            "How many won deals were closed at a price above the product's list price?",
            "How many won deals had an amount above the list price?",
        ),
        (
            "How many won deals had an amount below the product's list price?",
            "How many won deals had an amount below the list price?",
        ),
        ("赢下的单子里有多少是成交价高于产品标价的", "赢下的单子里有多少是金额高于标价的"),
        (
            "How many different accounts bought at least one Atlas Core in 2025?",
            "How many different accounts bought Atlas Core in 2025?",
        ),
    ],
)
def test_said_again(sales, said, plain):
    assert sales.spec(said) == sales.spec(plain)
