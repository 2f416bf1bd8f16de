"""Chinese as it is said: what is left out, who has how many each, guesses, amounts, slips of the ear."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from copilot.offline.plan import Clarify, Query
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.conftest import Desk
from tests.worlds import TODAY, Row

At = Callable[[str], Desk]
YEAR = date(2025, 1, 1)


def deals(desk: Desk, stage: str | None = None, since: date = date.min) -> list[Row]:
    """The deals of the Chinese company, in a stage, closed since a day."""
    rows = desk.world.tables["商机"]
    return [r for r in rows if stage in (None, r["阶段"]) and (stage is None or r["成交日期"] >= since)]


@pytest.mark.parametrize(
    ("world", "said", "plain"),
    [
        ("chinese", "5月1号到5号劳动节那几天签了几单", "5月1号到5月5号签了几单"),
        ("chinese", "11月20日到24日这五天丢了几单", "11月20日到11月24日丢了几单"),
        ("chinese", "国庆10月1号到7号那几天签了几单", "10月1号到10月7号签了几单"),
        ("chinese", "把王晓燕和陈思远的刨掉，其余人今年签了几单", "除了王晓燕和陈思远，今年签了几单"),
        ("sales", "Atlas Max以外的产品，去年卖了几单", "除了Atlas Max，去年卖了几单"),
        ("chinese", "各个客户今年签了几单，没签的别列", "各个客户今年签了几单"),
        ("chinese", "王晓燕和李建国俩人今年谁签得多", "王晓燕和李建国今年谁签得多"),
        ("chinese", "还在商务谈判的那些单子现在归谁跟？各多少单", "商务谈判阶段每个销售有几单"),
        ("chinese", "今年业绩过十万的销售都有谁", "今年业绩不低于十万的销售有哪些"),
        ("sales", "今年哪个月业绩破五万", "今年哪些月份业绩超过50000"),
        ("sales", "今年哪些客户签单超2w5", "今年哪些客户业绩超过25000"),
        ("chinese", "有没有哪个客户丢的单比签的还多", "哪些客户丢的单比签的多"),
        ("chinese", "今年丢单最多的是不是5月啊？不是的话是几月", "今年丢单最多的是几月"),
        ("chinese", "那个大区今年丢单最多", "哪个大区今年丢单最多"),
        ("chinese", "每个大区再跟的有几单", "每个大区在跟的有几单"),
        ("chinese", "金年签了几单", "今年签了几单"),
        ("chinese", "那个销售业绩最高", "哪个销售的业绩最高"),
        ("chinese", "商务谈判阶段的线索都在谁手上，各几个", "商务谈判阶段的商机都在谁手上，各几个"),
        ("chinese", "丢掉的单平均拖了几天", "输单平均用时"),
        ("chinese", "智云标准版从开始接触到赢单平均要多久", "智云标准版的销售周期"),
    ],
)
def test_it_means_what_is_said_plainly(desk: At, world: str, said: str, plain: str) -> None:
    assert desk(world).spec(said) == desk(world).spec(plain)


@pytest.mark.parametrize(
    "text",
    [
        "圣诞那三天签了几单",  # which three?
        "1号到5号那三天签了几单",
    ],
)
def test_days_that_do_not_add_up_are_asked_about(desk: At, text: str) -> None:
    assert desk("chinese").asks(text)


def test_a_month_left_out_belongs_to_the_year_that_is_named(desk: At) -> None:
    world = desk("chinese")
    lost = [r for r in deals(world, "输单") if r["成交日期"].year == 2024 and r["成交日期"].month != 10]

    assert world.number("10月的不算，去年一共丢了多少单") == len(lost)


def test_other_industries_are_industries_and_not_their_lack(desk: At) -> None:
    world = desk("sales")
    industry = {r["account"]: r["industry"] for r in world.world.tables["accounts"]}
    rows = world.world.tables["deals"]
    kept = [
        r for r in rows if r["stage"] == "Won" and industry.get(r["account"], "retail") not in ("retail", "finance")
    ]

    assert world.number("retail和finance都不算，其他行业的客户一共签了多少单") == len(kept)


def test_whose_they_are_and_how_many_each(desk: At) -> None:
    world = desk("chinese")
    held = Counter(str(r["负责人"]) for r in deals(world) if r["阶段"] == "方案报价")

    assert dict(world.rows("报价阶段的商机都在谁手上？各几个")) == held


def test_nobody_is_counted_once_per_head(desk: At) -> None:
    world = desk("chinese")
    held = Counter(str(r["负责人"]) for r in deals(world) if r["阶段"] not in ("赢单", "输单"))

    assert dict(world.rows("还在谈的单子都在谁手里？每人几个")) == held


@pytest.mark.parametrize(
    "text",
    ["哪些客户今年一单都没有", "有没有客户今年一单没签", "今年一个单子都没签下来的客户有哪些", "哪些客户今年没签单"],
)
def test_not_one_deal(desk: At, text: str) -> None:
    world = desk("chinese")
    names = {str(r["客户名称"]) for r in world.world.tables["客户"]}
    won = {str(r["客户名称"]) for r in deals(world, "赢单", YEAR)}

    assert {row[0] for row in world.rows(text)} == names - won


def test_not_one_of_a_product(desk: At) -> None:
    world = desk("chinese")
    names = {str(r["客户名称"]) for r in world.world.tables["客户"]}
    bought = {str(r["客户名称"]) for r in deals(world, "赢单", YEAR) if r["产品名称"] == "智云旗舰版"}

    assert {row[0] for row in world.rows("有没有客户今年一笔智云旗舰版都没买？哪几家")} == names - bought


def test_whether_there_are_such_deals_and_what_of_them(desk: At) -> None:
    world = desk("chinese")
    large = {(str(r["商机编号"]), str(r["客户名称"])) for r in deals(world, "赢单") if r["金额"] >= 35000}

    assert {row[:2] for row in world.rows("有没有单笔3万5以上的赢单？哪个客户的")} == large


@pytest.mark.parametrize(
    ("said", "value"),
    [("破百万", 1_000_000), ("过亿", 100_000_000), ("超过2w5", 25_000), ("超过三个亿", 300_000_000), ("过万", 10_000)],
)
def test_amounts_without_a_number(desk: At, said: str, value: int) -> None:
    spec = desk("sales").spec(f"年营收{said}的客户有几家")

    assert spec.where is not None
    assert f"value={value}" in repr(spec.where).replace(".0", "")


@pytest.mark.parametrize("text", ["签过三单的客户有几家", "这个月过了几天", "手上有百万的单吗"])
def test_passing_is_no_bound_behind_a_verb(desk: At, text: str) -> None:
    plan = desk("chinese").plan(text)

    assert not (isinstance(plan, Query) and "'ge'" in repr(plan.spec.having) + repr(plan.spec.where))


def test_a_rank_in_time_is_asked_of_a_month_that_was_guessed(desk: At) -> None:
    world = desk("chinese")
    lost = Counter(r["成交日期"].strftime("%Y-%m") for r in deals(world, "输单", YEAR))
    most = max(lost.values())

    assert set(world.rows("今年丢单最多的是不是1月啊")) == {(m, n) for m, n in lost.items() if n == most}


def test_a_conditional_account_that_won_and_has_nothing_open(desk: At) -> None:
    world = desk("chinese")
    won = {str(r["客户名称"]) for r in deals(world, "赢单", YEAR)}
    open_ = {str(r["客户名称"]) for r in deals(world) if r["阶段"] not in ("赢单", "输单")}

    found = {row[0] for row in world.rows("今年哪些客户签过单、但现在手上一个在跟的都没有")}

    assert found == won - open_


@pytest.mark.parametrize(
    ("turns", "plain"),
    [
        (["王晓燕今年签了几单", "陈思远呢", "这两个人一共签了多少钱"], "王晓燕和陈思远今年一共签了多少钱"),
        (["华东今年丢了几单", "华南呢", "这两个大区一共丢了多少"], "华东和华南今年一共丢了多少单"),
        (["王晓燕今年签了多少钱", "上半年签了多少"], "王晓燕今年上半年签了多少钱"),
    ],
)
def test_what_leans_on_what_was_said(desk: At, turns: Sequence[str], plain: str) -> None:
    world = desk("chinese")
    past = []
    for text in turns[:-1]:
        past.append(world.turn(text, after=past))
    plan = world.plan(turns[-1], after=past)

    assert isinstance(plan, Query), plan
    assert [r.values for r in world.run(plan.spec).rows] == world.rows(plain)


@pytest.mark.parametrize(
    "text",
    [
        "华东赢的单平均打了多少天才拿下",
        "星河科技那个还没签的智云旗舰版，什么时候开始谈的",
        "王晓燕和李建国加一块今年签了多少钱",
    ],
)
def test_what_is_asked_is_no_change(desk: At, text: str) -> None:
    plan = desk("chinese").plan(text)

    assert isinstance(plan, Query | Clarify)
    assert not isinstance(plan, Clarify) or not plan.options


def test_what_was_put_right_is_told(desk: At) -> None:
    plan = desk("chinese").plan("那个大区再跟的单最多")

    assert isinstance(plan, Query)
    assert {"那个 → 哪个", "再跟的 → 在跟的"} <= set(plan.notes)


def test_a_pointer_with_something_to_point_at_stays_one(desk: At) -> None:
    world = desk("chinese")
    before = [world.turn("今年业绩最高的销售是谁")]
    plan = world.plan("那个销售今年丢了几单", after=before)

    assert isinstance(plan, Query)
    assert isinstance(plan.spec, QuerySpec)
    assert not any("哪" in note for note in plan.notes)


def test_reasons_in_order_are_counted(desk: At) -> None:
    world = desk("sales")
    lost = Counter(str(r["lost_reason"]) for r in world.world.tables["deals"] if r["stage"] == "Lost")

    assert dict(world.rows("什么原因丢的，排个序")) == lost


def test_reasons_of_what_was_counted_are_those_of_its_deals(desk: At) -> None:
    world = desk("sales")
    lost = [r for r in world.world.tables["deals"] if r["stage"] == "Lost" and r["close_date"].year == TODAY.year]
    plan = world.plan("什么原因丢的，排个序", after=[world.turn("今年丢了几单")])

    assert isinstance(plan, Query)
    found = {row.values[0]: row.values[1] for row in world.run(plan.spec).rows}
    assert found == Counter(str(r["lost_reason"]) for r in lost)
