"""What headers do not say: tables told by the other files, columns told by their data."""

import pytest

from crm_core.errors import Invalid
from crm_core.transfer import plan_import
from crm_core.transfer.persons import names_persons
from crm_core.transfer.units import unit_of, without_unit
from tests.crm_core.transfer.conftest import TODAY

PEOPLE = ["Ana Ames", "Bo Brook", "Cy Clay", "Di Dunn"]
OUTCOMES = ["Won", "Lost", "Demo", "Won", "Lost", "Won", "Lost", "Demo", "Won", "Lost", "Demo", "Won"]


def planned(store, *paths):
    plan = plan_import(store, paths, today=TODAY)
    return {file.name: (file.entity, {h: c.target for h, c in file.map.columns.items()}) for file in plan.files}, plan


def deals(**columns):
    """A file of twelve deals; `columns`: header → a cell for each row, or a function of row number and outcome."""
    made = {
        "Stage": OUTCOMES, "Amount": [str(100 * i) for i in range(12)],
        "Owner": [PEOPLE[i % 4] for i in range(12)], "Account": [f"Company {i % 5}" for i in range(12)],
    }  # fmt: skip
    for header, cells in columns.items():
        made[header] = [cells(i, OUTCOMES[i]) for i in range(12)] if callable(cells) else cells
    rows = zip(*made.values(), strict=True)
    return "\n".join([",".join(made), *(",".join(row) for row in rows)]) + "\n"


def ended(i, outcome):
    return "" if outcome == "Demo" else f"2017-06-{i + 10}"


def begun(i, outcome):
    return f"2017-05-{i + 10}"


def test_the_names_that_a_reference_uses_tell_a_table(sqlite_store, write):
    team = write("x1.csv", "Wer,Chef,Haus\n" + "".join(
        f"{name},{boss},{place}\n" for name, boss, place in zip(
            PEOPLE, ["Eva Eck", "Eva Eck", "Flo Falk", "Flo Falk"], ["Bonn", "Rom", "Bonn", "Rom"], strict=True)
    ))  # fmt: skip
    goods = write("x2.csv", "Was,Nr,Betrag\nGTX Pro,A-1,4800\nMG,A-2,55\n")
    made = write("deals.csv", deals(Product=lambda i, _: ["GTXPro", "MG"][i % 2]))

    found, plan = planned(sqlite_store, made, team, goods)

    assert found["x1.csv"] == ("user", {"Wer": "name", "Chef": "manager", "Haus": "haus"})
    assert found["x2.csv"] == ("product", {"Was": "name", "Nr": "external_id", "Betrag": "list_price"})
    assert {field.name: field.kind for field in plan.custom}["haus"] == "choice"
    assert [created.entity for created in plan.created] == ["user", "account"]  # Eva and Flo; the companies of deals
    assert any("x1.csv is taken as user records: its Wer holds the names in deals.csv, Owner" in n for n in plan.notes)


def test_codes_that_a_reference_uses_are_the_ids_of_a_table(sqlite_store, write):
    team = write("x1.csv", "k,wer\n" + "".join(f"U-{i},{name}\n" for i, name in enumerate(PEOPLE)))
    made = write("deals.csv", deals(Owner=lambda i, _: f"U-{i % 4}"))

    assert planned(sqlite_store, made, team)[0]["x1.csv"] == ("user", {"k": "external_id", "wer": "name"})


def test_a_table_of_something_else_stays_refused(sqlite_store, write):
    team = write("team.csv", "rep,region\n" + "".join(f"{name},West\n" for name in PEOPLE))
    again = write("x1.csv", "wer,quote\n" + "".join(f"{name},{i}\n" for i, name in enumerate(PEOPLE)))
    other = write("x2.csv", "wer,quote\nJo Joy,1\nLu Lowe,2\n")
    made = write("deals.csv", deals())

    for unknown in (again, other):
        with pytest.raises(Invalid, match="no kind of record that Farley knows"):
            planned(sqlite_store, made, team, unknown)


def test_dates_tell_by_outcome_when_a_deal_began_and_ended(sqlite_store, write):
    path = write("deals.csv", deals(d1=ended, d2=begun, d3=lambda i, _: f"2017-07-{i + 10}"))

    found, plan = planned(sqlite_store, path)

    assert (found["deals.csv"][1]["d1"], found["deals.csv"][1]["d2"]) == ("closed_on", "started_on")
    assert found["deals.csv"][1]["d3"] == "d3"
    assert any(
        "d1 is taken as deal.closed_on: deals have it once they stand in certain stages" in note for note in plan.notes
    )


def test_a_date_that_only_won_deals_have_is_not_their_close(sqlite_store, write):
    path = write("deals.csv", deals(paid=lambda i, outcome: f"2017-06-{i + 10}" if outcome == "Won" else ""))

    assert planned(sqlite_store, path)[0]["deals.csv"][1]["paid"] == "paid"


def test_two_dates_that_fit_alike_stay_fields_of_their_own(sqlite_store, write):
    path = write("deals.csv", deals(d1=ended, d2=ended))

    found, plan = planned(sqlite_store, path)

    assert (found["deals.csv"][1]["d1"], found["deals.csv"][1]["d2"]) == ("d1", "d2")
    assert "deals.csv: d1 and d2 could each be deal.closed_on; say which with --map." in plan.notes


@pytest.mark.parametrize(
    ("cells", "target"),
    [
        (lambda i, _: f"1C1I{i}A6R", "external_id"),
        (lambda i, _: str(1000 + i), "external_id"),
        (lambda i, _: str(1000 * i + 1), "k"),  # numbers, no counter
        (lambda i, _: f"X{i % 11}", "k"),  # one stands twice
        (lambda i, _: "" if i == 3 else f"X{i}", "k"),
        (lambda i, _: f"Renewal {i}", "name"),  # words of its own for each: what the deal is called
    ],
)
def test_a_unique_code_in_every_row_is_the_id(sqlite_store, write, cells, target):
    assert planned(sqlite_store, write("deals.csv", deals(k=cells)))[0]["deals.csv"][1]["k"] == target


def test_the_only_number_of_a_product_is_its_price_unless_its_header_says_not(sqlite_store, write):
    for header, target in (("Zahl", "list_price"), ("Stock", "stock")):
        path = write("products.csv", f"product,{header}\nA,10\nB,2000\nC,35\n")
        assert planned(sqlite_store, path)[0]["products.csv"][1][header] == target


@pytest.mark.parametrize(
    ("header", "scale", "currency", "words"),
    [
        ("turnover_musd", 6, "USD", "turnover"), ("Annual sales kUSD", 3, "USD", "annual sales"),
        ("revenue_usd", 0, "USD", "revenue"), ("Revenue USD M", 6, "USD", "revenue"), ("sales_m", 6, None, "sales"),
        ("Sales_K", 3, None, "sales"), ("revenue in millions", 6, None, "revenue"), ("Revenue (m)", 6, None, "revenue"),
        ("Revenue (in millions)", 6, None, "revenue"), ("年营业额万元", 4, "CNY", "年营业额"),
        ("营收_百万", 6, None, "营收"), ("turnover teur", 3, "EUR", "turnover"), ("Team", 0, None, "team"),
    ],
)  # fmt: skip
def test_the_unit_at_the_end_of_a_header_scales_money(header, scale, currency, words):
    assert (*unit_of(header), without_unit(header)) == (10**scale, currency, words)


@pytest.mark.parametrize("header", ["turnover_musd", "Annual sales (in millions)", "年营业额百万", "revenue_m"])
def test_a_scaled_turnover_is_the_revenue_of_an_account(sqlite_store, write, header):
    _, plan = planned(sqlite_store, write("accounts.csv", f"name,{header}\nAcme,1.5\nBorg,22\n"))

    column = plan.files[0].map.columns[header]
    assert (column.field, column.scale) == ("revenue", 1_000_000)


def test_the_field_s_own_name_goes_before_its_synonyms(sqlite_store, write):
    path = write("users.csv", "Office,Name,Region\nBonn,Ana Ames,West\nRom,Bo Brook,East\n")

    assert planned(sqlite_store, path)[0]["users.csv"][1] == {"Office": "office", "Name": "name", "Region": "region"}


@pytest.mark.parametrize(
    ("values", "are_names"),
    [
        (PEOPLE, True), (["陈国栋", "沈丽华", "梁文博"], True), (["Jan van Dyk", "Mary O'Neil", "J. Poe"], True),
        (["Enterprise", "Mid-Market", "SMB"], False), (["华东", "华南", "西南"], False), (["Boston", "Rome"], False),
        (["New York", "San Diego"], False), (["Plan 1", "Plan 2"], False),
    ],
)  # fmt: skip
def test_names_of_persons_are_told_from_others(values, are_names):
    assert names_persons(values) is are_names


def test_a_file_that_names_the_records_of_others_is_read_as_deals(sqlite_store, write):
    agents = write("agents.csv", "agentName,branchOffice\nAna Ames,Cork\nBo Brook,Galway\nCy Clay,Cork\n")
    partners = write("partners.csv", "partnerCode,partnerName,country\nT1,Tara Tours,IE\nT2,Boyne Golf,IE\n")
    bookings = write(
        "bookings.csv",
        "bookingRef,partnerName,agentName,bookingStatus,paxCount\n"
        + "".join(
            f"B{i},{['Tara Tours', 'Boyne Golf'][i % 2]},{PEOPLE[i % 3]},{['Confirmed', 'Quoted'][i % 2]},{i + 2}\n"
            for i in range(8)
        ),
    )

    found, plan = planned(sqlite_store, agents, partners, bookings)

    assert found["bookings.csv"] == (
        "deal",
        {"bookingRef": "external_id", "partnerName": "account", "agentName": "owner", "bookingStatus": "stage",
         "paxCount": "pax_count"},
    )  # fmt: skip
    assert ("booking", "deal") in plan.words


def test_a_stage_after_the_won_one_is_won_and_its_deals_have_ended(sqlite_store, write):
    path = write("deals.csv", deals(
        Stage=lambda i, outcome: "Commissioned" if outcome == "Won" and i % 2 else outcome, Decided=ended,
    ))  # fmt: skip

    found, plan = planned(sqlite_store, path)

    assert found["deals.csv"][1]["Decided"] == "closed_on"
    assert any("Commissioned (won)" in note for note in plan.notes)
