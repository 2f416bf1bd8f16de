"""Passwords, sessions and links of the web page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from crm_core.access import ADMIN
from crm_core.errors import Forbidden, Invalid
from crm_core.signing_in import (
    SESSION_LIFE,
    Purpose,
    Sessions,
    find_link,
    has_password,
    is_password,
    make_link,
    remove_password,
    set_password,
    set_preferences,
    use_link,
)
from crm_core.users import find_actor
from tests import factories

NOW = datetime(2017, 11, 15, 9, tzinfo=UTC)


@pytest.fixture
def ada(sqlite_store):
    with sqlite_store.write() as connection:
        return factories.make_user(connection, "Ada North")


def test_a_password_is_theirs_alone_until_it_is_taken_away(sqlite_store, ada):
    set_password(sqlite_store, ada, "a long enough one")

    assert is_password(sqlite_store, ada, "a long enough one")
    assert not is_password(sqlite_store, ada, "a long enough two")
    assert not is_password(sqlite_store, None, "a long enough one")
    assert has_password(sqlite_store, [0, ada]) == {ada}
    remove_password(sqlite_store, ada)
    assert not is_password(sqlite_store, ada, "a long enough one")


def test_only_its_hash_is_kept(sqlite_store, ada):
    set_password(sqlite_store, ada, "a long enough one")
    key = Sessions(sqlite_store).open(ada)
    link = make_link(sqlite_store, ada, Purpose.SIGN_IN, by=ADMIN)

    with sqlite_store.read() as connection:
        kept = str(
            [connection.execute(text(f"SELECT * FROM web_{name}")).all() for name in ("users", "sessions", "links")]
        )
    assert [secret for secret in ("a long enough one", key, link) if secret in kept] == []


def test_a_short_password_is_refused(sqlite_store, ada):
    with pytest.raises(Invalid, match="10 to 200"):
        set_password(sqlite_store, ada, "short")


def test_a_session_lasts_seven_days_and_ends_with_a_new_password(sqlite_store, ada):
    sessions = Sessions(sqlite_store)
    key = sessions.open(ada, at=NOW)

    assert sessions.find(key, at=NOW).actor.name == "Ada North"
    assert sessions.find(key, at=NOW + SESSION_LIFE) is None
    assert sessions.find("another", at=NOW) is None
    set_password(sqlite_store, ada, "a long enough one")
    assert sessions.find(key, at=NOW) is None


def test_a_session_knows_how_its_person_likes_the_page(sqlite_store, ada):
    sessions = Sessions(sqlite_store)
    key = sessions.open(ada)
    set_preferences(sqlite_store, ada, lang="zh")
    set_preferences(sqlite_store, ada, theme="dark")

    assert (sessions.find(key).lang, sessions.find(key).theme) == ("zh", "dark")
    with pytest.raises(Invalid):
        set_preferences(sqlite_store, ada, theme="<script>")


def test_a_link_is_good_once_for_its_purpose_and_for_a_while(sqlite_store, ada):
    key = make_link(sqlite_store, ada, Purpose.SET_PASSWORD, by=ADMIN, at=NOW)

    assert find_link(sqlite_store, key, Purpose.SIGN_IN, at=NOW) is None
    assert find_link(sqlite_store, key, Purpose.SET_PASSWORD, at=NOW + timedelta(days=3)) is None
    assert use_link(sqlite_store, key, Purpose.SET_PASSWORD, at=NOW) == ada
    assert use_link(sqlite_store, key, Purpose.SET_PASSWORD, at=NOW) is None


def test_a_rep_makes_no_link_for_another(sqlite_store, ada):
    with pytest.raises(Forbidden):
        make_link(sqlite_store, ADMIN.id, Purpose.SIGN_IN, by=find_actor(sqlite_store, ada))


def test_the_agent_sees_none_of_it(sqlite_store, ada):
    from crm_core.errors import CrmError

    for table in ("web_users", "web_sessions", "web_links"):
        with pytest.raises((CrmError, Exception)) as refused, sqlite_store.for_agent.read() as connection:
            connection.execute(text(f"SELECT * FROM {table}"))
        assert (
            "prohibited" in str(refused.value) or "denied" in str(refused.value) or "authorized" in str(refused.value)
        )
