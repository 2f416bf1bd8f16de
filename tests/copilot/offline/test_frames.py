"""What is said around a question changes nothing in its answer; what limits the question is never left aside."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Query
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.conftest import Desk


def query(desk: Desk, text: str) -> Query:
    plan = desk.plan(text)
    assert isinstance(plan, Query), f"{text!r} gave {plan}"
    return plan


def records(spec: QuerySpec) -> str:
    return spec.model_dump_json(include={"where"}, exclude_defaults=True)


FRAMES = (
    "The auditors would like to know {q}.",
    "My boss keeps asking {q}.",
    "I have a meeting in ten minutes. {Q}?",
    "{Q}, because the board meets tomorrow.",
    "{Q}? I need it by noon.",
    "I'm preparing for the board meeting, {q}?",
    "My colleague insists that we are doomed. {Q}?",
    "Sorry to bother you again, {q}?",
    "I spilled coffee on my notes this morning. {Q}?",
    "For the newsletter: {q}?",
    "{Q}, if possible?",
    "Finance wants to know {q}.",
    "{Q}? We are still waiting for the caterer.",
    "Just so I can sleep tonight, {q}?",
)
QUESTIONS = (
    "how many deals did Mira win in 2024",
    "bookings by region for 2024",
    "what is the win rate in Germany",
    "how many open deals are there",
    "which rep won the most deals in 2024",
    "the top 3 accounts by revenue in 2024",
    "which accounts in Germany have more than 1000 employees",
    "what share of 2024 revenue came from Germany",
    "which accounts have we never won a deal with",
    "how many deals over 20k did we lose in 2024",
    "what is the average sales cycle for Atlas Core",
    "how many deals did we win in 2024 excluding Japan",
)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_frame_around_a_question_gives_the_same_spec(sales: Desk, frame: str, question: str) -> None:
    framed = frame.format(q=question, Q=question[0].upper() + question[1:])

    assert sales.spec(framed) == sales.spec(question)


CHINESE_FRAMES = (
    "老板想知道{q}",
    "财务在问{q}",
    "我等会要开会，{q}？",
    "{q}？因为明天要汇报。",
    "我在准备董事会的材料，{q}？",
    "不好意思打扰一下，{q}？",
    "我们明天要开会。{q}？",
    "如果方便的话，{q}？",
    "为了汇报，{q}？",
    "{q}？好让我安心。",
    "审计想了解{q}",
    "{q}？免得我又被骂。",
)
CHINESE_QUESTIONS = (
    "2024年赢了多少单",
    "2024年各大区的销售额",
    "王晓燕去年的业绩是多少",
    "未结商机的总金额",
    "哪个销售去年赢单最多",
    "销售额前三的客户",
    "上海的客户有哪些",
    "制造业的赢单率",
    "员工人数超过1000的客户",
    "智云旗舰版卖了多少钱",
    "2024年的丢单率是多少",
    "2024年华东以外的销售额",
)


@pytest.mark.parametrize("frame", CHINESE_FRAMES)
@pytest.mark.parametrize("question", CHINESE_QUESTIONS)
def test_a_chinese_frame_around_a_question_gives_the_same_spec(
    desk: Callable[[str], Desk], frame: str, question: str
) -> None:
    company = desk("chinese")

    assert company.spec(frame.format(q=question)) == company.spec(question)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I spilled coffee on my notes this morning. How many open deals are there?", "coffee"),
        ("For the newsletter: how many open deals are there?", "newsletter"),
        ("How many open deals are there, because the board meets tomorrow?", "board"),
        ("The auditors would like to know how many open deals there are.", "auditors"),
        ("My colleague insists that we are doomed. How many open deals are there?", "doomed"),
    ],
)
def test_what_is_left_aside_is_named_in_the_notes(sales: Desk, text: str, left: str) -> None:
    assert any(left in note for note in query(sales, text).notes)


@pytest.mark.parametrize("text", QUESTIONS)
def test_nothing_is_noted_where_nothing_is_left_aside(sales: Desk, text: str) -> None:
    assert query(sales, text).notes == ()


# What follows the comma or the sentence limits the question: left aside, it would give the spec without it.
LIMITS = (
    ("how many deals did we win in 2024", "how many deals did we win in 2024, only in Germany"),
    ("how many deals did we win in 2024", "how many deals did we win in 2024, excluding Japan"),
    ("how many deals did we win in 2024", "how many deals did we win in 2024, because of the website"),
    ("how many deals did we win", "how many deals did we win, in 2024"),
    ("how many deals did we win", "How many deals did we win? I mean in 2024."),
    ("how many deals did we win", "Last year was odd. How many deals did we win?"),
    ("how many deals did we win", "We talked about Germany. How many deals did we win?"),
    ("how many deals did we win", "how many deals did we win, except those of Mira"),
    ("how many deals did we win", "how many deals did we win, never mind those under 20k"),
    ("bookings by region", "bookings by region, with at least 40 wins"),
    ("bookings by region", "bookings by region, for Mira"),
    ("how many open deals are there", "how many open deals are there, apart from the ones in Japan"),
    ("how many open deals are there", "how many open deals are there, if they are over 20k"),
    ("how many open deals are there", "how many open deals are there, without the ones in retail"),
    ("how many open deals are there", "so, in retail, how many open deals are there"),
    ("how many open deals are there", "in the software business, how many open deals are there"),
    ("how many open deals are there", "how many open deals are there that nobody blorptastic touched"),
)


@pytest.mark.parametrize(("bare", "limited"), LIMITS)
def test_a_clause_that_limits_is_never_left_aside(sales: Desk, bare: str, limited: str) -> None:
    plan = sales.plan(limited)

    assert not isinstance(plan, Query) or plan.spec != sales.spec(bare)


CHINESE_LIMITS = (
    ("2024年赢了多少单", "2024年赢了多少单，不算华东"),
    ("2024年赢了多少单", "2024年赢了多少单，只看制造业"),
    ("未结商机有多少", "未结商机有多少，除了王晓燕的"),
    ("未结商机有多少", "未结商机有多少，金额超过2万的"),
    ("赢了多少单", "赢了多少单？我说的是2024年。"),
    ("赢了多少单", "去年很奇怪。赢了多少单？"),
)


@pytest.mark.parametrize(("bare", "limited"), CHINESE_LIMITS)
def test_a_chinese_clause_that_limits_is_never_left_aside(desk: Callable[[str], Desk], bare: str, limited: str) -> None:
    company = desk("chinese")
    plan = company.plan(limited)

    assert not isinstance(plan, Query) or plan.spec != company.spec(bare)


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ("I have Ferncliff on the line. How many deals have we won with them?",
         "how many deals have we won with Ferncliff"),
        ("I just met Tidewell at a dinner. How many open deals do we have with them?",
         "how many open deals do we have with Tidewell"),
        ("My neighbour just joined Okapi Games. How many employees do they have?",
         "how many employees does Okapi Games have"),
        ("I am having lunch with Tessa Obafemi. How many deals did she win in 2024?",
         "how many deals did Tessa Obafemi win in 2024"),
    ],
)  # fmt: skip
def test_a_story_about_a_record_keeps_the_record(sales: Desk, told: str, plain: str) -> None:
    assert sales.rows(told) == sales.rows(plain)
    assert "where" in records(sales.spec(told))


BELIEFS = (
    "My colleague insists that we won 500 deals in 2023. {q}",
    "I think it was about 30. {q}",
    "My boss says that Mira is the best. {q}",
    "Jonas keeps telling everyone that he won 90 deals. {q}",
)


@pytest.mark.parametrize("belief", BELIEFS)
@pytest.mark.parametrize(
    "question",
    ["How many deals did we win in 2024?", "Which rep won the most deals in 2024?", "What is the win rate in 2025?"],
)
def test_what_somebody_believes_does_not_answer_the_question(sales: Desk, belief: str, question: str) -> None:
    assert sales.spec(belief.format(q=question)) == sales.spec(question)


@pytest.mark.parametrize(
    ("defined", "plain"),
    [
        ("loss rate (lost ÷ closed) by region", "loss rate by region"),
        ("win rate (won divided by closed) in 2024", "win rate in 2024"),
        ("win rate (i.e. won over closed) by product in 2024", "win rate by product in 2024"),
        ("2024年的赢单率（赢单 ÷ 已关闭）", "2024年的赢单率"),
    ],
)
def test_a_definition_in_parentheses_says_nothing_more(sales: Desk, defined: str, plain: str) -> None:
    plan = query(sales, defined)

    assert plan.spec == sales.spec(plain)
    assert plan.notes


@pytest.mark.parametrize(
    ("text", "bare"),
    [("win rate (in 2024) by region", "win rate by region"), ("bookings (Germany) by region", "bookings by region"),
     ("bookings (without Japan) by region", "bookings by region")],
)  # fmt: skip
def test_a_filter_in_parentheses_is_no_definition(sales: Desk, text: str, bare: str) -> None:
    plan = sales.plan(text)

    assert not isinstance(plan, Query) or plan.spec != sales.spec(bare)
