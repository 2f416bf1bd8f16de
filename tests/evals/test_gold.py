"""Answers worked out by queries, and queries that give none."""

from datetime import date

import pytest

from crm_core.errors import Invalid
from evals.world import Worlds
from tests import factories
from tests.evals.plays import make_case


@pytest.fixture
def settled(sqlite_store, tmp_path):
    from evals.gold import settle

    with sqlite_store.write() as connection:
        factories.make_account(connection, "Acme", employees=7)
    return lambda **given: settle(make_case(place="f.yaml, line 3", **given), sqlite_store).check


def test_a_query_gives_the_answer(settled):
    assert settled(check={"kind": "scalar"}, sql="SELECT employees FROM accounts").value == 7
    assert settled(check={"kind": "set"}, sql="SELECT name FROM accounts").values == ["Acme"]


@pytest.mark.parametrize(
    ("check", "sql", "told"),
    [
        ({"kind": "scalar"}, "SELECT employees FROM accounts WHERE 0", "no scalar: it gives no row"),
        ({"kind": "scalar"}, "SELECT NULL", r"no scalar: it gives \(None,\)"),
        ({"kind": "scalar"}, "SELECT name FROM accounts", r"no scalar: it gives \('Acme',\)"),
        ({"kind": "table"}, "SELECT name FROM accounts", r"no table: it gives \('Acme',\)"),
        ({"kind": "table"}, "SELECT name, 1 FROM accounts WHERE 0", "no table: it gives no row"),
        ({"kind": "set"}, "SELECT name FROM accounts WHERE 0", "no set: it gives no row"),
    ],
)
def test_a_query_that_gives_no_answer_is_named_with_its_file_and_line(settled, check, sql, told):
    with pytest.raises(Invalid, match=f"f.yaml, line 3: the `sql` of 'a' gives {told}"):
        settled(check=check, sql=sql)


@pytest.mark.parametrize(
    "given",
    [
        {"check": {"kind": "scalar"}, "sql": "SELECT employees FROM nowhere"},
        {"expect": {"store": [{"sql": "SELECT employees FROM nowhere", "is": 1}]}},
    ],
)
def test_a_query_that_does_not_run_is_named_before_anything_is_played(settled, given):
    with pytest.raises(Invalid, match=r"f.yaml, line 3: .* of 'a' does not run: no such table: nowhere"):
        settled(**given)


@pytest.mark.parametrize(
    ("world", "told"),
    [
        (None, "names no world"),
        ("demo@soon", "no world: write demo"),
        ({"rows": {"dragon": [{"name": "x"}]}}, "cannot be built.*dragon"),
    ],
)
def test_a_world_that_is_not_there_is_named_with_its_file_and_line(tmp_path, world, told):
    case = make_case(world=world, place="f.yaml, line 3")

    with pytest.raises(Invalid, match=f"f.yaml, line 3.*{told}"):
        Worlds(tmp_path, last_day=date(2026, 1, 1)).prepare([case])


@pytest.mark.parametrize("who", [{"as": "Ada Nobody"}, {"turns": ["?", {"act": "approve", "as": "Ada Nobody"}]}])
def test_a_person_who_is_not_there_is_named_with_file_and_line(tmp_path, who):
    case = make_case(world={"rows": {"user": [{"external_id": "u", "name": "Ann"}]}}, place="f.yaml, line 3", **who)

    with pytest.raises(Invalid, match=r"f\.yaml, line 3: the case 'a' is played by nobody: .*'Ada Nobody'"):
        Worlds(tmp_path, last_day=date(2026, 1, 1)).prepare([case])
