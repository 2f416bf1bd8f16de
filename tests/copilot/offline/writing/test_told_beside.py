"""A greenhouse supplier: what a story settles beside its talk, and what is only logged, asked or said to be none."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from copilot.offline.plan import Cannot, Clarify, PastTurn, Plan, Propose, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import

TODAY = date(2026, 3, 18)  # a Wednesday
FILES = {
    "reps.csv": "Rep Name,Email\nIda Bloom,ida@glass.example\n",
    "customers.csv": "Customer Name,City,Account Owner,Credit Limit,Terms,Home Depot\n"
    "Fern Hollow Nursery,Hull,Ida Bloom,20000,Net 30,Goole\nOrchid Vale,Goole,Ida Bloom,9000,Prepay,Selby\n"
    "云岭花卉,昆明,Ida Bloom,8000,Net 30,Goole\nMoss Lane,Hull,Ida Bloom,100,Prepay,Selby\n"
    "Dell Farm,Hull,Ida Bloom,100,Net 30,Selby\nHay Top,Goole,Ida Bloom,100,Net 30,Goole\n",
    "contacts.csv": "Full Name,Customer Name,Job Title,Preferred Channel\nNora Pitt,Fern Hollow Nursery,Grower,Text\n"
    "Saul Wynn,Orchid Vale,Buyer,Email\n段玉林,云岭花卉,采购,WeChat\nJan Roe,Orchid Vale,Clerk,Phone\n"
    "Kit Moor,Dell Farm,Buyer,Text\nPia Lund,Dell Farm,Buyer,Email\n何秀英,云岭花卉,采购,WeChat\n"
    "Una Holt,Hay Top,Buyer,Phone\n",
    "deals.csv": "Deal ID,Deal Name,Customer Name,Deal Owner,Stage,Amount,Created On,Expected Close,Closed On,"
    "Lost Reason,Next Step,Kit,Units,Monthly Fee,Install Start,Hail Cover\n"
    "G1,Fern Hollow heaters,Fern Hollow Nursery,Ida Bloom,Quoted,"
    "40000,2026-01-05,2026-05-10,,,Call,Heater,6,800,2026-04-01,Yes\n"
    "G2,Orchid Vale vents,Orchid Vale,Ida Bloom,Quoted,9000,2026-01-09,2026-05-20,,,Call,Vent,12,300,2026-04-09,No\n"
    "G3,Orchid Vale lamps,Orchid Vale,Ida Bloom,Inquiry,7000,2026-01-19,2026-06-20,,,Call,Lamp,40,200,2026-05-09,No\n"
    "G4,云岭补光灯,云岭花卉,Ida Bloom,Inquiry,15000,2026-02-01,2026-06-01,,,Call,Lamp,30,400,2026-05-01,No\n"
    "G5,Orchid Vale shed,Orchid Vale,Ida Bloom,Lost,50,2025-02-01,"
    "2025-06-01,2025-06-02,Price,Call,Vent,3,40,2025-05-01,No\n"
    "G6,Fern Hollow shed,Fern Hollow Nursery,Ida Bloom,Signed,"
    "60,2025-02-01,2025-06-01,2025-06-02,,Call,Vent,3,40,2025-05-01,No\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("glass")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    made = create_store(f"sqlite:///{folder}/farley.db")
    apply_import(made, plan_import(made, [folder], today=TODAY), actor=ADMIN)
    yield made
    made.close()


@pytest.fixture(scope="module")
def planner(store: Store) -> Planner:
    return Planner(store)


def ask(planner: Planner, *texts: str) -> Plan:
    past: list[PastTurn] = []
    for text in texts:
        plan = planner.plan(text, dialogue=past, actor=ADMIN, today=TODAY)
        past.append(PastTurn(text, options=getattr(plan, "options", ())))
    return plan


def steps(plan: Plan) -> list[tuple[str, str, dict[str, Any]]]:
    assert isinstance(plan, Propose), plan
    return [(step.op, step.entity, dict(step.set)) for step in plan.steps]


def changed(plan: Plan) -> dict[str, Any]:
    """What the one update beside the talk sets."""
    kinds = [(op, entity) for op, entity, _ in steps(plan)]
    assert kinds[0] == ("create", "interaction")
    return {name: value for op, _, values in steps(plan) if op == "update" for name, value in values.items()}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Called Nora Pitt about the Fern Hollow heaters, nice chat about her dog. They only need 4 heaters now and "
         "the monthly fee is 650", {"units": 4, "monthly_fee": 650}),
        ("Met Nora Pitt this morning. The install start moves to April 20, she sends her regards",
         {"install_start": "2026-04-20"}),
        ("Spoke with Nora Pitt at Fern Hollow, she had a cold. The monthly drops to 700",
         {"monthly_fee": 700}),
        ("Had a call with Saul Wynn about the Orchid Vale vents. It's 10 units not 12 and he wants the hail cover "
         "taken off since his own insurance has it", {"units": 10, "hail_cover": False}),
        ("Just talked to Nora Pitt, great news, they signed! 39,500 all in. Log it.",
         {"stage": "Signed", "amount": 39500}),
        ("段玉林来电话说补光灯他们不要了，太贵", {"stage": "Lost", "lost_reason": "Price"}),
        ("跟段玉林通了电话，聊了半天天气，补光灯改成二十台，他说别的没什么", {"units": 20}),
    ],
)  # fmt: skip
def test_what_a_story_settles_is_proposed_with_its_log(planner: Planner, text: str, values: dict[str, Any]) -> None:
    plan = ask(planner, text)

    assert changed(plan) == values


@pytest.mark.parametrize(
    "text",
    [
        "Called Nora Pitt about the Fern Hollow heaters. She thinks their credit limit is 50k",
        "Met Nora Pitt at Fern Hollow, she would like 10% off",
        "Spoke with Nora Pitt at Fern Hollow, she hopes the install start is April 20",
        "Called Nora Pitt at Fern Hollow. The monthly fee is 500, they said",
    ],
)
def test_what_others_think_or_would_like_is_only_logged_and_named(planner: Planner, text: str) -> None:
    plan = ask(planner, text)

    assert changed(plan) == {}
    assert isinstance(plan, Propose)
    assert plan.notes[-1].startswith("Only logged")


@pytest.mark.parametrize(
    "text",
    [
        "Called Nora Pitt about the six heaters for Fern Hollow, she rang back later, all is well",
        "Called Nora Pitt at Fern Hollow. She said last year they paid 38k and lost money on it",
        "Had coffee with Saul Wynn. His boss wants the lamps at 6k, but I told him 7k is the floor",
        "见了何秀英，她说挺好，我没答应。下一步：周五前发新报价",
    ],
)
def test_a_story_that_sets_nothing_is_only_a_log(planner: Planner, text: str) -> None:
    plan = ask(planner, text)

    assert (changed(plan), [note for note in getattr(plan, "notes", ()) if "Only" in note]) == ({}, [])


@pytest.mark.parametrize(
    "text",
    [
        "Nora Pitt thinks their credit limit is 50k",
        "Fern Hollow would like 10% off the heaters",
        "they hope the Fern Hollow heaters' monthly fee is 500",
        "段玉林觉得云岭补光灯的金额是五千",
    ],
)
def test_an_opinion_alone_is_asked_about(planner: Planner, text: str) -> None:
    plan = ask(planner, text)

    assert isinstance(plan, Clarify)


def test_what_the_speaker_believes_counts_as_said(planner: Planner) -> None:
    assert steps(ask(planner, "I think the Fern Hollow heaters will close May 22"))[0][2] == {"closes_on": "2026-05-22"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Fern Hollow heaters: they only need 4 now, and the monthly drops to 650", {"units": 4, "monthly_fee": 650}),
        ("make it 8 heaters on the Fern Hollow deal", {"units": 8}),
        ("the Orchid Vale vents are 10 pieces now, not 12", {"units": 10}),
        ("云岭补光灯那三十台改成二十台", {"units": 20}),
        ("云岭的补光灯加到五十台", {"units": 50}),
    ],
)
def test_how_many_a_deal_is_of(planner: Planner, text: str, values: dict[str, Any]) -> None:
    assert steps(ask(planner, text)) == [("update", "deal", values)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("set the Fern Hollow heaters to 5000, no wait, 5600", {"amount": 5600}),
        ("mark the Fern Hollow heaters lost, no sorry I meant quoted", None),
        ("云岭补光灯金额改成 5000，不对，5600", {"amount": 5600}),
    ],
)
def test_what_is_taken_back_in_one_breath_does_not_count(planner: Planner, text: str, values: Any) -> None:
    plan = ask(planner, text)

    assert values is None or steps(plan) == [("update", "deal", values)]
    assert not isinstance(plan, Clarify) or plan.options == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Record Orchid Vale's carbon footprint as 310 tonnes in its own field, not in a note", "carbon footprint"),
        ("set Fern Hollow's shoe size to 44", "shoe size"),
        ("Change the loyalty tier of Orchid Vale to gold", "loyalty tier"),
        ("把云岭花卉的会员等级改成金牌", "会员等级"),
    ],
)
def test_a_field_that_does_not_exist_is_said_to_be_none(planner: Planner, text: str, word: str) -> None:
    plan = ask(planner, text)

    assert isinstance(plan, Cannot), plan
    assert word in plan.reason


def test_a_note_is_still_a_note(planner: Planner) -> None:
    assert steps(ask(planner, "note that Orchid Vale's head office moved to Leeds"))[0][:2] == ("create", "interaction")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("remind me on Monday March 24 to call Nora Pitt", ("2026-03-24", "2026-03-30", "2026-03-23")),
        ("remind me on March 24 (Monday) to call Nora Pitt", ("2026-03-24", "2026-03-30", "2026-03-23")),
        ("提醒我3月24号周一给段玉林打电话", ("2026-03-24", "2026-03-30", "2026-03-23")),
        ("remind me on Friday the 21st to call Nora Pitt", ("2026-03-21", "2026-03-27", "2026-03-20")),
        ("提醒我下周三 3月24日 给段玉林打电话", ("2026-03-24", "2026-03-25", "2026-03-18")),
    ],
)
def test_a_day_told_twice_and_differently_is_asked_about(planner: Planner, text: str, options: tuple[str, ...]) -> None:
    plan = ask(planner, text)

    assert isinstance(plan, Clarify)
    assert plan.options == options
    assert steps(ask(planner, text, options[1]))[0][2]["due_on"] == options[1]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("remind me on Tuesday, March 24 to call Nora Pitt", "2026-03-24"),
        ("remind me on March 24 (Tuesday) to call Nora Pitt", "2026-03-24"),
        ("remind me on Friday the 20th to call Nora Pitt", "2026-03-20"),
        ("提醒我3月24号周二给段玉林打电话", "2026-03-24"),
    ],
)
def test_a_weekday_that_fits_its_date_belongs_to_it(planner: Planner, text: str, day: str) -> None:
    ((_, _, values),) = steps(ask(planner, text))

    assert values["due_on"] == day
    assert values["title"] in ("Call Nora Pitt", "给段玉林打电话")


@pytest.mark.parametrize(
    ("text", "entity", "values"),
    [
        ("New contact at Orchid Vale: Miles Branagh, yard foreman, 555-614-2209, texts only", "contact",
         {"name": "Miles Branagh", "title": "yard foreman", "phone": "555-614-2209", "preferred_channel": "Text"}),
        ("加个联系人，云岭花卉的采购经理方敏，电话13812345670，平时微信联系", "contact",
         {"name": "方敏", "title": "采购经理", "phone": "13812345670", "preferred_channel": "WeChat"}),
        ("New customer: Harrow Stoneworks, in Tulsa, prepay, their yard is next to the airport", "account",
         {"name": "Harrow Stoneworks", "city": "Tulsa", "terms": "Prepay",
          "description": "their yard is next to the airport"}),
        ("新客户录一下：大理洱海园艺，做盆栽的，先款后货", "account",
         {"name": "大理洱海园艺", "description": "做盆栽的"}),
        ("昨天展会上碰到个潜在客户，丽江云杉的孟庆华，想看两台加热器，手机13757718820，先当线索录进来", "lead",
         {"name": "孟庆华", "company": "丽江云杉", "phone": "13757718820",
          "description": "昨天展会上碰到个潜在客户，想看两台加热器"}),
        ("open a new deal for Orchid Vale, 15 lamps, 6k", "deal", {"units": 15, "amount": 6000, "kit": "Lamp"}),
    ],
)  # fmt: skip
def test_a_new_record_takes_its_fields_and_keeps_the_other_words(
    planner: Planner, text: str, entity: str, values: dict[str, Any]
) -> None:
    ((op, kind, found),) = steps(ask(planner, text))

    assert (op, kind) == ("create", entity)
    assert {name: found[name] for name in values if name in found} == values


@pytest.mark.parametrize(
    "text", ["今年新开的商机", "今年新开单子有多少", "新开单子最多的是谁", "把今年1月份签下来的单子列一下"]
)
def test_who_asks_for_new_ones_makes_none(planner: Planner, text: str) -> None:
    plan = ask(planner, text)

    assert not isinstance(plan, Propose)
    assert not (isinstance(plan, Clarify) and "月" in plan.question)


def test_one_of_several_is_asked_about(planner: Planner) -> None:
    plan = ask(planner, "One of the Orchid Vale deals is dead, they chose a competitor")

    assert isinstance(plan, Clarify)
    assert len(plan.options) == 2


def test_a_bare_reminder_takes_what_is_next_for_its_title(planner: Planner) -> None:
    found = steps(ask(planner, "Called Nora Pitt at Fern Hollow, next step is sending the contract, remind me Friday"))

    assert [(values["title"], values["due_on"]) for _, kind, values in found if kind == "task"] == [
        ("Sending the contract", "2026-03-20")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Set the units to 5 on all of Orchid Vale's deals that aren't signed or lost yet",
        "Change it on all of their deals that aren't signed or lost yet.",
    ],
)
def test_two_outcomes_joined_by_or_never_end_a_deal(planner: Planner, text: str) -> None:
    plan = ask(planner, text)

    assert not isinstance(plan, Propose) or all("stage" not in step.set for step in plan.steps)


def test_a_deal_is_told_by_its_customer_and_a_word_of_its_own(planner: Planner) -> None:
    plan = ask(planner, "what is the monthly fee of Hollow heaters")

    assert isinstance(plan, Query), plan
    assert "Fern Hollow heaters" in str(plan.spec.where) or "G1" in str(plan.spec.where)
