"""Constructions of everyday Chinese over the Chinese company: each is read as its plain form, and names stay names."""

import re

import pytest

from copilot.offline.all_of_them import each_of_all
from copilot.offline.frames.remarks import without_remark
from copilot.offline.tokens import tokenize
from copilot.offline.turns import in_plain_words
from copilot.offline.turns_zh import pattern_of


@pytest.fixture(scope="module")
def firm(desk):
    return desk("chinese")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("论单数哪个产品丢得最多", "按单数哪个产品丢得最多"),
        ("哪个大区今年签得最多，看单数别看钱", "哪个大区今年签得最多，按单数"),
        ("不看数量只看钱，哪个销售今年第一", "按金额，哪个销售今年第一"),
        ("论单量，哪个大区最强", "按赢单数，哪个大区最强"),
        ("今年每个月丢了多少单，是不是越丢越多了", "今年每个月丢了多少单"),
        ("今年的赢单率越来越低了吗，按月给我", "今年的赢单率，按月给我"),
        ("今年的业绩一个月一个月是怎么走的", "今年每个月的业绩"),
        ("按产品拆一拆今年的赢单金额", "按产品拆一下今年的赢单金额"),
        ("业绩一个大区一个大区报给我", "业绩按大区报给我"),
        ("星河科技上一回丢单是哪天", "星河科技上一次丢单是哪天"),
        ("华东的经理，每人底下带几个销售", "华东每个直属上级有多少销售"),
        ("有没有连一条机会都没录过的销售", "有没有从没录过商机的销售"),
        ("华东今年的业绩有多少是靠王晓燕撑起来的", "华东今年的业绩有多少来自王晓燕"),
        ("华东今年累计成交额多少了", "华东今年累计成交额是多少"),
        ("华东的赢单率是多少？没结的别算进去", "华东的赢单率是多少？不算还在跟的"),
        ("除华东外，另外两个大区今年签了几单", "除华东外，其他大区今年签了几单"),
        ("各产品的丢单率比一比", "各产品的丢单率"),
        ("三个大区各自的赢单率", "各大区的赢单率"),
        ("产品那一栏空着的单子有多少", "没填产品的单子有多少"),
        ("平均一个客户带来多少钱", "平均每个客户带来多少钱"),
        ("最近这个季度的赢单率", "这个季度的赢单率"),
        ("每个人的业绩", "每个销售的业绩"),
        ("华东的销售按业绩排个名", "华东每个销售的业绩"),
        ("今年每个月的赢单数一个月一个月列出来", "今年每个月的赢单数"),
        ("智云旗舰版那么贵，今年赢了几单", "智云旗舰版今年赢了几单"),
        ("各大区的赢单数给我，明早汇报要讲", "各大区的赢单数给我"),
        ("各大区这个月的业绩，财务等着要", "各大区这个月的业绩"),
        ("光今年一季度一个季度，华东就丢了几单", "今年一季度华东丢了几单"),
        ("星河科技今年给了咱们几单", "星河科技今年贡献了几单"),
        ("员工不到一千人的小公司有几家", "员工不到一千人的公司有几家"),
        ("赢单率过四成的销售有谁", "赢单率超过40%的销售有谁"),
        ("谁还没开单", "谁没开单"),
        ("今年业绩一季一季报给我", "今年每季度业绩"),
        ("今年头三个月丢了几单", "今年第一季度丢了几单"),
        ("去年最后一个季度签了多少钱", "去年第四季度签了多少钱"),
        ("目前谁手里压的单子最多", "目前谁手里的单子最多"),
        ("按大区对比一下今年的赢单数", "今年各大区的赢单数"),
        ("零售客户今年关掉的单子里头有几成赢了", "零售行业今年关掉的单子里头有几成赢了"),
    ],
)
def test_a_construction_is_read_as_its_plain_form(firm, said, plain):
    assert firm.rows(said) == firm.rows(plain)


@pytest.mark.parametrize(
    "text",
    [
        "不论大小，今年签了几单",  # 不论 is no 论
        "哪些客户越买越多",  # of each customer: no series over time
        "讨论过的客户有几家",
        "前两个大区的业绩",
    ],
)
def test_what_only_looks_alike_is_left_as_it_is(firm, text):
    tokens = tokenize(text)

    assert [t.text for t in each_of_all(in_plain_words(tokens, firm.vocabulary), firm.vocabulary)] == [
        t.text for t in tokens
    ]


def test_a_stored_name_keeps_its_characters(firm):
    stored = "排一排网络"  # as if it were stored
    vocabulary = firm.vocabulary
    (sense,) = vocabulary.phrases[tuple("星河科技")][:1]
    vocabulary.phrases[tuple(stored)] = [sense]
    try:
        assert "".join(t.text for t in in_plain_words(tokenize(f"{stored}今年签了几单"), vocabulary)).startswith(stored)
        assert "".join(t.text for t in in_plain_words(tokenize("业绩排一排"), vocabulary)) == "业绩排一下"
    finally:
        del vocabulary.phrases[tuple(stored)]


def test_a_number_other_than_all_of_them_is_not_all_of_them(firm):
    said = [t.text for t in each_of_all(tokenize("两个大区的赢单率"), firm.vocabulary)]

    assert said[0] == "两"


@pytest.mark.parametrize(
    ("text", "kept", "aside"),
    [
        ("MG Special 那么便宜，它占多少", "MG Special ，它占多少", "那么便宜"),
        ("各区业绩，晚上开会要用", "各区业绩", "晚上开会要用"),
        ("各区业绩，老板等着看", "各区业绩", "老板等着看"),
        ("明天要见的客户有几家", "明天要见的客户有几家", ""),
        ("上午开会的客户有哪些", "上午开会的客户有哪些", ""),
    ],
)
def test_a_remark_is_told_and_no_question_is_one(text, kept, aside):
    assert without_remark(text) == (kept, aside)


def test_a_pattern_is_over_tokens():
    pattern = pattern_of("按{what}的.⟧", {"what": "金额|单数"})

    assert pattern.search("按 金 额 的 abc , ")
    assert not pattern.search("按 金 额 的 abc def ")
    assert re.search(pattern, "按 单 数 的 人 ")
