"""Whatever a file holds: rows in = rows stored + rows reported, again changes nothing, undo restores."""

import csv
import io
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm_core.access import ADMIN
from crm_core.changes import undo
from crm_core.db import Store
from crm_core.errors import CrmError
from crm_core.transfer import apply_import, plan_import
from tests.crm_core.dumps import dump
from tests.crm_core.transfer.conftest import TODAY

EXAMPLES = 250
HEADERS = [
    "Deal ID",
    "Deal Name",
    "Account",
    "Owner",
    "Stage",
    "Amount",
    "Close Date",
    "Created Date",
    "Notes",
    "Score",
]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
CELLS = {
    "Deal ID": st.sampled_from(["1", "2", "3", "4", "5", "", "x y"]) | TEXT,
    "Account": st.sampled_from(["Acme", "acme", "Acme Inc", "Borg", "Bor g", "", "n/a"]) | TEXT,
    "Owner": st.sampled_from(["Ana", "Bo", ""]) | TEXT,
    "Stage": st.sampled_from(["Won", "Lost", "Demo", "Proposal", "won ", ""]) | TEXT,
    "Amount": st.sampled_from(["1", "$2,000.50", "(3)", "1.234,5", "9" * 30, "n/a", "", "-", "1e9", "0"]) | TEXT,
    "Close Date": st.sampled_from(["2017-01-02", "31/02/2024", "3/4/17", "2017年3月4日", "45000", ""]) | TEXT,
    "Created Date": st.sampled_from(["2017-01-02", "13/13/13", "0001-01-01", ""]) | TEXT,
    "Score": st.sampled_from(["1", "2.5", "", "x"]) | TEXT,
}


def rows_of(headers):
    row = st.tuples(*(CELLS.get(header, TEXT) for header in headers)).map(list)
    ragged = row.flatmap(lambda cells: st.sampled_from([cells, cells, cells, cells[:-1], [*cells, "more"]]))
    return st.lists(ragged, min_size=1, max_size=12)


def as_csv(headers, rows):
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    return out.getvalue()


FILES = st.lists(st.sampled_from(HEADERS), min_size=3, unique=True).flatmap(
    lambda headers: rows_of(headers).map(lambda rows: as_csv(headers, rows))
)


@pytest.fixture(scope="module")
def fresh(sqlite_template):
    """Makes a store from the template, as often as wanted."""
    with tempfile.TemporaryDirectory() as folder:

        def make() -> Store:
            path = Path(folder) / "farley.db"
            for old in Path(folder).glob("farley.db*"):
                old.unlink()
            shutil.copyfile(sqlite_template, path)
            return Store(f"sqlite:///{path}")

        yield make, Path(folder)


@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(text=FILES, tail=st.sampled_from(["", "\n\n", '"', "\n,,\n", '\n"a"b,c']))
def test_rows_in_are_rows_stored_and_rows_reported(fresh, text, tail):
    make, folder = fresh
    store = make()
    path = folder / "deals.csv"
    path.write_bytes((text + tail).encode())
    before = dump(store)

    try:
        plan = plan_import(store, [path], today=TODAY)
        report = apply_import(store, plan, actor=ADMIN, errors_to=folder)
    except CrmError:
        assert dump(store) == before
        return
    finally:
        store.close()
    store = Store(str(store.url))

    counts = report.files["deals.csv"]
    stored = sum(len(rows) for table, rows in dump(store).items() if table == plan.files[0].entity + "s")
    made = report.made.get(plan.files[0].entity, 0)
    assert counts.rows == counts.created + counts.errors == plan.total
    assert stored == counts.created + made
    assert _reported(report) == counts.errors
    assert apply_import(store, plan_import(store, [path], today=TODAY), actor=ADMIN).changed == 0
    if report.change_set_id:
        undo(store, report.change_set_id, actor=ADMIN, door="cli")
    assert dump(store) == before
    store.close()


def _reported(report):
    if not report.error_files:
        return 0
    with report.error_files[0].open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    content=st.binary(max_size=300)
    | st.binary(max_size=100).map(lambda tail: b"Deal ID,Stage,Amount\n1,Won,5\n" + tail)
)
def test_any_bytes_end_in_an_import_or_a_clear_answer(fresh, content):
    make, folder = fresh
    store = make()
    path = folder / "deals.csv"
    path.write_bytes(content)

    try:
        apply_import(store, plan_import(store, [path], today=TODAY), actor=ADMIN, errors_to=folder)
    except CrmError:
        pass  # a clear answer
    finally:
        store.close()
