"""Who wants no mails or calls, fields of yes and no, and people of one name: over two companies, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from copilot.offline.plan import Clarify, PastTurn, Plan, Propose, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.custom_fields import create_field
from crm_core.db import Store
from crm_core.models import Kind
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.setup import create_store
from crm_core.transfer import load_rows

TODAY = date(2026, 11, 20)
Rows = dict[str, list[dict[str, Any]]]
Companies = dict[bool, "Company"]  # by whether they speak English
GARDENS: Rows = {
    "user": [{"external_id": "U1", "name": "Wes Calloway"}],
    "account": [
        {"external_id": "A1", "name": "Liftwell Vertical", "country": "Brazil", "key_account": False},
        {"external_id": "A2", "name": "Alder Valley Power", "country": "Brazil", "key_account": True},
    ],
    "contact": [
        {"external_id": "C1", "name": "Keisha Mbeki", "account": "A1"},
        {"external_id": "C2", "name": "Amelia Iyer", "account": "A1"},
        {"external_id": "C3", "name": "Owen Hale", "account": "A2"},
        {"external_id": "C4", "name": "Nadia Falk", "account": "A1"},
        {"external_id": "C5", "name": "Nadia Falk", "account": "A2"},
    ],
    "lead": [
        {"external_id": "L1", "name": "Amelia Iyer", "company": "Rosslyn Produce", "status": "new"},
        {"external_id": "L2", "name": "Owen Hale", "company": "Alder Valley Power", "status": "converted"},
        {"external_id": "L3", "name": "Grant Moss", "company": "Birchmere Logistics", "status": "working"},
    ],
}
AMELIA = ("Amelia Iyer (contact, Liftwell Vertical)", "Amelia Iyer (lead, Rosslyn Produce)")
WANG = ("王海 (联系人, 明辉纺织)", "王海 (线索, 宏图印刷)")
FACTORY: Rows = {
    "user": [{"external_id": "U1", "name": "周敏"}],
    "account": [{"external_id": "A1", "name": "明辉纺织", "key_account": False}],
    "contact": [
        {"external_id": "C1", "name": "刘倩", "account": "A1"},
        {"external_id": "C2", "name": "王海", "account": "A1"},
    ],
    "lead": [
        {"external_id": "L1", "name": "王海", "company": "宏图印刷", "status": "new"},
        {"external_id": "L2", "name": "孙磊", "company": "宏图印刷", "status": "new"},
    ],
}


@dataclass(frozen=True)
class Company:
    store: Store
    planner: Planner

    def code(self, entity: str, record: int | str) -> str:
        rows = run_query(self.store, QuerySpec(entity=entity, columns=["external_id"]), actor=ADMIN, today=TODAY).rows
        return next(str(row.values[0]) for row in rows if row.record_id == record)


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Companies]:
    made: Companies = {}
    for rows in (GARDENS, FACTORY):
        store = create_store(f"sqlite:///{tmp_path_factory.mktemp('company')}/farley.db")
        create_field(store, "account", "Key account", Kind.BOOLEAN, actor=ADMIN, door="cli")
        load_rows(store, rows, actor=ADMIN, door="cli", summary="rows of a test")
        made[rows is GARDENS] = Company(store, Planner(store))
    yield made
    for company in made.values():
        company.store.close()


def planned(companies: Companies, text: str, *, after: PastTurn | None = None) -> Plan:
    planner = companies[text.isascii()].planner
    return planner.plan(text, dialogue=[after] if after else (), actor=ADMIN, today=TODAY)


def changes(companies: Companies, text: str, *, after: PastTurn | None = None) -> list[tuple[Any, ...]]:
    plan = planned(companies, text, after=after)
    assert isinstance(plan, Propose), plan
    at = companies[text.isascii()]
    return [(s.entity, [at.code(s.entity, i) for i in s.records], dict(s.set)) for s in plan.steps]


@pytest.mark.parametrize(
    ("text", "entity", "code", "given"),
    [
        ("Keisha Mbeki opted out", "contact", "C1", {"do_not_contact": True}),
        ("mark Keisha Mbeki as do not contact", "contact", "C1", {"do_not_contact": True}),
        ("please unsubscribe Keisha Mbeki", "contact", "C1", {"do_not_contact": True}),
        ("Keisha Mbeki at Liftwell asked us never to call her again", "contact", "C1", {"do_not_contact": True}),
        ("take Keisha Mbeki off our list", "contact", "C1", {"do_not_contact": True}),
        ("Keisha Mbeki doesn't want our newsletter any more", "contact", "C1", {"consent": "withheld"}),
        ("stop emailing Keisha Mbeki", "contact", "C1", {"consent": "withheld"}),
        ("remove Keisha Mbeki from the mailing list", "contact", "C1", {"consent": "withheld"}),
        ("Owen Hale agreed to receive our emails", "contact", "C3", {"consent": "granted"}),
        ("Owen Hale opted back in", "contact", "C3", {"consent": "granted", "do_not_contact": False}),
        ("Owen Hale may be called again", "contact", "C3", {"do_not_contact": False}),
        ("the lead Grant Moss has unsubscribed", "lead", "L3", {"do_not_contact": True}),
        ("Grant Moss told me to stop sending him stuff", "lead", "L3", {"do_not_contact": True}),
        ("刘倩退订了", "contact", "C1", {"do_not_contact": True}),
        ("刘倩说以后不要再给她发邮件了", "contact", "C1", {"consent": "withheld"}),
        ("把刘倩标为请勿联系", "contact", "C1", {"do_not_contact": True}),
        ("刘倩让我们别再联系她", "contact", "C1", {"do_not_contact": True}),
        ("刘倩同意接收我们的邮件", "contact", "C1", {"consent": "granted"}),
        ("线索孙磊退订了", "lead", "L2", {"do_not_contact": True}),
    ],
)
def test_who_wants_no_mails_or_calls_is_recorded(
    companies: Companies, text: str, entity: str, code: str, given: dict[str, Any]
) -> None:
    assert changes(companies, text) == [(entity, [code], given)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Just called Keisha Mbeki. She wants no more mails from us", ["interaction", "contact"]),
        ("Keisha Mbeki opted out, and remind me on Friday to tell Wes Calloway", ["task", "contact"]),
        ("刚给刘倩打完电话，她以后不想再收邮件了", ["interaction", "contact"]),
    ],
)
def test_what_else_is_said_is_read_as_well(companies: Companies, text: str, kinds: list[str]) -> None:
    plan = planned(companies, text)

    assert isinstance(plan, Propose)
    assert [step.entity for step in plan.steps] == kinds


def test_several_people_are_several_changes(companies: Companies) -> None:
    given = {"consent": "withheld"}

    assert changes(companies, "Keisha Mbeki and Grant Moss no longer want our newsletter") == [
        ("contact", ["C1"], given), ("lead", ["L3"], given),
    ]  # fmt: skip


def test_a_full_name_that_nobody_has_is_not_two_people(companies: Companies) -> None:
    plan = planned(companies, "mark Keisha Moss as do not contact")

    assert isinstance(plan, Clarify)
    assert {"Keisha Mbeki", "Grant Moss"} <= {option.split(" (")[0] for option in plan.options}


def test_she_is_the_person_of_the_last_answer(companies: Companies) -> None:
    spec = QuerySpec(entity="contact", columns=["name"], limit=100)
    rows = run_query(companies[True].store, spec, actor=ADMIN, today=TODAY).rows
    keisha = next(row.record_id or 0 for row in rows if row.values[0] == "Keisha Mbeki")
    past = PastTurn("who is Keisha Mbeki?", spec=spec, entity="contact", ids=(keisha,), labels=("Keisha Mbeki",))

    found = changes(companies, "she does not want to hear from us any more", after=past)

    assert found == [("contact", ["C1"], {"do_not_contact": True})]


@pytest.mark.parametrize(
    "text",
    ["Keisha Mbeki might not want mails any more", "if Keisha Mbeki opts out, tell me",
     "Keisha Mbeki opted out of the tender", "delete what Keisha Mbeki unsubscribed from", "如果刘倩退订了就告诉我"],
)  # fmt: skip
def test_what_is_only_supposed_or_means_something_else_changes_nobody(companies: Companies, text: str) -> None:
    plan = planned(companies, text)

    assert not isinstance(plan, Propose) or all(step.entity == "task" for step in plan.steps)


@pytest.mark.parametrize(
    "text",
    ["who opted out?", "did Keisha Mbeki opt out?", "has Keisha Mbeki unsubscribed", "is Liftwell a key account?",
     "key accounts in Brazil", "哪些联系人退订了？", "刘倩退订了吗？"]
)  # fmt: skip
def test_a_question_about_it_is_answered(companies: Companies, text: str) -> None:
    assert isinstance(planned(companies, text), Query)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Amelia Iyer opted out", AMELIA),
        ("log a call with Amelia Iyer", AMELIA),
        ("Amelia Iyer's new number is +1 562 555 0199",
         AMELIA),
        ("remind me tomorrow to call Nadia Falk",
         ("Nadia Falk (contact, Liftwell Vertical)", "Nadia Falk (contact, Alder Valley Power)")),
        ("今天跟王海通了电话", WANG),
        ("王海退订了", WANG),
    ],
)  # fmt: skip
def test_people_of_one_name_are_asked_about(companies: Companies, text: str, options: tuple[str, ...]) -> None:
    plan = planned(companies, text)

    assert isinstance(plan, Clarify), plan
    assert plan.options == options


@pytest.mark.parametrize("picked", ["Amelia Iyer (lead, Rosslyn Produce)", "the lead", "Rosslyn Produce"])
def test_the_one_that_is_picked_is_meant(companies: Companies, picked: str) -> None:
    asked = planned(companies, "log a call with Amelia Iyer")
    assert isinstance(asked, Clarify)
    turn = PastTurn("log a call with Amelia Iyer", options=asked.options)

    plan = planned(companies, picked, after=turn)

    assert isinstance(plan, Propose), plan
    assert companies[True].code("lead", plan.steps[0].set["lead"]) == "L1"  # type: ignore[arg-type]  # an id


@pytest.mark.parametrize(
    ("text", "field", "code"),
    [
        ("log a call with the lead Amelia Iyer", "lead", "L1"),
        ("log a call with Amelia Iyer of Rosslyn Produce", "lead", "L1"),
        ("log a call with Amelia Iyer at Liftwell", "contact", "C2"),
        ("log a call with Nadia Falk of Alder Valley Power", "contact", "C5"),
        ("log a call with Owen Hale", "contact", "C3"),  # the lead became this contact
        ("今天跟线索王海通了电话", "lead", "L1"),
    ],
)
def test_who_is_told_apart_by_what_is_said_is_not_asked_about(
    companies: Companies, text: str, field: str, code: str
) -> None:
    plan = planned(companies, text)

    assert isinstance(plan, Propose), plan
    assert companies[text.isascii()].code(field, plan.steps[0].set[field]) == code  # type: ignore[arg-type]  # an id


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("Liftwell is a key account now", "A1", True),
        ("mark Liftwell as key account", "A1", True),
        ("Alder Valley is no longer a key account", "A2", False),
        ("remove the key account flag from Alder Valley", "A2", False),
        ("set the key account of Alder Valley to no", "A2", False),
        ("把明辉纺织设为key account", "A1", True),
        ("明辉纺织不是key account了", "A1", False),
    ],
)
def test_a_field_of_yes_and_no_is_set(companies: Companies, text: str, code: str, value: bool) -> None:
    assert changes(companies, text) == [("account", [code], {"key_account": value})]


def test_many_are_marked_at_once(companies: Companies) -> None:
    ((entity, codes, given),) = changes(companies, "mark all contacts at Alder Valley as do not contact")

    assert (entity, sorted(codes), given) == ("contact", ["C3", "C5"], {"do_not_contact": True})
