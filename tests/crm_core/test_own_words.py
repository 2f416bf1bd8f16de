"""The words that a company calls its data by, in the registry of its store."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, insert

from crm_core.db import Store
from crm_core.errors import Unavailable
from crm_core.migrations import HEAD
from crm_core.models import CompanyWord
from crm_core.own_words import with_words
from crm_core.schema import build_schema
from crm_core.setup import bring_to, create_store


def test_a_word_joins_its_field_entity_or_metric():
    schema = with_words(
        build_schema(), [("tcv", "deal.amount"), ("ae", "user"), ("ae", "deal.owner"), ("closings", "metric:bookings")]
    )

    assert "tcv" in schema.entity("deal").fields["amount"].words
    assert "ae" in schema.entity("user").words
    assert "ae" in schema.entity("deal").fields["owner"].words
    assert "closings" in schema.metric("bookings").words
    assert schema.own_words["ae"] == ("user", "deal.owner")
    assert schema.entity("deal").fields["amount"].label == "amount"


def test_a_metric_and_another_field_lose_a_word_that_the_company_uses_otherwise():
    schema = with_words(build_schema(), [("acv", "deal.amount"), ("created", "deal.started_on")])
    plain = build_schema()

    assert "acv" in plain.metric("average_deal_size").words
    assert "acv" not in schema.metric("average_deal_size").words
    assert "added" in schema.entity("deal").fields["created_at"].words
    assert "created" in schema.entity("deal").fields["started_on"].words
    assert schema.entity("account") == plain.entity("account")


def test_a_word_for_something_that_is_gone_is_left_out():
    plain = build_schema()

    assert with_words(plain, [("tier", "account.tier"), ("x", "planet"), ("y", "metric:joy")]) is plain


def test_the_store_s_registry_knows_them_at_once(store):
    before = store.schema
    now = datetime.now(UTC)
    stamp = {"created_at": now, "updated_at": now}
    with store.write() as connection:
        word = {"id": 1, "phrase": "tcv", "target": "deal.amount", "source": "person", **stamp}
        connection.execute(insert(CompanyWord), [word])
        assert "tcv" in store.schema_at(connection).entity("deal").fields["amount"].words

    assert "tcv" not in before.entity("deal").fields["amount"].words
    assert "tcv" in store.schema.entity("deal").fields["amount"].words


def test_a_store_from_before_there_were_own_words_is_brought_up_to_date(tmp_path):
    url = f"sqlite:///{tmp_path}/farley.db"
    with create_engine(url).begin() as connection:
        bring_to(connection, "0001")

    with pytest.raises(Unavailable, match=f"at version 0001; bring it to {HEAD} with `farley init`"):
        Store(url)
    store = create_store(url)

    assert store.schema.own_words == {}
    store.close()
