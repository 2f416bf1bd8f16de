"""Questions told in words: nothing that changes the answer may be missing from them."""

from datetime import date

import pytest

from crm_core.query.spec import QuerySpec
from crm_core.query.words import spec_in_words
from crm_core.schema import build_schema

SCHEMA = build_schema()
QUARTER = {
    "all": [
        {"field": "closed_on", "op": "ge", "value": "2017-10-01"},
        {"field": "closed_on", "op": "le", "value": "2017-12-31"},
    ]
}
LABELS = {
    "deal": "商机", "account": "客户", "deal.amount": "金额", "deal.closed_on": "成交日期", "deal.owner": "负责人",
    "user.region": "地区", "user": "销售", "stage.kind": "结果", "deal.stage": "阶段", "account.deals": "商机",
    "metric.bookings": "成交额", "account.name": "名称", "account.industry": "行业",
}  # fmt: skip

TOLD = [
    (
        {
            "measures": [{"metric": "bookings"}], "where": QUARTER, "group_by": [{"field": "owner.region"}],
            "order_by": [{"by": "bookings", "descending": True}], "limit": 5,
        },
        "bookings (sum of the amounts of won deals, by close date), only close date 1 Oct – 31 Dec 2017, "
        "per owner's region, highest bookings first, top 5",
        "成交额，仅限成交日期为2017年10月1日至12月31日，按负责人的地区分组，成交额从高到低，前5名",
    ),
    (
        {"where": {"field": "amount", "op": "gt", "value": 50000}, "limit": 10},
        "list of deals, only amount over 50,000, latest start date first, the first 10",
        "商机列表，仅限金额大于50,000，start date从晚到早，前10条",
    ),
    (
        {"entity": "account", "where": {"children": "deals", "op": "eq", "value": 0, "where": QUARTER}},
        "list of accounts, only without any deals (where close date 1 Oct – 31 Dec 2017), sorted by name",
        "客户列表，仅限没有任何满足（成交日期为2017年10月1日至12月31日）的商机，按名称排序",
    ),
    (
        {
            "entity": "account",
            "where": {
                "any": [
                    {"field": "industry", "op": "not_in", "value": ["retail", "software"]},
                    {"not": {"all": [{"field": "employees", "op": "empty"}, {"field": "name", "value": "Acme"}]}},
                ]
            },
        },
        "list of accounts, only industry is none of retail, software (or missing) or "
        "not (without employees and name is “Acme”), sorted by name",
        "客户列表，仅限行业不是retail、software中的任何一个（含空值）或不满足（employees为空且名称为“Acme”），按名称排序",
    ),
    (
        {"measures": [{"fn": "avg", "field": "amount", "where": {"field": "stage.kind", "value": "won"}}]},
        "average amount of deals, counting only stage's outcome is won",
        "商机的平均金额（仅计阶段的结果为won）",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "english", "chinese"), TOLD, ids=[english for _, english, _ in TOLD])
def test_a_question_is_told_in_both_languages(spec, english, chinese):
    asked = QuerySpec.model_validate({"entity": "deal", **spec})
    day = date(2017, 11, 15)

    assert spec_in_words(asked, SCHEMA, today=day) == english
    assert spec_in_words(asked, SCHEMA, today=day, lang="zh", labels=LABELS) == chinese


WON = {"field": "stage.kind", "value": "won"}
PARTS = [
    ({"measures": [{"fn": "count", "within": "owner.region"}], "group_by": [{"field": "owner.region"}]},
     "number of deals of all with the same owner's region", "同一owner的region整体的"),
    ({"group_by": [{"field": "owner"}], "limit_pct": 20}, "top 20%", "前20%名"),
    ({"where": {"field": "closed_on", "value": "2017-10-01"}}, "close date 1 Oct 2017", "2017年10月1日"),
    ({"where": {"field": "closed_on", "op": "lt", "value": "2017-10-01"}}, "before 1 Oct 2017", "2017年10月1日之前"),
    ({"where": {"field": "closed_on", "op": "between", "value": ["2016-12-01", "2017-01-31"]}},
     "1 Dec 2016 – 31 Jan 2017", "2016年12月1日至2017年1月31日"),
    ({"where": {"field": "account", "op": "under", "value": "Acme"}}, "“Acme” or anything below it", "“Acme”或其下级"),
    ({"where": {"field": "owner", "value": 42}}, "owner is record 42", "为记录42"),
    ({"where": {"field": "owner", "op": "ne", "value": "Ann"}}, "owner is not “Ann” (or missing)", "含空值"),
    ({"where": {"field": "amount", "op": "lt", "other": "product.list_price"}},
     "amount below product's list price", "小于product的list price"),
    ({"where": {"field": "days_in_stage", "op": "gt", "value": 30}}, "as of 15 Nov 2017", "截至2017年11月15日"),
    ({"group_by": [{"field": "closed_on", "bucket": "month"}, {"field": "owner"}]}, "per month of close date and owner",
     "按close date的月和owner分组"),
    ({"group_by": [{"field": "owner"}]}, "highest number of deals first", "从高到低"),
    ({"group_by": [{"field": "owner"}], "having": [{"measure": "count", "op": "ge", "value": 3}]},
     "only groups with number of deals at least 3", "不低于3的组"),
    ({"group_by": [{"field": "amount", "sides": [
        {"name": "small", "where": {"field": "amount", "op": "lt", "value": 100}},
        {"name": "large", "where": {"field": "amount", "op": "ge", "value": 100}}]}]},
     "per amount in parts: small (amount under 100), large (amount at least 100)", "分为small（amount小于100）"),
    ({"measures": [{"metric": "bookings", "name": "2017-Q1", "where": WON},
                   {"metric": "bookings", "name": "2017-Q2", "where": WON}], "group_by": [{"field": "owner"}],
      "having": [{"measure": "2017-Q1", "op": "lt", "other": "2017-Q2"}]},
     "only groups with 2017-Q1 below 2017-Q2", "2017-Q1小于2017-Q2"),
    ({"group_by": [{"field": "owner"}], "limit": 3, "with_ties": True, "order_by": [{"by": "count"}]},
     "lowest number of deals first, top 3 and ties", "前3名（含并列）"),
    ({"group_by": [{"field": "owner"}], "limit": 3, "offset": 2}, "after the first 2", "跳过前2条"),
    ({"group_by": [{"field": "owner"}], "summary": "avg"}, "the average over the groups", "各组的平均值"),
    ({"group_by": [{"field": "owner"}, {"field": "product"}], "top_per": {"field": "owner", "limit": 2}},
     "the first 2 of each owner", "每个owner取前2条"),
    ({"measures": [{"fn": "count", "share": True}], "group_by": [{"field": "owner"}]},
     "share of the total", "占总数的比例"),
    ({"measures": [{"fn": "sum", "field": "amount", "running": True}]}, "running total", "累计"),
    ({"measures": [{"fn": "count", "over": {"fn": "count", "field": "account"}}]},
     "number of deals divided by number of different accounts of deals", "除以"),
    ({"measures": [{"metric": "bookings"}], "compare_to": {
        "base": {"field": "closed_on", "since": "2017-01-01", "until": "2017-03-31"},
        "against": {"field": "closed_on", "since": "2017-04-01"}}},
     "comparing close date 1 Jan – 31 Mar 2017 with close date from 1 Apr 2017 on", "对比"),
    ({"distinct": True, "columns": ["owner.region"]}, "each different owner's region of deals", "各不相同"),
    ({"columns": ["name", "owner"]}, "showing name, owner", "显示name、owner"),
    ({"order_by": [{"by": "amount"}]}, "lowest amount first", "从低到高"),
    ({"order_by": [{"by": "owner", "descending": True}]}, "sorted by owner, reversed", "倒序"),
    ({"measures": [{"fn": "sum", "field": "amount", "weight": "stage.probability_pct"}]}, "weighted by", "加权"),
    ({"measures": [{"fn": "min", "field": "closed_on"}]}, "earliest close date of deals", "最早"),
    ({"where": {"children": "interactions", "op": "gt", "value": 3}}, "with more than 3 interactions", "3个以上"),
    ({"where": {"children": "deal_lines", "measure": {"fn": "sum", "field": "quantity"}, "op": "lt", "value": 10}},
     "total quantity of line items under 10", "小于10"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "english", "chinese"), PARTS, ids=[english for _, english, _ in PARTS])
def test_every_part_of_a_question_is_told(spec, english, chinese):
    asked = QuerySpec.model_validate({"entity": "deal", **spec})
    day = date(2017, 11, 15)

    assert english in spec_in_words(asked, SCHEMA, today=day)
    assert chinese in spec_in_words(asked, SCHEMA, today=day, lang="zh")
