"""What files are taken for, by names, headers and values of other systems' exports."""

import pytest

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.transfer import plan_import
from tests.crm_core.transfer.conftest import TODAY


def planned(store, *paths, **given):
    plan = plan_import(store, paths, today=TODAY, **given)
    return {file.name: (file.entity, {h: c.target for h, c in file.map.columns.items()}) for file in plan.files}


EXPORTS = {
    "salesforce opportunities": (
        "report123.csv",
        "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Opportunity Owner,Lead Source,Next Step\n"
        "006A,Acme renewal,Acme,Closed Won,\"$1,200.00\",3/31/2017,Ana Ames,Web,\n"
        "006B,Borg start,Borg,Prospecting,$500.00,12/20/2017,Bo Brook,Phone,call\n",
        "deal",
        ["external_id", "name", "account", "stage", "amount", "close_date", "owner", "source", "next_step"],
    ),
    "hubspot deals": (
        "hubspot-crm-exports-all-deals.csv",
        "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Associated Company,Create Date\n"
        "1,Acme,appointmentscheduled,2017-12-01 10:20,Ana Ames,1000,Acme,2017-01-01 09:00\n"
        "2,Borg,closedwon,2017-02-01 10:20,Ana Ames,2000,Borg,2017-01-02 09:00\n",
        "deal",
        ["external_id", "name", "stage", "close_date", "owner", "amount", "account", "started_on"],
    ),
    "pipedrive deals": (
        "deals-2017.csv",
        "Title,Value,Currency,Organization,Owner,Stage,Expected close date,Won time,Lost time,Lost reason\n"
        "Acme,100,EUR,Acme,Ana,Contact Made,2017-12-01,,,\nBorg,50,EUR,Borg,Ana,Lost,,,2017-02-01,Price\n",
        "deal",
        ["name", "amount", "currency", "account", "owner", "stage", "closes_on", "closed_on", None, "lost_reason"],
    ),
    "chinese deals": (
        "商机.csv",
        "商机名称,客户名称,商机金额,预计成交日期,销售阶段,负责人\n"
        "华信二期,华信科技,12万,2017年12月1日,商务谈判,陈思远\n安远一期,安远物流,30000,2017-11-20,赢单,刘雅婷\n",
        "deal",
        ["name", "account", "amount", "closes_on", "stage", "owner"],
    ),
    "chinese accounts": (
        "客户.csv",
        "客户名称,行业,年营业额（万元）,员工人数,成立年份,国家,母公司,负责人\n华信科技,软件,1200,80,1999,中国,,陈思远\n安远物流,物流,300,20,2005,中国,华信科技,陈思远\n",
        "account",
        ["name", "industry", "revenue", "employees", "founded_year", "country", "parent", "owner"],
    ),
    "companies in other words": (
        "list.csv",
        "Customer,Vertical,HQ,Turnover,Headcount,Founded\nAcme,retail,Kenya,1200,80,1999\n"
        "Borg,media,Peru,300,20,2005\n",
        "account",
        ["name", "industry", "country", "revenue", "employees", "founded_year"],
    ),
    "deals in other words": (
        "book.csv",
        "Customer,Rep,ACV,Stage name,Kick-off,Signing date\nAcme,Ana,100,Demo,2017-01-02,\n"
        "Acme,Bo,80,Won,2017-02-03,2017-03-01\n",
        "deal",
        ["account", "owner", "amount", "stage", "started_on", "closed_on"],
    ),
    "contacts": (
        "export.csv",
        "First Name,Last Name,Email,Mobile Phone,Company Name,Job Title\n"
        "Ada,Byron,ada@acme.example,+1 555 010 9999,Acme,CTO\n"
        "Bo,Cole,bo@borg.example,+1 555 010 9998,Borg,CFO\n",
        "contact",
        ["first_name", "last_name", "email", "phone", "account", "title"],
    ),
    "leads": (
        "leads.csv",
        "Lead ID,Name,Company,Email,Lead Source,Status,Created Date\n"
        "L1,Ada,Acme,ada@a.example,Web,New,2017-01-01\nL2,Bo,Borg,bo@b.example,Fair,New,2017-01-02\n",
        "lead",
        ["external_id", "name", "company", "email", "source", "status", "created_on"],
    ),
    "orders": (
        "orders.csv",
        "Order Number,Customer,Order Date,Total,Status\nO1,Acme,2017-01-01,100,paid\nO2,Borg,2017-02-01,200,open\n",
        "order",
        ["external_id", "account", "ordered_on", "amount", "status"],
    ),
    "activities": (
        "activities.csv",
        "Activity Type,Date,Subject,Notes,Account Name\nCall,2017-01-01,Intro,They said yes,Acme\n"
        "Email,2017-01-02,Offer,Sent it,Acme\n",
        "interaction",
        ["kind", "happened_on", "subject", "body", "account"],
    ),
    "tasks": (
        "tasks.csv",
        "Subject,Due Date,Status,Priority,Assigned To\nCall Ada,2017-12-01,Not Started,High,Ana\n"
        "Send offer,2017-12-02,Completed,Low,Bo\n",
        "task",
        ["title", "due_on", "status", "priority", "owner"],
    ),
    "quotas": (
        "targets.csv",
        "Sales Rep,Start Date,End Date,Quota\nAna,2017-01-01,2017-03-31,100000\nBo,2017-01-01,2017-03-31,90000\n",
        "quota",
        ["owner", "starts_on", "ends_on", "amount"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_is_understood(sqlite_store, write, export):
    name, text, entity, targets = EXPORTS[export]

    found = planned(sqlite_store, write(name, text))[name]

    header = text.splitlines()[0].split(",")
    told = [target if target in targets else None for target in found[1].values()]
    assert (found[0], dict(zip(header, told, strict=True))) == (entity, dict(zip(header, targets, strict=True)))


def test_support_tickets_are_refused_by_name(sqlite_store, write):
    text = "id,subject,status,priority,opened,resolved,agent,customer\n1,Down,open,high,2017-01-01,,Ana,Acme\n"

    for name in ("tickets.csv", "export.csv"):
        with pytest.raises(Invalid, match=r"looks like support tickets.*--map"):
            planned(sqlite_store, write(name, text))


def test_an_unknown_table_is_refused(sqlite_store, write):
    with pytest.raises(Invalid, match=r"no kind of record that Farley knows.*--map"):
        planned(sqlite_store, write("x.csv", "alpha,beta,gamma\n1,2,3\n"))


def test_an_unknown_table_among_others_is_left_out_and_told(sqlite_store, write):
    accounts = write("accounts.csv", "name,industry\nAcme,retail\n")
    write("tickets.csv", "id,resolved,sla\n1,2017-01-01,gold\n")

    plan = plan_import(sqlite_store, [accounts.parent], today=TODAY)

    assert [file.name for file in plan.files] == ["accounts.csv"]
    assert any(note.startswith("Not imported: tickets.csv looks like support tickets") for note in plan.notes)


def test_a_map_takes_in_what_is_not_recognised(sqlite_store, write):
    from crm_core.transfer.mapping import ColumnMap, FileMap, ImportMap

    path = write("tickets.csv", "id,subject,resolved\n7,Down,2017-01-01\n")
    columns = {"id": ColumnMap(field="external_id"), "subject": ColumnMap(field="title")}
    given = ImportMap(files={"tickets.csv": FileMap(entity="task", columns=columns)})

    assert planned(sqlite_store, path, mapping=given)["tickets.csv"] == (
        "task", {"id": "external_id", "subject": "title", "resolved": None},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"entity": "planet"}, "no kind of record 'planet'"),
        ({"entity": "task", "columns": {"nothing": {"field": "title"}}}, "column 'nothing' that tickets.csv"),
        ({"entity": "task", "columns": {"id": {"field": "colour"}}}, "field task.colour; it can be one of"),
    ],
)
def test_a_map_that_does_not_fit_is_told(sqlite_store, write, given, message):
    from crm_core.transfer.mapping import ImportMap

    path = write("tickets.csv", "id,subject\n7,Down\n")

    with pytest.raises(Invalid, match=message):
        planned(sqlite_store, path, mapping=ImportMap.model_validate({"files": {"tickets.csv": given}}))


def test_words_of_other_languages_are_given_by_the_caller(sqlite_store, write):
    path = write("konten.csv", "Firma,Branche,Sitz\nAcme,retail,Bonn\nBorg,media,Rom\n")
    words = {"account": ("konten", "firma"), "account.industry": ("branche",), "account.country": ("sitz",)}

    assert planned(sqlite_store, path, extra_words=words)["konten.csv"] == (
        "account", {"Firma": "name", "Branche": "industry", "Sitz": "country"},
    )  # fmt: skip


def test_a_column_of_names_of_another_file_refers_to_it(sqlite_store, write):
    deals = write("deals.csv", "Deal ID,Stage,Amount,Sold to\n1,Won,5,Acme\n2,Lost,6,Borg\n")
    accounts = write("accounts.csv", "name,industry\nAcme,retail\nBorg,media\n")

    assert planned(sqlite_store, deals, accounts)["deals.csv"][1]["Sold to"] == "account"


def test_unknown_columns_become_typed_fields(sqlite_store, write):
    cells = {
        "Segment": ["SMB", "Mid", "SMB", "SMB"], "Is partner": ["1", "0", "1", "0"],
        "Renewal": ["yes", "no", "no", "no"],
        "Score": ["1.5", "2", "3", "4"], "Seats": ["10", "20", "30", "40"], "Budget": ["$10", "$20", "$30", "$40"],
        "Signed": ["2017-01-02", "2017-01-03", "", ""], "Seen": ["2017-01-02 10:00", "2017-01-03 11:30", "", ""],
        "Zip": ["01234", "99999", "11111", "22222"], "Story": ["x" * 300, "b", "c", "d"],
        "Share": ["10%", "20%", "30%", "5%"], "Nickname": ["a1", "b2", "c3", "d4"], "Empty": [""] * 4,
    }  # fmt: skip
    lines = [",".join(["name", *cells])]
    lines += [",".join([f"Company {i}", *(values[i] for values in cells.values())]) for i in range(4)]
    path = write("accounts.csv", "\n".join(lines) + "\n")

    plan = plan_import(sqlite_store, [path], today=TODAY)

    assert {field.name: field.kind for field in plan.custom} == {
        "segment": Kind.CHOICE, "is_partner": Kind.BOOLEAN, "renewal": Kind.BOOLEAN, "score": Kind.DECIMAL,
        "seats": Kind.INTEGER, "budget": Kind.MONEY, "signed": Kind.DATE, "seen": Kind.DATETIME, "zip": Kind.TEXT,
        "story": Kind.LONG_TEXT, "share": Kind.PERCENT, "nickname": Kind.TEXT,
    }  # fmt: skip


def test_a_custom_field_that_is_there_is_used_again(store, write, take_in):
    take_in(write("accounts.csv", "name,Tier\nAcme,gold\nBorg,gold\n"))

    report = take_in(write("accounts.csv", "name,Tier\nAcme,silver\nCyb,gold\n"))

    assert "custom_field" not in report.made
    assert (report.files["accounts.csv"].updated, report.files["accounts.csv"].created) == (1, 1)


def test_a_data_dictionary_gives_units_and_words(sqlite_store, write):
    accounts = write("accounts.csv", "name,revenue,net_x\nAcme,1.5,3\nBorg,2.25,4\n")
    words = write(
        "dictionary.csv", "表,字段,说明\naccounts,revenue,年营收（百万元）\naccounts,net_x,Net promoter score\n"
    )

    plan = plan_import(sqlite_store, [accounts, words], today=TODAY)

    column = plan.files[0].map.columns["revenue"]
    assert (column.scale, column.currency, [file.name for file in plan.files]) == (1_000_000, "CNY", ["accounts.csv"])
    assert "net promoter score" in plan.custom[0].words
