"""Which records a new one is taken for: few false alarms, since each costs a person a look."""

from datetime import date
from typing import Any

import pytest

from crm_core.access import ADMIN, Actor, Scope
from crm_core.changes.draft import draft
from crm_core.changes.steps import Step
from crm_core.db import Store
from tests.factories import actor_for, make_account, make_contact, make_deal, make_lead, make_product, make_user

DAY = date(2017, 12, 31)


def alike(store: Store, entity: str, *, actor: Actor = ADMIN, **given: Any) -> list[tuple[str, str]]:
    step = Step.model_validate({"op": "create", "entity": entity, "set": given})
    return [(one.label, one.by) for one in draft(store.for_agent, [step], actor=actor, today=DAY).alike]


@pytest.fixture
def company(store: Store) -> Store:
    """A few customers and their people."""
    with store.write() as connection:
        halden = make_account(
            connection, "Halden Optics Inc.", website="https://www.halden.example/en", phone="030 555-01-22"
        )
        make_account(connection, "Plant 1 GmbH")
        make_account(connection, "青屿冷链有限公司")
        make_contact(connection, "Ada Byron", account=halden, email="ada@halden.example", phone="+49 (30) 555 0123")
        make_contact(connection, "John Smith", account=make_account(connection, "Globex"))
        make_lead(connection, "Grace Hopper", company="Navy Ltd")
        make_product(connection, "GTX Pro")
        make_deal(connection, "Halden – GTX Pro", account=halden)
        make_deal(connection, "Halden – MG", account=halden, stage="Lost")
    return store


@pytest.mark.parametrize(
    ("entity", "given", "found"),
    [
        ("account", {"name": "halden optics"}, ("Halden Optics Inc.", "name")),
        ("account", {"name": "Halden Optcis GmbH"}, ("Halden Optics Inc.", "name")),
        ("account", {"name": "青屿冷链"}, ("青屿冷链有限公司", "name")),
        ("account", {"name": "HO", "website": "halden.example"}, ("Halden Optics Inc.", "website")),
        ("account", {"name": "HO", "phone": "+49 30 5550122"}, ("Halden Optics Inc.", "phone")),
        ("contact", {"name": "A. B.", "email": "Ada@Halden.example"}, ("Ada Byron", "email")),
        ("contact", {"name": "Ada B.", "phone": "030 5550123"}, ("Ada Byron", "phone")),
        ("contact", {"name": "ada byron"}, ("Ada Byron", "name")),
        ("contact", {"name": "Adda Byron", "account": "Halden Optics Inc."}, ("Ada Byron", "name")),
        ("lead", {"name": "Grace Hopper", "company": "Navy"}, ("Grace Hopper", "name")),
        ("product", {"name": "GTX-Pro"}, ("GTX Pro", "name")),
        ("deal", {"name": "Halden - GTX Pro", "account": "Halden Optics Inc."}, ("Halden – GTX Pro", "name")),
    ],
)
def test_it_is_found(company, entity, given, found):
    assert alike(company, entity, **given) == [found]


@pytest.mark.parametrize(
    ("entity", "given"),
    [
        ("account", {"name": "Plant 2"}),
        ("account", {"name": "Halden Optical Instruments"}),
        ("account", {"name": "青山冷链有限公司"}),
        ("account", {"name": "HO", "website": "halden.example.org"}),
        ("contact", {"name": "John Smith", "account": "Halden Optics Inc."}),
        ("contact", {"name": "Adda Byron"}),
        ("contact", {"name": "Bob Lund", "phone": "+49 30 5550123"}),
        ("contact", {"name": "Ada Lund", "account": "Halden Optics Inc."}),
        ("lead", {"name": "Grace Hopper", "company": "Army"}),
        ("deal", {"name": "Halden - MG", "account": "Halden Optics Inc."}),
        ("deal", {"name": "Halden – GTX Pro", "account": "Globex"}),
        ("task", {"title": "Call Ada"}),
    ],
)
def test_it_is_taken_for_nothing(company, entity, given):
    assert alike(company, entity, **given) == []


def test_what_the_asker_may_not_see_is_no_twin_and_what_they_may_not_change_is_none_to_update(store):
    ann, bob = make_user(store, "Ann"), make_user(store, "Bob")
    make_account(store, "Halden", owner=bob)
    step = Step.model_validate({"op": "create", "entity": "account", "set": {"name": "Halden"}})

    assert alike(store, "account", actor=actor_for(ann, reads=Scope.OWN), name="Halden") == []
    (seen,) = draft(store.for_agent, [step], actor=actor_for(ann), today=DAY).alike
    assert (seen.label, seen.may_change) == ("Halden", False)
    (own,) = draft(store.for_agent, [step], actor=actor_for(bob), today=DAY).alike
    assert (own.step, own.may_change) == (0, True)


def test_who_says_that_it_is_a_new_one_is_not_told_again(company):
    step = Step.model_validate({"op": "create", "entity": "account", "set": {"name": "Halden Optics"}, "is_new": True})

    assert draft(company.for_agent, [step], actor=ADMIN, today=DAY).alike == ()
