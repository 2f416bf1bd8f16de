"""An amount keeps the currency that it names."""

from datetime import date
from pathlib import Path

import pytest

from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.errors import Invalid
from crm_core.query.run import run_query
from crm_core.query.spec import Measure, QuerySpec
from crm_core.transfer import apply_import, plan_import

TODAY = date(2024, 6, 1)


def test_amounts_of_two_currencies_are_never_added_up(store: Store, tmp_path: Path):
    path = tmp_path / "deals.csv"
    path.write_text(
        "Deal Name,Company,Amount,Stage,Close Date\n"
        'One,Alpha GmbH,"€500",Won,2024-05-01\n'
        "Two,Beta AG,$700,Won,2024-05-02\n"
        "Three,Beta AG,¥300,Won,2024-05-02\n",
        encoding="utf-8",
    )
    apply_import(store, plan_import(store, [path], today=TODAY), actor=ADMIN)

    listed = run_query(store, QuerySpec(entity="deal", columns=["name", "currency"]), actor=ADMIN, today=TODAY)
    total = QuerySpec(entity="deal", measures=[Measure(fn="sum", field="amount")])

    assert dict(row.values for row in listed.rows) == {"One": "EUR", "Two": "USD", "Three": "CNY"}
    with pytest.raises(Invalid, match="rate"):
        run_query(store, total, actor=ADMIN, today=TODAY)
