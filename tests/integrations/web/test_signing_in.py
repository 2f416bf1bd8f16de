"""The forms of signing in."""

import pytest

from crm_core.access import ADMIN
from crm_core.signing_in import Purpose, make_link, set_password
from integrations.web.gate import CSRF, comes_from_here, is_other_door
from integrations.web.signing_in import _ours


async def send(user, path, **form):
    user.http_client.cookies.set(CSRF, "token")
    return await user.http_client.post(path, data={"csrf": "token", **form})


def test_the_right_password_lets_in_and_leads_to_the_page_that_was_asked_for(visit, company):
    set_password(company.store, company.ada, "a long enough one")

    async def walk(user):
        answered = await send(user, "/sign-in/check", email="ada north", password="a long enough one", to="/me")
        assert (answered.status_code, answered.headers["location"]) == (303, "/me")
        cookie = answered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert (await user.http_client.get("/me")).status_code == 200

    visit(None, walk)


def test_a_form_of_another_site_is_not_read(visit, company):
    set_password(company.store, company.ada, "a long enough one")

    async def walk(user):
        form = {"email": "Ada North", "password": "a long enough one"}
        for csrf in ({}, {"csrf": "x"}, {"csrf": ""}):
            answered = await user.http_client.post("/sign-in/check", data={**form, **csrf})
            assert "sign_in_stale" in answered.headers["location"]
        assert (await user.http_client.get("/")).status_code == 303

    visit(None, walk)


def test_after_five_tries_the_right_password_is_not_looked_at(visit, company):
    set_password(company.store, company.ada, "a long enough one")

    async def walk(user):
        said = [
            (await send(user, "/sign-in/check", email="Ada North", password="wrong")).headers["location"]
            for _ in range(5)
        ]
        assert said == ["/sign-in?said=sign_in_wrong"] * 5
        answered = await send(user, "/sign-in/check", email="Ada North", password="a long enough one")
        assert answered.headers["location"] == "/sign-in?said=sign_in_often"

    visit(None, walk)


def test_a_link_lets_somebody_choose_a_password_once(visit, company):
    key = make_link(company.store, company.ada, Purpose.SET_PASSWORD, by=ADMIN)

    async def walk(user):
        await user.open(f"/set-password?key={key}")
        differ = await send(user, "/set-password/keep", key=key, password="a long enough one", again="another one!")
        assert "passwords_differ" in differ.headers["location"]
        done = await send(user, "/set-password/keep", key=key, password="a long enough one", again="a long enough one")
        assert "password_set" in done.headers["location"]
        again = await send(user, "/set-password/keep", key=key, password="a long enough 2", again="a long enough 2")
        assert "link_gone" in again.headers["location"]

    visit(None, walk)


@pytest.mark.parametrize("path", ["https://x.example", "//x.example", "/\\x.example", "javascript:1", "/a\nb", "", "x"])
def test_signing_in_leads_to_pages_of_ours_alone(path):
    assert _ours(path) == "/"


def test_other_sites_and_other_doors_are_told_apart():
    from starlette.datastructures import Headers

    mine = Headers({"origin": "http://farley.local", "host": "farley.local"})
    other = Headers({"origin": "http://evil.example", "host": "farley.local"})

    assert [comes_from_here(one, is_safe=False) for one in (mine, other, Headers({}))] == [True, False, True]
    assert [is_other_door(one) for one in ("/api", "/api/deals", "/apia", "/mcp", "/", "/deal/1")] == [
        True, True, False, True, False, False,
    ]  # fmt: skip
