"""How deals ended, where the stage alone does not say it; and records called by a company's own noun."""

from sqlalchemy import select

from crm_core.models import CompanyWord, CustomField, Deal, Stage
from crm_core.transfer import plan_import
from tests.crm_core.transfer.conftest import TODAY

HEAD = "Deal - ID,Deal - Title,Deal - Organization,Deal - Stage,Deal - Status,Deal - Won time,Deal - Lost time\n"


def standing(store):
    """(deal, stage, kind, closed on) of every deal."""
    with store.read() as connection:
        query = select(Deal.name, Stage.name, Stage.kind, Deal.closed_on).join(Stage, Deal.stage_id == Stage.id)
        rows = connection.execute(query.order_by(Deal.name))
        return [(name, stage, str(kind), str(closed or "")) for name, stage, kind, closed in rows]


def planned(store, *paths):
    plan = plan_import(store, paths, today=TODAY)
    return {file.name: (file.entity, {h: c.target for h, c in file.map.columns.items()}) for file in plan.files}, plan


def test_an_outcome_beside_the_stage_ends_a_deal(sqlite_store, write):
    from crm_core.access import ADMIN
    from crm_core.transfer import apply_import

    path = write(
        "deals.csv",
        HEAD + "1,A,Acme,Quote sent,Won,2017-02-03,\n2,B,Acme,Quote sent,Lost,,2017-03-04\n3,C,Acme,Enquiry,Open,,\n",
    )

    apply_import(sqlite_store, plan_import(sqlite_store, [path], today=TODAY), actor=ADMIN, errors_to=path.parent)

    assert standing(sqlite_store) == [
        ("A", "Won", "won", "2017-02-03"), ("B", "Lost", "lost", "2017-03-04"), ("C", "Enquiry", "open", ""),
    ]  # fmt: skip


def test_a_status_that_is_no_outcome_stays_a_field_of_its_own(sqlite_store, write):
    path = write("deals.csv", "Deal Name,Stage,Status\nA,Won,Invoiced\nB,Demo,Waiting\nC,Lost,Archived\n")

    found, _ = planned(sqlite_store, path)

    assert found["deals.csv"] == ("deal", {"Deal Name": "name", "Stage": "stage", "Status": "status"})


def test_dates_called_by_the_stages_that_end_deals(sqlite_store, write):
    rows = "".join(f"P{i},Lab {i},Funded,2017-02-{i + 10},\n" for i in range(12)) + "P99,Bus,Declined,,2017-03-01\n"
    path = write("proposals.csv", "Proposal ID,Proposal Name,Status,Date Funded,Date Declined\n" + rows)

    found, plan = planned(sqlite_store, path)

    assert found["proposals.csv"] == (
        "deal",
        {"Proposal ID": "external_id", "Proposal Name": "name", "Status": "stage", "Date Funded": "closed_on",
         "Date Declined": "lost_on"},
    )  # fmt: skip
    assert ("proposal", "deal") in plan.words


def test_stages_whose_names_say_nothing_end_deals_where_the_data_tells(sqlite_store, write):
    rows = "".join(
        f"M{i},Case {i},{stage},{'' if stage == 'Pitch' else '2017-05-01'},{'Price' if stage == 'Let go' else ''}\n"
        for i, stage in enumerate(["Instructed", "Let go", "Pitch"] * 4)
    )
    path = write("deals.csv", "Deal ID,Deal Name,Stage,Close Date,Lost Reason\n" + rows)

    _, plan = planned(sqlite_store, path)

    kinds = {stage.name: str(stage.kind) for stage in plan.mapping.pipeline.stages}
    assert (kinds["Instructed"], kinds["Let go"], kinds["Pitch"]) == ("won", "lost", "open")


def test_a_list_is_told_by_the_column_that_names_its_rows(sqlite_store, write):
    deals = write(
        "deals.csv", "Deal Name,Company,Owner,Stage,Van\nA,Acme,Ana Ames,Won,T1 Box\nB,Borg,Bo Brook,Lost,T2 Flat\n"
    )
    accounts = write("accounts.csv", "Company,Industry\nAcme,retail\nBorg,media\n")
    vans = write("fleet.csv", "Van,Body,Drive\nT1 Box,box,diesel\nT2 Flat,flat,electric\n")

    found, plan = planned(sqlite_store, deals, accounts, vans)

    assert found["fleet.csv"] == ("product", {"Van": "name", "Body": "body", "Drive": "drive"})
    assert found["deals.csv"][1]["Van"] == "product"
    assert ("van", "product") in plan.words


def test_a_company_calls_its_deals_as_its_file_does(store, write, take_in):
    path = write(
        "placements.csv", "Placement ID,Client,Stage,Deal - Desk Name\nPL-1,Acme,Won,Tech\nPL-2,Acme,Open,Tax\n"
    )

    take_in(path)

    with store.read() as connection:
        words = {tuple(row) for row in connection.execute(select(CompanyWord.phrase, CompanyWord.target))}
        labels = set(connection.execute(select(CustomField.label)).scalars())
    assert ("placement", "deal") in words
    assert labels == {"Desk Name"}


def test_a_stage_called_order_is_won(sqlite_store, write):
    rows = "A,Inquiry,\nB,Order,2017-05-01\nC,Cancelled,2017-05-02\n"

    _, plan = planned(sqlite_store, write("deals.csv", "Deal Name,Stage,Close Date\n" + rows))

    kinds = {stage.name: str(stage.kind) for stage in plan.mapping.pipeline.stages}
    assert kinds == {"Inquiry": "open", "Order": "won", "Cancelled": "lost"}
