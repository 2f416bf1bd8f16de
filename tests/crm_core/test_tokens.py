from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from crm_core.errors import Forbidden, Invalid, NotFound
from crm_core.models import AccessToken, User, UserRole
from crm_core.tokens import Doorman, Right, create_token, list_tokens, revoke_token
from crm_core.users import actor_for
from tests import factories

NOW = datetime(2017, 11, 15, 12, tzinfo=UTC)


@pytest.fixture
def ada(store):
    factories.make_user(store, "Ada North")
    return actor_for(store, "Ada North")


def made(store, actor, *, rights=(Right.READ,), days=30, name="sync"):
    return create_token(store, actor, name=name, rights=rights, days=days, at=NOW)


def test_a_token_opens_the_door_for_its_person_until_it_expires(store, ada):
    token, secret = made(store, ada)
    doorman = Doorman(store)

    admitted = doorman.admit(secret, at=NOW)
    assert (admitted.actor, admitted.token) == (ada, token)
    assert doorman.admit(secret, at=NOW + timedelta(days=30)) is None
    assert doorman.admit(secret[:-1], at=NOW) is None


def test_only_the_hash_of_a_token_is_kept(store, ada):
    _, secret = made(store, ada)

    with store.read() as connection:
        kept = connection.execute(select(AccessToken.__table__)).mappings().one()

    assert secret.removeprefix("farley_") not in str(dict(kept))


def test_the_rights_of_a_person_who_changed_or_left_are_those_of_this_moment(store, ada):
    _, secret = made(store, ada)
    doorman = Doorman(store)
    doorman.admit(secret, at=NOW)

    with store.write() as connection:
        connection.execute(update(User).where(User.id == ada.id).values(role=UserRole.AUDITOR))
    assert doorman.admit(secret, at=NOW).actor.role is UserRole.AUDITOR
    with store.write() as connection:
        connection.execute(update(User).where(User.id == ada.id).values(is_active=False))
    assert doorman.admit(secret, at=NOW) is None


def test_a_person_takes_back_their_own_tokens_and_an_administrator_anybodys(sqlite_store):
    store = sqlite_store
    for name, role in (("Ada North", UserRole.REP), ("Bo South", UserRole.REP), ("Di Admin", UserRole.ADMIN)):
        factories.make_user(store, name, role=role)
    ada, bo, admin = (actor_for(store, name) for name in ("Ada North", "Bo South", "Di Admin"))
    token, secret = made(store, ada)

    with pytest.raises(NotFound):
        revoke_token(store, token.id, actor=bo)
    assert list_tokens(store, bo) == ()
    assert list_tokens(store, admin) == (token,)
    revoke_token(store, token.id, actor=admin, at=NOW)
    assert Doorman(store).admit(secret, at=NOW) is None


@pytest.mark.parametrize(
    ("given", "error"),
    [({"rights": []}, Invalid), ({"days": 0}, Invalid), ({"days": 400}, Invalid), ({"name": " "}, Invalid),
     ({"rights": [Right.ADMIN]}, Forbidden)],
)  # fmt: skip
def test_a_token_without_sense_is_not_made(sqlite_store, given, error):
    factories.make_user(sqlite_store, "Ada North")
    actor = actor_for(sqlite_store, "Ada North")

    with pytest.raises(error):
        made(sqlite_store, actor, **given)


def test_the_agent_cannot_read_tokens(store, ada):
    made(store, ada)

    try:
        with store.for_agent.read(ada) as connection:
            found = connection.execute(text("SELECT digest FROM access_tokens")).all()
    except DatabaseError:  # SQLite refuses the question, PostgreSQL shows no row
        found = []

    assert found == []
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM access_tokens")).scalar() == 1
