"""`farley usage`, and what the settings make of a model."""

import json
from decimal import Decimal

import pytest

from copilot.json_tools import JsonTools
from copilot.memory.engine import Conversations
from copilot.memory.spending import Prices, Spending
from crm_core.errors import Unavailable
from crm_core.users import actor_for
from integrations.model import build_chat_model
from integrations.settings import Settings, get_settings


@pytest.fixture
def spent(company, empty) -> int:
    """What two people's turns cost; the id of one of them, Ada North."""
    ada = actor_for(company, "Ada North").id
    kept = Conversations(f"sqlite:///{empty / 'conversations.db'}")
    ledger = Spending(kept, Prices(Decimal(1), Decimal(4)))
    ledger.add(0, "gpt-x", tokens_in=1_000_000, tokens_out=500)
    ledger.add(ada, "gpt-x", tokens_in=2_000, tokens_out=100)
    kept.close()
    return ada


def test_an_administrator_sees_what_everyone_spent(farley, spent):
    shown = farley("usage").out

    assert "admin" in shown
    assert "Ada North" in shown
    assert "1,000,000" in shown
    assert "In all: 1.0044. No cap." in shown


def test_others_see_their_own(farley, spent):
    (row,) = farley("usage", "--as", "Ada North", "--json").json["usage"]

    assert (row["user_id"], row["calls"], row["tokens_in"], row["cost"]) == (spent, 1, 2000, 0.0024)


def test_nothing_spent_is_said(farley, company):
    assert farley("usage").out == "The language model was not used in this time.\n"


def test_the_cap_is_shown(farley, spent, monkeypatch):
    monkeypatch.setenv("FARLEY_MODEL_DAILY_CAP", "2.5")
    get_settings.cache_clear()

    assert "Cap a person and day: 2.5." in farley("usage").out


# --- from settings to a model ---


def made(company, **given: object):
    return build_chat_model(Settings(_env_file=None, **given), company)


def test_a_server_of_ones_own_needs_no_key(company, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret-of-the-vendor")
    model = made(
        company, model="openai:gpt-5-mini", model_url="http://127.0.0.1:9/v1", model_timeout_s=7, model_retries=1
    )

    assert model.openai_api_key.get_secret_value() == "none"  # no vendor's key goes there
    assert (model.openai_api_base, model.request_timeout, model.max_retries) == ("http://127.0.0.1:9/v1", 7, 1)
    assert model.max_tokens == 2_000


def test_the_budget_is_set_for_all_and_the_environment_wins(farley, company, monkeypatch):
    assert "model_daily_cap = 2.5" in farley("usage", "--set", "model_daily_cap=2.5").out
    assert json.loads(farley("usage", "--json").out)["settings"]["model_daily_cap"] == 2.5
    assert "model_daily_cap = 0" in farley("usage", "--set", "model_daily_cap=default").out

    refused = farley("usage", "--set", "model_key=sk-1")
    assert refused.code != 0
    assert "is not set here" in refused.err


def test_a_missing_key_is_named_and_nothing_is_asked(company, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(Unavailable, match="api_key"):
        made(company, model="openai:gpt-5-mini")


@pytest.mark.parametrize(
    ("name", "tools", "wrapped"),
    [
        ("gpt-5-mini", "auto", None),
        ("gpt-5-mini", "json", True),
        ("of-ones-own", "auto", False),
        ("of-ones-own", "native", None),
        ("of-ones-own", "json", True),
    ],
)
def test_how_tools_are_called_is_set_or_found_out(company, name, tools, wrapped):
    model = made(company, model=f"openai:{name}", model_key="k", model_tools=tools)

    assert (model.is_json if isinstance(model, JsonTools) else None) is wrapped


def test_conversations_lie_beside_the_store(tmp_path):
    on_file = Settings(_env_file=None, home=tmp_path)
    on_server = Settings(_env_file=None, home=tmp_path, database_url="postgresql+psycopg://crm")

    assert on_file.conversations_url == f"sqlite:///{tmp_path / 'conversations.db'}"
    assert on_server.conversations_url == "postgresql+psycopg://crm"
