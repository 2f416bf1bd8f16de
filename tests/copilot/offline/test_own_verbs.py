"""Columns and stages that a company calls by a verb: what people make of them."""

import pytest

from copilot.offline.own_verbs import verb_forms
from copilot.offline.plan import Query
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from tests.worlds import TODAY, World, build

PEOPLE = ("Mira Castellan", "Jonas Whitlock", "Priya Ramanath")
SITES = ("Brightwater Foods", "Kestrel Robotics", "Ostrava Glass", "Tidewell Marine", "Corvane Hotels", "Selby Legal")
PHASES = ("Ordered", "Gone Elsewhere", "Quoted", "Trial Bake")


def bakery() -> World:
    """A maker of ovens: sites, people there with what they prefer and may sign, and pursuits that are raised."""
    sites = [
        {"Site Name": name, "Town": ("Leeds", "York")[i % 2], "Handler": PEOPLE[i % 3]} for i, name in enumerate(SITES)
    ]
    people = [
        {"Name": f"{first} Holt", "Site": SITES[i % 6], "Job Title": "Manager", "Email": f"{first.lower()}@example.org",
         "Prefers": ("Email", "Letter", "Phone")[i % 3], "Signs Off Spend": ("Y", "N")[i % 2]}
        for i, first in enumerate(("Ann", "Ben", "Cal", "Dee", "Eve", "Flo", "Gus", "Hal", "Ivy", "Jon", "Kim", "Lou"))
    ]  # fmt: skip
    pursuits = [
        {"Pursuit Ref": f"P-{i:03}", "Headline": f"Oven {i} for {SITES[i % 6]}", "Site": SITES[i % 6],
         "Handler": PEOPLE[i % 3], "Phase": PHASES[i % 4], "Oven Value (GBP)": 900 + 10 * i,
         "Raised": f"2025-0{1 + i % 5}-11", "PO Expected": f"2025-0{4 + i % 5}-20",
         "Decided": f"2025-0{2 + i % 4}-25" if i % 4 < 2 else "", "Lost Because": "Price" if i % 4 == 1 else ""}
        for i in range(48)
    ]  # fmt: skip
    team = [{"Full Name": name, "Squad": f"Squad {i}"} for i, name in enumerate(PEOPLE)]
    return World("bakery", {"Sites": sites, "People at site": people, "Pursuits": pursuits, "Crew": team})


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """`planned(question)`: the query of a question at the bakery."""
    store, _ = build(bakery(), tmp_path_factory.mktemp("bakery"))
    planner = Planner(store)

    def query(text: str):
        plan = planner.plan(text, dialogue=(), actor=ADMIN, today=TODAY)
        assert isinstance(plan, Query), plan
        return plan.spec

    return query


def conditions_of(spec) -> list[tuple]:
    parts = spec.where.model_dump(exclude_none=True)
    return [(part["field"], part.get("value")) for part in parts.get("all", [parts])]


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("raised", {"raise", "raises", "raising"}),
        ("ends", {"end", "ended", "ending"}),
        ("shipped", {"ship", "ships", "shipping"}),
        ("prefers", {"prefer", "preferred"}),
    ],
)
def test_the_forms_of_a_verb(word, others):
    assert others <= set(verb_forms(word))


@pytest.mark.parametrize("word", ["status", "class", "tier", "po", "行业"])
def test_what_is_no_verb_has_no_forms(word):
    assert list(verb_forms(word)) == []


@pytest.mark.parametrize("text", ["how many did we raise in April 2025", "how many pursuits were raised in April 2025"])
def test_a_day_that_is_called_by_a_verb(planned, text):
    spec = planned(text)

    assert spec.entity == "deal"
    assert conditions_of(spec) == [("raised", "2025-04-01"), ("raised", "2025-04-30")]


@pytest.mark.parametrize(("text", "stage"), [("how many quotes", "Quoted"), ("how many trial bakes", "Trial Bake")])
def test_what_is_made_at_a_stage_goes_by_its_plural(planned, text, stage):
    assert ("stage", stage) in conditions_of(planned(text))


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("who prefers phone", [("prefers", "Phone")]),
        ("which contacts prefer email", [("prefers", "Email")]),
        ("who prefers email at Ostrava Glass", [("prefers", "Email"), ("account", "Ostrava Glass")]),
        ("who can sign off the spend at Ostrava Glass", [("signs_off_spend", True), ("account", "Ostrava Glass")]),
    ],
)
def test_who_is_asked_of_a_column_of_contacts_are_contacts(planned, text, conditions):
    spec = planned(text)

    assert spec.entity == "contact"
    assert conditions_of(spec) == conditions


def test_who_sold_stays_a_question_about_reps(planned):
    assert planned("which rep won the most deals in 2025").group_by[0].field == "owner"
