"""A company's own columns in its own words: short names, initials, plurals, yes and no, stages as verbs."""

import pytest

from copilot.offline.plan import Cannot, Clarify, Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from tests.worlds import TODAY, World, build

PEOPLE = ("Mira Castellan", "Jonas Whitlock", "Priya Ramanath")
FIRMS = ("Brightwater Foods", "Kestrel Robotics", "Ostrava Glass", "Tidewell Marine", "Corvane Hotels", "Selby Legal")


def agency() -> World:
    """A staffing agency: clients with flags, placements with fees, recruiters with desks."""
    clients = [
        {"Client Name": name, "Sector": ("Pharma", "Banking")[i % 2], "City": ("Leeds", "York")[i % 2],
         "Key Account": ("Yes", "No", "No")[i % 3], "KYC Complete": ("Yes", "No")[i // 3],
         "Account Manager": PEOPLE[i % 3], "Net Promoter Score": 3 + i}
        for i, name in enumerate(FIRMS)
    ]  # fmt: skip
    placements = [
        {"Placement ID": f"PL-{i:03}", "Client": FIRMS[i % 6], "Recruiter": PEOPLE[i % 3],
         "Role Title": ("Java Developer", "Staff Nurse")[i % 2], "Stage": ("Placed", "Unfilled", "Interviewing")[i % 3],
         "Date Opened": f"2025-0{1 + i % 5}-11", "Closed Date": "" if i % 3 == 2 else f"2025-0{2 + i % 4}-20",
         "Placement Fee Due (GBP)": 1000 + 10 * i, "Invoiced Amount (GBP)": 500 + i,
         "Reason Lost": "Price" if i % 3 == 1 else ""}
        for i in range(36)
    ]  # fmt: skip
    team = [{"Recruiter": name, "Desk": f"Desk {i}", "City": "Leeds"} for i, name in enumerate(PEOPLE)]
    return World("agency", {"Clients": clients, "Placements": placements, "Recruiters": team})


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """`planned(question)`: what the planner would do at the agency."""
    store, _ = build(agency(), tmp_path_factory.mktemp("agency"))
    planner = Planner(store)
    return lambda text: planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)


def where(plan) -> dict:
    """Field → value of the conditions of a query."""
    assert isinstance(plan, Query), plan
    found, left = {}, [plan.spec.where.model_dump(exclude_defaults=True)] if plan.spec.where else []
    while left:
        part = left.pop()
        left += part.get("all", [])
        if "field" in part:
            found[part["field"]] = part.get("value")
    return found


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("what's the fee on PL-004", ["name", "placement_fee_due"]),
        ("NPS of Selby Legal", ["name", "net_promoter_score"]),
        ("what is the promoter score of Selby Legal", ["name", "net_promoter_score"]),
    ],
)
def test_a_part_of_a_header_or_its_initials_name_the_column(planned, text, columns):
    assert planned(text).spec.columns == columns


def test_a_part_that_several_headers_share_names_none(planned):
    assert isinstance(planned("what is the amount of PL-004"), Cannot | Clarify)


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("how many key accounts do we have", {"key_account": True}),
        ("key clients in Leeds", {"key_account": True, "city": "Leeds"}),
        ("which clients are not key accounts", {"key_account": False}),
        ("clients where KYC is not complete", {"kyc_complete": False}),
        ("clients with KYC complete", {"kyc_complete": True}),
    ],
)
def test_yes_and_no_said_of_records_is_a_condition(planned, text, conditions):
    assert where(planned(text)) == conditions


def test_yes_and_no_asked_of_one_record_is_looked_up(planned):
    plan = planned("is Selby Legal a key account?")

    assert plan.spec.columns == ["name", "key_account"]
    assert where(plan) == {"name": "Selby Legal"}


def test_yes_and_no_are_grouped_by(planned):
    assert [g.field for g in planned("clients by key account").spec.group_by] == ["key_account"]


def test_stored_values_in_the_plural_are_values(planned):
    assert where(planned("how many java developers did we place"))["role_title"] == "Java Developer"


def test_the_only_stage_of_won_deals_is_a_verb(planned):
    conditions = where(planned("how many placements did we make with staff nurses in May 2025"))
    placed = where(planned("when was PL-000 placed"))

    assert conditions["role_title"] == "Staff Nurse"
    assert placed["stage.kind"] == "won"


def test_money_of_an_own_column_is_summed_to_rank_people(planned):
    spec = planned("top 2 recruiters by placement fee due").spec

    assert [m.field for m in spec.measures] == ["placement_fee_due"]
    assert [m.fn for m in spec.measures] == ["sum"]


def test_a_column_of_what_was_invoiced_is_what_invoicing_means(planned):
    assert [m.field for m in planned("how much was invoiced by sector").spec.measures] == ["invoiced_amount"]


def test_a_field_beside_a_count_is_never_dropped(planned):
    assert isinstance(planned("how many placements did we invoice"), Clarify | Cannot)


def test_the_city_of_a_client_comes_before_that_of_its_owner(planned):
    assert where(planned("clients in Leeds")) == {"city": "Leeds"}


@pytest.mark.parametrize(
    "text",
    ["who looks after Selby Legal", "who is the recruiter for Selby Legal", "who owns Selby Legal"],
)
def test_whose_account_it_is_stands_in_the_store(planned, text):
    assert planned(text).spec.columns == ["name", "owner"]


def test_what_we_open_is_begun_and_need_not_be_open(planned):
    assert set(where(planned("how many placements did we open in May 2025"))) == {"started_on"}


def test_what_was_created_is_what_the_files_say(planned):
    assert set(where(planned("placements created in May 2025"))) == {"started_on"}


def test_a_stage_that_is_open_and_lost_asks(planned):
    assert isinstance(planned("how many placements were lost at interviewing"), Clarify)


@pytest.mark.parametrize("text", ["which sector has the most clients", "which sector has the fewest clients"])
def test_records_are_counted_by_a_field_of_their_own(planned, text):
    spec = planned(text).spec

    assert (spec.entity, [g.field for g in spec.group_by]) == ("account", ["industry"])


def test_the_companies_of_a_person_are_counted_once_each(planned):
    spec = planned("which recruiter has the most clients").spec

    assert [(m.fn, m.field) for m in spec.measures] == [("count", "account")]


def test_a_letter_is_a_value_beside_its_field_alone(tmp_path_factory):
    clients = [{"Client Name": name, "Credit Grade": "ABC"[i % 3], "City": "York"} for i, name in enumerate(FIRMS)]
    store, _ = build(World("grades", {"Clients": clients}), tmp_path_factory.mktemp("grades"))
    planner = Planner(store)

    graded = planner.plan("clients with credit grade A", dialogue=(), actor=ADMIN, today=TODAY)
    article = planner.plan("is there a client in York", dialogue=(), actor=ADMIN, today=TODAY)

    assert where(graded) == {"credit_grade": "A"}
    assert "credit_grade" not in where(article)


def test_lost_deals_without_a_day_are_not_counted_as_none(tmp_path_factory):
    rows = [
        {"Deal Name": f"D{i}", "Stage": ("Won", "Lost")[i % 2], "Closed On": "" if i % 2 else f"2025-05-{i + 10}"}
        for i in range(12)
    ]
    store, _ = build(World("undated", {"deals": rows}), tmp_path_factory.mktemp("undated"))
    planner = Planner(store)

    lost = planner.plan("how many deals did we lose in May 2025", dialogue=(), actor=ADMIN, today=TODAY)
    won = planner.plan("how many deals did we win in May 2025", dialogue=(), actor=ADMIN, today=TODAY)

    assert isinstance(lost, Cannot)
    assert isinstance(won, Query)


def test_ranking_by_an_empty_field_finds_nothing_out(planned):
    assert isinstance(planned("the biggest placements"), Cannot | Clarify)


def test_every_record_is_listed_and_the_mean_over_records_is_one_number(planned):
    assert planned("list every won placement").shape == "list"
    assert planned("average placement fee per placement").shape == "scalar"


def test_values_ranked_by_what_is_no_sum_ask(planned):
    assert isinstance(planned("top sector by net promoter score"), Clarify | Cannot)
