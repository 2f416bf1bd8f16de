"""Long lists, a part at a time: the same records whichever way they are found, and no sort of them all."""

import pytest

from crm_core.access import ADMIN
from crm_core.query import pages
from crm_core.query.pages import ById
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, Order, QuerySpec
from tests import factories
from tests.conftest import TODAY

MANY = 60


@pytest.fixture
def long_list(store, monkeypatch):
    """Sixty deals; every second is large, two are huge, and the windows are small."""
    monkeypatch.setattr(pages, "_WITHIN", (10, 20))
    with store.write() as w:
        for n in range(MANY):
            factories.make_deal(w, f"Deal {n}", amount=_amount(n))
    return store


def _amount(n):
    return 9_000 if n in (31, 45) else 500 if n % 2 else 1


def part(store, *, after=0, limit=4, op="ge", amount=500):
    where = Condition(field="amount", op=op, value=amount)
    spec = QuerySpec(entity="deal", where=where, columns=["name"])
    found = run_query(store, spec, actor=ADMIN, today=TODAY, page=ById(after, limit))
    return [row.values[0] for row in found.rows], found.rows[-1].record_id if found.rows else 0


@pytest.mark.parametrize(("amount", "wanted"), [(500, list(range(1, MANY, 2))), (9000, [31, 45]), (99_000, [])])
def test_parts_of_a_list_hold_each_match_once_whether_many_records_match_or_few(long_list, amount, wanted):
    names, after = part(long_list, amount=amount)
    told = list(names)
    while names:
        names, after = part(long_list, amount=amount, after=after)
        told += names

    assert told == [f"Deal {n}" for n in wanted]


@pytest.mark.parametrize("field", ["closes_on", "closed_on", "updated_at"])
@pytest.mark.parametrize("descending", [False, True])
def test_a_page_in_the_order_of_a_date_is_read_off_an_index(sqlite_store, field, descending):
    order = Order(by=field, descending=descending)
    spec = QuerySpec(entity="deal", columns=["name"], order_by=[order], limit=50)

    found = run_query(sqlite_store, spec, actor=ADMIN, today=TODAY, is_page=True)

    with sqlite_store.read() as connection:
        asked = f"EXPLAIN QUERY PLAN {found.sql}"
        steps = [row[3] for row in connection.exec_driver_sql(asked, (1,) * found.sql.count("?"))]
    assert f"SCAN deals_3 USING INDEX ix_deals_{field}" in steps
    assert sum("TEMP B-TREE" in step for step in steps) == 1  # of the page


def test_a_page_tells_no_total_where_none_is_wanted(long_list):
    spec = QuerySpec(entity="deal", columns=["name"], order_by=[Order(by="closed_on")], limit=5)

    assert run_query(long_list, spec, actor=ADMIN, today=TODAY).total == MANY
    assert run_query(long_list, spec, actor=ADMIN, today=TODAY, is_page=True).total is None
