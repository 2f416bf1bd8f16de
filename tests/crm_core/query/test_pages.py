"""Long lists, a part at a time: the same records whichever way they are found, and no sort of them all."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from copilot.table import to_json
from crm_core.access import ADMIN, Scope
from crm_core.errors import Invalid
from crm_core.query import pages
from crm_core.query.pages import Page
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, Order, QuerySpec
from tests import factories
from tests.conftest import TODAY

MANY = 60


@pytest.fixture
def long_list(store, monkeypatch):
    """Sixty deals; every second is large, two are huge, and the windows are small.

    Each third has no day of closing, each fourth no name, every second is Ada's and the others are Bo's.
    """
    monkeypatch.setattr(pages, "WITHIN", (10, 20))
    owners = [factories.make_user(store, name) for name in ("Ada", "Bo")]
    with store.write() as w:
        for n in range(MANY):
            factories.make_deal(
                w, f"Deal {n:02}" if n % 4 else None, amount=_amount(n), owner=owners[n % 2], external_id=f"x{n:02}",
                closed_on=date(2017, 1, 1) + timedelta(days=n * 7 % 20) if n % 3 else None,
                stage="Won" if n % 5 == 0 else "Prospecting",
            )  # fmt: skip
    return store


def _amount(n):
    return 9_000 if n in (31, 45) else 500 if n % 2 else 1


def rep(store, name="Ada", reads=Scope.OWN):
    spec = QuerySpec(entity="user", columns=["name"], where=Condition(field="name", value=name))
    ada = run_query(store, spec, actor=ADMIN, today=TODAY).rows[0].record_id
    return factories.actor_for(ada, reads=reads, team=[ada])


def walk(store, *, actor=ADMIN, limit=4, where=None, order_by=(), between=lambda: None):
    """The whole list in parts: its codes, and by which keys it was in order."""
    spec = QuerySpec(entity="deal", where=where, order_by=list(order_by), columns=["external_id"])
    told, keys, page = [], [], Page(None, 0, limit)
    while True:
        found = run_query(store, spec, actor=actor, today=TODAY, page=page)
        told += [row.values[0] for row in found.rows]
        keys += found.keys
        if len(found.rows) < limit:
            return told, keys
        page = Page(tuple(map(to_json, found.keys[-1])), found.rows[-1].record_id, limit)
        between()


CODES = [f"x{n:02}" for n in range(MANY)]
AMOUNT = {amount: Condition(field="amount", op="ge", value=amount) for amount in (500, 9_000, 99_000)}
SORTS = {
    "id": [], "closed": ["closed_on"], "latest": ["-closed_on"], "name": ["name"], "name down": ["-name"],
    "amount": ["-amount"], "two": ["closed_on", "-name"], "stage": ["stage", "amount"], "owner": ["-owner.name"],
    "worked out": ["-last_interaction_at", "-age_days"], "changed": ["-updated_at"],
}  # fmt: skip
FILTERS = {
    "all": None, "many": AMOUNT[500], "few": AMOUNT[9_000], "none": AMOUNT[99_000],
    "stage": Condition(field="stage", value="Won"), "owner": Condition(field="owner", value="Ada"),
}  # fmt: skip
HOLD = {"all": lambda n: True, "many": lambda n: n % 2, "few": lambda n: n in (31, 45), "none": lambda n: False,
        "stage": lambda n: n % 5 == 0, "owner": lambda n: n % 2 == 0}  # fmt: skip


def orders(names):
    return [Order(by=name.lstrip("-"), descending=name.startswith("-")) for name in names]


@pytest.mark.parametrize("actor", ["admin", "own", "team"])
@pytest.mark.parametrize("sort", SORTS)
def test_parts_of_a_list_hold_each_match_once_however_it_is_sorted_and_whoever_asks(long_list, sort, actor):
    asker = ADMIN if actor == "admin" else rep(long_list, reads=Scope(actor))

    for name, where in FILTERS.items():
        told, keys = walk(long_list, actor=asker, where=where, order_by=orders(SORTS[sort]))

        seen = [n for n in range(MANY) if HOLD[name](n) and (actor == "admin" or n % 2 == 0)]
        assert sorted(told) == [CODES[n] for n in seen], name
        first = [key[0] for key in keys if key]
        filled = [key for key in first if key is not None]
        assert filled == sorted(filled, reverse=SORTS[sort][:1] != [] and SORTS[sort][0].startswith("-")), name
        assert first == filled + [None] * (len(first) - len(filled)), name


def test_a_second_key_decides_between_records_that_are_alike_in_the_first(long_list):
    _, keys = walk(long_list, order_by=orders(["closed_on", "-name"]))

    days = [(key[0] or date.max, key[1]) for key in keys]
    assert days == sorted(sorted(days, key=lambda one: one[1], reverse=True), key=lambda one: one[0])


@pytest.mark.parametrize("names", [["-closed_on"], ["name"], []])
def test_nothing_is_told_twice_or_left_out_while_records_come_and_go(long_list, names):
    made = []

    def between():
        made.append(
            factories.make_deal(long_list, f"Deal {len(made):02}", external_id="new", closed_on=date(2017, 1, 9))
        )

    told, _ = walk(long_list, limit=7, order_by=orders(names), between=between)

    assert sorted(code for code in told if code != "new") == CODES
    assert len(made) > 5


RIGHT = {"closed_on": "2017-01-01", "updated_at": "2017-01-01T00:00:00+00:00", "amount": 5, "age_days": 5, "name": "x"}
FITS = {("name", "2017-01-01T00:00")}


@pytest.mark.parametrize("field", RIGHT)
@pytest.mark.parametrize("last", [(*RIGHT.values(), None), (True,), (2**63,), ("\x00",), ("2017-01-01T00:00",), ()])
def test_a_cursor_of_another_list_is_refused(long_list, field, last):
    spec = QuerySpec(entity="deal", order_by=[Order(by=field)], columns=["name"])

    def part(*keys):
        return run_query(long_list, spec, actor=ADMIN, today=TODAY, page=Page(keys, 5, 4))

    part(RIGHT[field])
    part(None)
    if (field, *last) in FITS:
        part(*last)
        return
    with pytest.raises(Invalid) as refused:
        part(*last)
    assert refused.value.field == "cursor"


@pytest.mark.parametrize("field", ["closes_on", "closed_on", "updated_at", "name"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("last", [None, "2017-01-01T00:00:00+00:00"])
def test_a_page_in_the_order_of_a_date_or_the_name_is_read_off_an_index(sqlite_store, field, descending, last):
    order = Order(by=field, descending=descending)
    spec = QuerySpec(entity="deal", columns=["name"], order_by=[order])
    key = last and (last[:10] if field in ("closes_on", "closed_on") else last)
    sqls = []
    with sqlite_store.read() as connection:
        event.listen(sqlite_store._reader, "before_cursor_execute", lambda c, cursor, sql, *_: sqls.append(sql))
        run_query(sqlite_store, spec, actor=ADMIN, today=TODAY, page=Page(key and (key,), 1, 50))
        first = next(sql for sql in sqls if "record_id" in sql)
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {first}", (1,) * first.count("?"))]

    index = f"ix_deals_{'label' if field == 'name' else field}"
    assert any("deals_" in step and index in step for step in steps), steps
    assert sum("TEMP B-TREE" in step for step in steps) == 1  # of the page


def test_a_page_tells_no_total_where_none_is_wanted(long_list):
    spec = QuerySpec(entity="deal", columns=["name"], order_by=[Order(by="closed_on")], limit=5)

    assert run_query(long_list, spec, actor=ADMIN, today=TODAY).total == MANY
    assert run_query(long_list, spec, actor=ADMIN, today=TODAY, is_page=True).total is None
