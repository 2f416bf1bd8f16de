"""What waits about a record stands on its page, with the way to its card."""

from datetime import UTC, datetime

from crm_core.changes import Change, Op, Origin, propose
from integrations.web.reader import Reader
from integrations.web.waiting import read_waiting_about
from tests.factories import make_contact


def ask(company, who, *changes):
    """A proposal of somebody's."""
    return propose(
        company.store.for_agent, changes, actor=company.actor(who), summary=f"asked by {who}", origin=Origin("web"),
        at=datetime.now(UTC),
    )  # fmt: skip


def about(company, desk, who, kind, record_id):
    reader = Reader(company.store, company.actor(who), desk.today(), "en")
    return [one.id for one in read_waiting_about(reader, kind, record_id)]


def test_changes_and_drafts_that_wait_are_about_the_records_that_they_name(company, desk):
    eve = make_contact(company.store, "Al Phare", account=company.acme, owner=company.ada)
    changed = ask(company, "Ada North", Change(Op.UPDATE, "account", company.acme, 1, {"industry": ("retail", "toys")}))
    mail = {"subject": (None, "Hello"), "body": (None, "Hi"), "contact": (None, eve), "account": (None, company.acme)}
    draft = ask(company, "Ada North", Change(Op.CREATE, "draft", 77, None, mail))

    assert about(company, desk, "Ada North", "account", company.acme) == [draft.id, changed.id]
    assert about(company, desk, "Ada North", "contact", eve) == [draft.id]
    assert about(company, desk, "Ada North", "deal", company.adas_deal) == []
    assert about(company, desk, "Bo South", "account", company.acme) == []


def test_the_way_leads_to_the_card_where_it_is_approved(visit, company):
    renamed = {"name": ("Alpha", "Omega")}
    asked = ask(company, "Ada North", Change(Op.UPDATE, "deal", company.adas_deal, 1, renamed))

    async def walk(user):
        await user.open(f"/deal/{company.adas_deal}")
        await user.should_see("Open the card", retries=150)
        await user.open(f"/approvals?id={asked.id}")
        await user.should_see("Approve", retries=150)
        user.find("Approve").click()
        await user.should_see("Undo", retries=150)

    visit("Ada North", walk)


def test_the_card_of_another_and_one_that_cannot_be_are_not_found(visit, company):
    renamed = {"name": ("Beta secret", "Beta")}
    asked = ask(company, "Bo South", Change(Op.UPDATE, "deal", company.bos_deal, 1, renamed))

    async def walk(user):
        for page in ("approvals", "changes"):
            for wanted in (asked.id, "ab", "x" * 40):
                answered = await user.http_client.get(f"/{page}?id={wanted}")
                assert answered.status_code == 404, (page, wanted)
                assert "secret" not in answered.text

    visit("Ada North", walk)
