"""The model and the budget as an administrator sets them: checked, undone, in force at once; the environment wins."""

from decimal import Decimal

import pytest

from crm_core.access import ADMIN
from crm_core.changes import list_changes, undo
from crm_core.company_settings import read_settings, set_setting
from crm_core.company_words import list_words
from crm_core.errors import Conflict, CrmError, Forbidden, Invalid, NotFound
from integrations.bootstrap import build_copilot
from integrations.cli.lexicon import _told as told_in_list
from integrations.settings import Settings
from integrations.stored import STORED, effective, keep, source_of
from tests.conftest import TODAY
from tests.integrations.api.conftest import Company, company

__all__ = ["company"]
CLOUD = "openai:gpt-5-mini"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Of a process whose environment holds a key and no more."""
    monkeypatch.chdir(tmp_path)
    return Settings(home=tmp_path / "home", model_key="sk-a-key-of-ours", embedder="off")


def kept(settings, company, name, value, actor=ADMIN):
    return keep(settings, company.store, name, value, actor=actor, door="web")


def test_what_is_set_holds_and_is_undone_like_any_change(settings, company: Company):
    made = kept(settings, company, "model_daily_cap", "2.5")

    assert effective(settings, company.store).model_daily_cap == Decimal("2.5")
    assert list_changes(company.store, ADMIN)[0].id == made
    undo(company.store, made, actor=ADMIN, door="web")
    assert effective(settings, company.store) == settings


def test_a_default_comes_back(settings, company):
    kept(settings, company, "model_turn_tokens", "5000")
    kept(settings, company, "model_turn_tokens", None)

    assert effective(settings, company.store).model_turn_tokens == 60_000
    with pytest.raises(NotFound):
        kept(settings, company, "model_turn_tokens", None)


def test_the_environment_wins_and_says_so(settings, company, monkeypatch):
    kept(settings, company, "model_daily_cap", "2.5")
    monkeypatch.setenv("FARLEY_MODEL_DAILY_CAP", "7")
    of_process = Settings(home=settings.home)

    assert effective(of_process, company.store).model_daily_cap == 7
    stored = read_settings(company.store)
    assert [source_of(one, "model_daily_cap", stored) for one in (of_process, settings)] == ["environment", "store"]
    with pytest.raises(Conflict, match="FARLEY_MODEL_DAILY_CAP"):
        kept(of_process, company, "model_daily_cap", "3")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("model_daily_cap", "-1", "greater than or equal to 0"),
        ("model_turn_tokens", "10", "1000"),
        ("model_price_in", "cheap", "decimal"),
        ("model", "gpt", "provider:model"),
        ("model", "nobody:gpt", "nobody"),
        ("model_key", "sk-mine", "is not set here"),
        ("model_url", "http://elsewhere.example", "is not set here"),
    ],
)
def test_a_value_that_makes_no_sense_and_a_setting_of_the_environment_alone_are_refused(
    settings, company, name, value, why
):  # fmt: skip
    with pytest.raises(CrmError, match=why):
        kept(settings, company, name, value)
    assert read_settings(company.store) == {}


def test_only_an_administrator_sets_anything(settings, company):
    with pytest.raises(Forbidden):
        kept(settings, company, "model_daily_cap", "1", actor=company.actor("Ada North"))


def test_the_key_is_in_no_change(settings, company):
    kept(settings, company, "model", CLOUD)

    assert read_settings(company.store) == {"model": CLOUD}
    assert "model_key" not in STORED


def test_a_running_copilot_takes_it_up_with_the_next_question(settings, company):
    copilot = build_copilot(settings, company.store, remembers=False)
    before = copilot.context(actor=ADMIN, today=TODAY, lang="en", door="web").model
    made = kept(settings, company, "model", CLOUD)
    after = copilot.context(actor=ADMIN, today=TODAY, lang="en", door="web").model
    undo(company.store, made, actor=ADMIN, door="web")

    assert (before, after) == ("offline", "gpt-5-mini")
    assert copilot.context(actor=ADMIN, today=TODAY, lang="en", door="web").model == "offline"


def test_a_process_that_cannot_build_what_was_set_goes_on_with_its_own(settings, company):
    set_setting(company.store, "model", "nobody:gpt", actor=ADMIN, door="web")

    copilot = build_copilot(settings, company.store, remembers=False)

    assert copilot.ask("how many deals are there?", thread="t", actor=ADMIN, today=TODAY).text.startswith("Number of")


def test_a_kept_value_that_no_longer_fits_is_left_out(settings, company):
    set_setting(company.store, "model_daily_cap", "lots", actor=ADMIN, door="web")

    with pytest.raises(Invalid):
        kept(settings, company, "model_daily_cap", "lots")
    assert effective(settings, company.store) == settings


def test_the_list_of_words_tells_a_setting_as_what_it_is(settings, company):
    kept(settings, company, "model_daily_cap", "2.5")

    [word] = list_words(company.store)

    assert told_in_list(company.store.schema, word) == "value 2.5"
