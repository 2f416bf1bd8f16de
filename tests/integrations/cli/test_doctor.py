import os

from tests import factories


def findings(ran):
    return {found["name"]: found for found in ran.json["findings"]}


def test_a_sound_store_is_ok_on_every_line(farley, company):
    ran = farley("doctor", "--json")

    assert ran.code == 0
    assert {found["level"] for found in findings(ran).values()} == {"ok"}
    assert {
        "disk",
        "store",
        "version",
        "integrity",
        "audit",
        "writing",
        "records",
        "search",
        "scores",
        "user",
        "model",
    } == set(findings(ran))


def test_it_counts_the_records(farley, company):
    assert "5 deals" in farley("doctor").out


def test_it_leaves_no_trace(farley, company):
    before = company.revision

    farley("doctor")

    assert company.revision == before


def test_without_a_store_it_fails_and_says_what_to_do(farley):
    ran = farley("doctor", "--json")

    assert ran.code == 1
    assert findings(ran)["store"]["level"] == "fail"
    assert "farley init" in findings(ran)["store"]["advice"]


def test_a_file_that_is_no_database_fails(farley, home):
    home.mkdir()
    (home / "farley.db").write_bytes(b"not a database" * 100)

    ran = farley("doctor", "--json")

    assert ran.code == 1
    assert "no database file" in findings(ran)["store"]["text"] or "no Farley store" in findings(ran)["store"]["text"]


def test_a_reference_to_nothing_fails(farley, company):
    import sqlite3

    path = company.path
    account = factories.make_account(company, "Acme")
    with sqlite3.connect(path) as connection:  # foreign keys are off outside the store
        connection.execute("UPDATE deals SET account_id = ? ", (account + 99,))
    connection.close()

    ran = farley("doctor", "--json")

    assert ran.code == 1
    assert "5 references" in findings(ran)["integrity"]["text"]


def test_a_user_who_is_not_there_fails(farley, company, monkeypatch):
    monkeypatch.setenv("FARLEY_USER", "Nobody")

    assert findings(farley("doctor", "--json"))["user"]["level"] == "fail"


def test_a_model_that_is_not_there_fails(farley, company, monkeypatch):
    monkeypatch.setenv("FARLEY_MODEL", "nonsense")

    assert findings(farley("doctor", "--json"))["model"]["level"] == "fail"


def test_read_only_media_are_a_warning(farley, company, home):
    if os.geteuid() == 0:
        import pytest

        pytest.skip("root may write everywhere")
    home.chmod(0o500)
    try:
        assert findings(farley("doctor", "--json"))["writing"]["level"] == "warn"
    finally:
        home.chmod(0o700)
