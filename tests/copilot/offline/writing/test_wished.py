"""What has not taken place is no talk; short figures, sums of others, several things in one breath."""

from typing import Any

import pytest

from copilot.offline.plan import Clarify, Plan, Propose, Say, Withdraw
from tests.copilot.offline.conftest import Desk
from tests.copilot.offline.writing.newly import made
from tests.copilot.offline.writing.wishing import changes, talk
from tests.worlds import joined


def kinds(plan: Plan) -> list[str]:
    return [step.entity for step in plan.steps] if isinstance(plan, Propose) else []


@pytest.mark.parametrize(
    "text",
    ["Tidewell wants a demo", "Tidewell wants to be called", "don't call Tidewell before Monday",
     "Tidewell would like a meeting", "Tidewell 想要一次演示"],
)  # fmt: skip
def test_what_is_only_wanted_is_not_logged_as_a_talk(sales: Desk, text: str) -> None:
    assert "interaction" not in kinds(sales.plan(text))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Tidewell wants a demo next Tuesday", "Tidewell wants a demo"),
        ("Tidewell wants to be called next Tuesday", "Tidewell wants to be called"),
        ("Tidewell 下周二想要一次演示", "Tidewell 想要一次演示"),
    ],
)
def test_what_is_wanted_by_a_day_is_a_task(sales: Desk, text: str, title: str) -> None:
    assert made(sales, sales.plan(text)) == [("task", {"title": title, "due_on": "2025-06-24", "account": "Tidewell"})]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Phone call with Tidewell, they want a new offer", "They want a new offer"),
        ("log a call with Tidewell, they want a new offer", "They want a new offer"),
        ("Met Tidewell yesterday, they want a demo", "They want a demo"),
        ("昨天拜访了 Tidewell，他们想要新报价", "他们想要新报价"),
    ],
)
def test_what_was_wanted_in_a_talk_is_what_was_said(sales: Desk, text: str, body: str) -> None:
    ((entity, values),) = made(sales, sales.plan(text))

    assert (entity, values["body"]) == ("interaction", body)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("把 D1003 的金额改成5万，另外提醒我下周一给 Ferncliff 打电话", "deal"),
        ("Ferncliff 员工数改成7200，另外提醒我下周一给 Ferncliff 打电话", "account"),
    ],
)
def test_a_change_before_a_reminder_is_no_part_of_its_title(sales: Desk, text: str, kind: str) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Propose), plan
    assert kinds(plan) == [kind, "task"]
    assert "另外" not in str(plan.steps[0].quote)


@pytest.mark.parametrize(
    "text", ["undo that", "undo my last change", "undo what I said about Tidewell", "撤销刚才的修改"]
)
def test_words_undo_nothing_and_say_what_does(sales: Desk, text: str) -> None:
    plan = sales.plan(text)

    assert isinstance(plan, Say)
    assert "farley undo" in plan.text


def test_a_waiting_proposal_is_still_withdrawn(sales: Desk) -> None:
    assert isinstance(talk(sales, f"set the amount of D{_open(sales)} to 45k", "undo that"), Withdraw)


def test_a_meal_is_a_meeting(sales: Desk) -> None:
    ((_, values),) = made(sales, sales.plan("跟 Tidewell 吃了个饭，聊了合同"))

    assert (values["kind"], values["body"]) == ("meeting", "聊了合同")


@pytest.mark.parametrize("day", ["mon", "Mon", "monday"])
def test_a_reminder_may_name_its_weekday_in_short(sales: Desk, day: str) -> None:
    assert made(sales, sales.plan(f"remind me {day} to send the contract")) == [
        ("task", {"title": "Send the contract", "due_on": "2025-06-23"})
    ]


@pytest.mark.parametrize("text", ["D{} lost to a competitor, they were 45 grand cheaper", "D{}丢了，对方便宜2万"])
def test_by_how_much_somebody_was_cheaper_is_no_amount(sales: Desk, text: str) -> None:
    plan = sales.plan(text.format(_open(sales)))

    assert not isinstance(plan, Propose) or all("amount" not in step.set for step in plan.steps)


@pytest.mark.parametrize(
    ("said", "value"), [("1.2m", 1_200_000), ("$45k", 45_000), ("45 grand", 45_000), ("120万", 1_200_000)]
)
def test_a_unit_is_said_and_kept(sales: Desk, said: str, value: float) -> None:
    text = f"D{_open(sales)} 金额改成{said}" if not said.isascii() else f"set the amount of D{_open(sales)} to {said}"

    ((_, _, _, given),) = changes(sales, sales.plan(text))

    assert given == {"amount": value}


@pytest.mark.parametrize(("text", "times"), [("set the amount of D{} to {}", 1_000), ("D{}金额改成{}", 10_000)])
def test_a_figure_that_may_be_short_for_thousands_is_asked_about(sales: Desk, text: str, times: int) -> None:
    code, amount = _most(sales)
    short = round(amount / times)
    asked = text.format(code, short)

    plan = sales.plan(asked)
    picked = talk(sales, asked, str(short * times))

    assert isinstance(plan, Clarify)
    assert plan.options == (str(short), str(short * times))
    assert _given(sales, picked) == {"amount": short * times}


def test_a_sum_behind_the_name_of_a_deal_in_notes_is_its_amount(sales: Desk) -> None:
    deals = [row for row in joined(sales.world) if row["stage"] not in ("Won", "Lost") and row["account"]]
    one = next(
        r for r in deals if sum((d["account"], d["product"]) == (r["account"], r["product"]) for d in deals) == 1
    )

    plan = sales.plan(
        f"Call notes {one['account']} 17 June\n- all well\n- {one['product']}: now 52k, one more site\n- bye"
    )

    assert isinstance(plan, Propose), plan
    assert {"amount": 52_000} in [dict(step.set) for step in plan.steps]


def _given(sales: Desk, plan: Plan) -> dict[str, Any]:
    ((_, _, _, given),) = changes(sales, plan)
    return given


def _open(sales: Desk) -> str:
    return next(row["deal_id"] for row in joined(sales.world) if row["stage"] == "Proposal").removeprefix("D")


def _most(sales: Desk) -> tuple[str, float]:
    """The open deal of the largest amount: its number and amount."""
    row = max((r for r in joined(sales.world) if r["stage"] == "Proposal"), key=lambda r: r["amount"])
    return row["deal_id"].removeprefix("D"), row["amount"]
