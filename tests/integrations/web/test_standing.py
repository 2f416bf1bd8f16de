"""What the phone has for standing: a call is logged from anywhere in two taps, conversations open in a window."""

from nicegui import ui

from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from tests.factories import make_interaction


def is_offered(client):
    """Whether the menu has it."""
    return any(one.props.get("href") == "/interaction/new?kind=call" for one in client.elements.values())


def test_a_logged_call_begins_as_ones_own_of_today(visit, desk, company):
    make_interaction(company.store, desk.today(), kind="call", account=company.acme)

    async def walk(user):
        assert is_offered(await user.open("/me"))
        await user.open("/interaction/new?kind=call")
        user.find(marker="edit-subject").type("About the pilot")
        user.find(marker="save-new").click()
        await user.should_see(marker="delete", retries=150)

    visit("Ada North", walk)
    spec = QuerySpec(entity="interaction", columns=["kind", "happened_on", "user"])
    rows = run_query(company.store, spec, actor=company.actor("Ada North"), today=desk.today()).rows
    assert ("call", desk.today(), "Ada North") in [row.values for row in rows]


def test_who_may_log_nothing_is_not_offered_it(visit):
    async def walk(user):
        assert not is_offered(await user.open("/"))

    visit("Cy Audit", walk)


def test_a_conversation_stands_beside_the_chat_from_its_first_question_on(visit, desk, company):
    async def walk(user):
        client = await user.open("/")
        await user.should_see(marker="composer", retries=50)
        user.find(marker="composer").type("How many deals?").trigger("keydown.enter.exact.prevent")
        await user.should_see("Number of deals", retries=150)
        [thread] = desk.transcripts.threads(company.ada)
        links = [one.props.get("href") for one in client.elements.values()]
        assert f"/?thread={thread.name}" in links

    visit("Ada North", walk)


def test_a_question_offered_in_the_place_of_another_is_asked_with_one_click(visit):
    async def walk(user):
        await user.open("/")
        await user.should_see(marker="composer", retries=50)
        user.find(marker="composer").type("How many flashy deals?").trigger("keydown.enter.exact.prevent")
        await user.should_see("How many deals?", retries=150)
        user.find("How many deals?").click()
        await user.should_see("Number of deals", retries=150)

    visit("Ada North", walk)


def test_conversations_open_in_a_window(visit, desk, company):
    desk.transcripts.ask(company.ada, "t", "How many deals?")

    async def walk(user):
        await user.open("/")
        user.find(marker="threads").click()
        await user.should_see(kind=ui.dialog, retries=150)

    visit("Ada North", walk)
