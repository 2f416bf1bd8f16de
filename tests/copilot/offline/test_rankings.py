"""Rankings inside a question and beside one another: each says what its plain questions say one by one."""

import pytest

from copilot.offline.plan import Queries
from tests.copilot.offline.conftest import Desk


def first(desk: Desk, text: str) -> str:
    """Whom a ranking finds."""
    return str(desk.rows(text)[0][0])


INNER = (
    ("the rep with the most wins", "which rep has the most deals won"),
    ("our best rep by win rate", "the best rep by win rate"),
)


@pytest.mark.parametrize(("inner", "plain"), INNER)
@pytest.mark.parametrize(
    "outer", ["what is the average deal size of {}", "who manages {}", "how many open deals does {} have"]
)
def test_whom_a_ranking_finds_takes_its_place(sales, outer, inner, plain):
    named = first(sales, plain)

    assert sales.rows(outer.format(inner)) == sales.rows(outer.format(named))


def test_a_chinese_ranking_inside_a_question(sales):
    named = first(sales, "which rep has the most deals won")

    assert sales.rows("赢单最多的销售的经理是谁") == sales.rows(f"{named}的经理是谁")


def test_a_ranking_is_the_question_itself_where_nothing_else_is_asked(sales):
    assert sales.spec("who is the rep with the most wins in Q4 2024").limit == 1
    assert sales.spec("which region has the highest win rate").limit == 1


def test_a_ranking_inside_without_a_measure_is_asked_about(sales):
    assert sales.asks("who manages our best rep")


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("best and worst rep by win rate", "best rep by win rate", "worst rep by win rate"),
        ("top 3 and bottom 2 reps by bookings", "top 3 reps by bookings", "bottom 2 reps by bookings"),
        ("top 3 reps by bookings and top 3 by win rate", "top 3 reps by bookings", "top 3 reps by win rate"),
        ("best rep and best product by bookings", "best rep by bookings", "best product by bookings"),
        ("销售额最高和最低的产品", "销售额最高的产品", "销售额最低的产品"),
    ],
)
def test_two_rankings_are_two_answers(sales, text, one, other):
    plan = sales.plan(text)

    assert isinstance(plan, Queries)
    assert [part.spec for part in plan.parts] == [sales.spec(one), sales.spec(other)]


def test_the_gap_between_two_places(sales):
    values = sorted((float(value) for _, value in sales.rows("bookings by product")), reverse=True)  # type: ignore[arg-type]

    for text in ("gap between the first and the second product by bookings", "第一名和第二名产品的销售额差多少"):
        assert sales.number(text) == pytest.approx(values[0] - values[1])
    assert sales.number("difference between the best and the worst product by bookings") == pytest.approx(
        values[0] - values[-1]
    )
    assert sales.asks("gap between the second and the fifth product by bookings")


def test_places_from_one_to_another(sales):
    names = [name for name, _ in sales.rows("rank reps by bookings")]

    assert [name for name, _ in sales.rows("reps ranked 3 to 5 by bookings")] == names[2:5]
    assert [name for name, _ in sales.rows("按销售额排第3到第5的销售")] == names[2:5]


def test_the_largest_records_of_each_group(sales):
    found = sales.rows("two biggest won deals per product")

    by_product: dict[object, list[object]] = {}
    for product, *_ in found:
        by_product.setdefault(product, []).append(product)
    assert all(len(of) == 2 for of in by_product.values())
    assert len(by_product) == len(sales.rows("bookings by product"))


@pytest.mark.parametrize("text", ["which rep has the most accounts", "which rep works with the most accounts"])
def test_different_ones_are_counted_once(sales, text):
    (measure,) = sales.spec(text).measures

    assert (measure.fn, measure.field) == ("count", "account")


def test_who_has_the_oldest_open_deal_is_told_with_the_deal(sales):
    spec = sales.spec("which rep has the oldest open deal")

    assert (spec.entity, spec.limit) == ("deal", 1)
    assert "owner" in spec.columns


def test_top_with_its_number_glued_on(sales):
    assert sales.spec("TOP3 reps by bookings") == sales.spec("top 3 reps by bookings")


def test_a_region_that_a_ranking_finds_is_a_condition(sales):
    named = first(sales, "the best region by bookings")

    assert sales.spec("how many wins did the best region by bookings have") == sales.spec(
        f"how many wins did {named} have"
    )


def test_the_manager_of_one_is_who_is_above(sales):
    assert sales.rows("who is the manager of Mira Castellan") == sales.rows("who is Mira Castellan's manager")
    assert sales.number("bookings of the team of Helene Brandt") > 0
