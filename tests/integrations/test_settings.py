from pathlib import Path

import pytest
from pydantic import ValidationError

from crm_core.errors import Invalid
from integrations.settings import Settings, env_example, load_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FARLEY_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_with_nothing_set_the_store_is_sqlite_in_the_home_folder():
    found = load_settings()

    assert found.store_url == "sqlite:///.farley/farley.db"
    assert (found.model, found.user) == ("offline", "admin")


def test_the_environment_wins_over_the_env_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("FARLEY_HOME=/from-file\nFARLEY_USER=Ada North\nUNKNOWN=1\n")
    monkeypatch.setenv("FARLEY_HOME", "/from-environment")

    assert load_settings().store_url == "sqlite:////from-environment/farley.db"
    assert load_settings().user == "Ada North"


def test_a_database_url_is_taken_as_it_is(monkeypatch):
    monkeypatch.setenv("FARLEY_DATABASE_URL", "postgresql+psycopg://crm")

    assert load_settings().store_url == "postgresql+psycopg://crm"


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("FARLEY_DATABASE_URL", "")

    assert load_settings().database_url is None


def test_a_wrong_value_is_named_by_its_variable_and_never_shown(monkeypatch):
    monkeypatch.setenv("FARLEY_CURRENCY", "a-secret")

    with pytest.raises(Invalid, match="FARLEY_CURRENCY") as caught:
        load_settings()

    assert "a-secret" not in str(caught.value)


def test_settings_do_not_change_while_the_process_runs():
    with pytest.raises(ValidationError):
        load_settings().user = "someone else"


def test_the_example_file_is_what_the_settings_say():
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()


def test_every_setting_has_a_description():
    assert all(field.description for field in Settings.model_fields.values())
