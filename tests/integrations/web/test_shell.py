"""The frame around the pages, and who is let in."""

from crm_core.access import ADMIN
from crm_core.signing_in import set_preferences
from integrations.web.people import COOKIE


def test_somebody_who_is_signed_in_sees_the_page_in_their_language(visit, desk, company):
    set_preferences(company.store, company.ada, lang="zh")

    async def walk(user):
        await user.open("/")
        await user.should_see("退出登录")

    visit("Ada North", walk)


def test_nobody_sees_a_page_without_signing_in(visit):
    async def walk(user):
        for path in ("/", "/?x=1"):
            answered = await user.http_client.get(path)
            assert answered.status_code == 303
            assert answered.headers["location"].startswith("/sign-in")

    visit(None, walk)


def test_a_session_ends_with_a_new_password_and_with_its_person(visit, desk, company):
    from sqlalchemy import update

    from crm_core.models import User as Row
    from crm_core.signing_in import set_password

    async def walk(user):
        await user.open("/")
        with company.store.write() as connection:
            connection.execute(update(Row).where(Row.id == company.ada).values(is_active=False))
        assert (await user.http_client.get("/")).status_code == 303
        with company.store.write() as connection:
            connection.execute(update(Row).where(Row.id == company.ada).values(is_active=True))
        await user.open("/")
        set_password(company.store, company.ada, "another long one")
        assert (await user.http_client.get("/")).status_code == 303

    visit("Ada North", walk)


def test_signing_out_ends_the_session(visit, desk):
    async def walk(user):
        await user.open("/")
        await user.http_client.post("/sign-out")
        user.http_client.cookies.set(COOKIE, user.http_client.cookies.get(COOKIE) or "")
        assert (await user.http_client.get("/")).status_code == 303

    visit("Ada North", walk)


def test_the_built_in_administrator_can_be_let_in(visit):
    async def walk(user):
        await user.open("/")
        await user.should_see(ADMIN.name)

    visit("admin", walk)


def test_a_question_is_answered(visit):
    async def walk(user):
        await user.open("/")
        await user.should_see(marker="composer", retries=300)
        user.find(marker="composer").type("How many deals are there?").trigger("keydown.enter.exact.prevent")
        await user.should_see("1", retries=300)

    visit("Ada North", walk)


def test_an_address_that_nothing_has_is_told_with_a_way_back(visit):
    async def walk(user):
        answered = await user.http_client.get("/no/such/page", headers={"accept": "text/html"})
        assert answered.status_code == 404
        assert "button-link" in answered.text

    visit("Ada North", walk)


def test_a_stranger_who_asks_for_such_an_address_signs_in_first(visit):
    async def walk(user):
        answered = await user.http_client.get("/no/such/page", headers={"accept": "text/html"})
        assert (answered.status_code, answered.headers["location"]) == (303, "/sign-in?to=/no/such/page")

    visit(None, walk)


def test_the_look_goes_back_to_what_the_device_prefers(visit, desk, company):
    set_preferences(company.store, company.ada, theme="dark")
    set_preferences(company.store, company.ada, theme="")

    async def walk(user):
        await user.open("/settings")
        await user.should_see("As the device prefers")

    visit("Ada North", walk)
