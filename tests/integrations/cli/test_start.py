import pytest


@pytest.mark.usefixtures("home")
class TestStart:
    def test_where_there_is_no_store_it_makes_the_demo_company_and_shows_it(self, farley, home):
        ran = farley("start", "--tour")

        assert ran.code == 0
        assert (home / "farley.db").exists()
        assert 8 <= ran.out.count("you> ") <= 10
        assert ran.out.count("How I read it: ") + ran.out.count("我的理解：") >= 5

    def test_the_tour_answers_asks_back_and_declines(self, farley):
        from copilot.agent import Copilot

        statuses = []
        ask = Copilot.ask

        def noted(self, *args, **kwargs):
            reply = ask(self, *args, **kwargs)
            statuses.append(reply.status)
            return reply

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Copilot, "ask", noted)
            farley("start", "--tour")

        assert statuses == ["answered"] * 8 + ["clarify", "cannot"]

    def test_it_serves_the_page_and_gives_a_link_that_signs_in_once(self, farley, company, monkeypatch):
        import re

        import uvicorn

        from crm_core.signing_in import Purpose, use_link
        from tests.fresh_pages import fresh_pages

        served = []
        monkeypatch.setattr(uvicorn, "run", lambda app, **given: served.append((app, given)))

        with fresh_pages():
            ran = farley("start", "--port", "8471")

        [key] = re.findall(r"http://localhost:8471/sign-in/link\?key=(\S+)", ran.out)
        assert served[0][1]["host"] == "127.0.0.1"
        assert [use_link(company, key, Purpose.SIGN_IN) for _ in range(2)] == [0, None]

    def test_a_store_that_is_there_is_left_as_it_is(self, farley, company):
        before = company.revision

        ran = farley("start", "--tour")

        assert ran.code == 0
        assert company.revision == before
        assert "Making" not in ran.out


class TestInit:
    def test_init_makes_an_empty_store_and_may_be_run_again(self, farley, home):
        assert [farley("init").code, farley("init").code] == [0, 0]
        assert (home / "farley.db").exists()
        assert home.stat().st_mode & 0o077 == 0

    def test_init_demo_fills_the_store_once(self, farley):
        assert farley("init", "--demo", "--json").json["demo"] is True
        assert farley("init", "--demo", "--json").json["demo"] is False

    def test_the_demo_can_be_undone(self, farley):
        farley("init", "--demo")
        [change] = farley("changes", "--json").json["changes"]

        assert farley("undo", change["id"]).code == 0
        assert "there are none" in farley("doctor").out

    def test_a_place_that_cannot_be_made_is_an_error(self, farley, home):
        home.write_text("a file, not a folder")

        ran = farley("init")

        assert ran.code == 1
        assert "cannot be made" in ran.err
