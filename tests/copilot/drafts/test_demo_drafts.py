"""Drafts over the whole demo company: every fact with a source, nobody who is blocked, no two alike.

CI makes 40, FARLEY_SOAK=1 200.
"""

import os
from collections.abc import Iterator
from datetime import date
from itertools import cycle, islice

import pytest

from copilot.context import TurnContext
from copilot.drafts import Wishes, make_draft
from copilot.drafts.check import doubts_in
from copilot.drafts.drafting import Drafted
from copilot.knowledge import Knowledge
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.demo import build_company
from crm_core.models import Purpose
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.reaching import Recipient, find_block
from crm_core.transfer.load import load_rows
from crm_core.users import actor_for

TODAY = date(2026, 11, 22)
DRAFTS = 200 if os.environ.get("FARLEY_SOAK") else 40


@pytest.fixture(scope="module")
def demo(sqlite_template, tmp_path_factory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("demo") / "farley.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store(f"sqlite:///{path}")
    load_rows(store, build_company(TODAY), actor=ADMIN, door="cli", summary="demo")
    yield store
    store.close()


def wanted(store: Store) -> Iterator[tuple[int, str, Purpose | None]]:
    """Contacts that may be written to with their owner: what fits each first, then every purpose in turn."""
    spec = QuerySpec(entity="contact", columns=["name", "owner", "account.owner"])
    rows = run_query(store, spec, actor=ADMIN, today=TODAY).rows
    with store.read() as connection:
        free = [
            row
            for row in rows
            if find_block(connection, Recipient("contact", row.record_id or 0)) is None
            and (row.values[1] or row.values[2])
        ]
    yield from ((row.record_id or 0, str(row.values[1] or row.values[2]), None) for row in free)
    yield from (
        (row.record_id or 0, str(row.values[1] or row.values[2]), purpose)
        for row, purpose in zip(free, cycle(Purpose), strict=False)
    )


def made(store: Store) -> Iterator[tuple[Drafted, TurnContext]]:
    """Each contact and purpose once."""
    knowledge, seen = Knowledge(store.for_agent), set()
    for contact, owner, purpose in islice(wanted(store), 0, None, max(1, 150 // DRAFTS)):
        context = TurnContext(
            store=store.for_agent, actor=actor_for(store, owner), today=TODAY, lang="en", text="", thread="t",
            knowledge=knowledge,
        )  # fmt: skip
        drafted = make_draft(context, Recipient("contact", contact), Wishes(purpose=purpose))
        if (contact, drafted.letter.purpose) not in seen:
            yield drafted, context
        seen.add((contact, drafted.letter.purpose))


def test_drafts_over_the_demo_company_invent_nothing_and_are_all_different(demo):
    bodies, unsourced, bare = set(), [], []
    for drafted, context in islice(made(demo), DRAFTS):
        names = [drafted.to.label, drafted.letter.ending, drafted.letter.greeting]
        text = "\n".join([drafted.letter.subject, *(one.text for one in drafted.letter.sentences)])
        unsourced += doubts_in(text, drafted.facts, context, names=names)
        bare += [fact.name for fact in drafted.facts if not fact.source.id]
        bodies.add(drafted.letter.body)

    assert unsourced == []
    assert bare == []
    assert len(bodies) == DRAFTS
