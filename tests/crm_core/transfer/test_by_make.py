"""Files whose names and headers say little: what they hold is told by their make and by what they name."""

import random
from datetime import date, timedelta

import pytest

from crm_core.models import StageKind
from crm_core.transfer import plan_import
from crm_core.transfer.around import file_noun
from crm_core.transfer.persons import names_persons

TODAY = date(2026, 6, 30)
FIRST = ("Ada", "Bela", "Cleo", "Dina", "Emil", "Fritz", "Gerda", "Hugo", "Ines", "Jonas")
LAST = ("Abel", "Brandt", "Cortez", "Dorn", "Ebert", "Fink", "Gruber", "Hahn")
STONES = ("Granite sill", "Slate roof", "Marble stair", "Lime facade", "Basalt kerb")
STEPS = ("Measured", "Sketched", "Placed", "Elsewhere")  # the last two end it
SETTERS = (
    ("OA", "Otto Anders", ""),
    ("PB", "Petra Blum", "OA"),
    ("QC", "Quirin Carl", "OA"),
    ("RD", "Rosa Dietz", "PB"),
)


def csv(header, rows):
    return "\n".join(",".join(map(str, row)) for row in (header.split(","), *rows)) + "\n"


@pytest.fixture
def yard(write):
    """A stonemason's five files: sites, works, setters, people met and a diary, with references by code."""
    pick = random.Random(4)
    codes = [f"ST{100 + i}" for i in range(40)]
    sites = [
        (code, f"{LAST[i % 8]} {STONES[i // 8].split()[0]} House", "Ulm", pick.choice("ABC"))
        for i, code in enumerate(codes)
    ]
    works = []
    for i in range(120):
        begun, step = date(2025, 1, 1) + timedelta(days=3 * i), STEPS[i % 4]
        ended = begun + timedelta(days=20) if step in STEPS[2:] else ""
        due = "" if ended else begun + timedelta(days=60)
        why = "too dear" if step == "Elsewhere" else ""
        setter = pick.choice(SETTERS)[0]
        works.append(
            (
                f"W-{i}",
                f"{STONES[i % 5]} {i}",
                codes[i % 40],
                setter,
                step,
                900 + 7 * i,
                300 + i,
                begun,
                due,
                ended,
                why,
            )
        )
    met = [
        (codes[i % 40], f"{FIRST[i % 10]} {LAST[i % 8]}{'' if i < 40 else 'er'}", f"p{i}@site.example", "mason")
        for i in range(60)
    ]
    diary = [
        (date(2026, 1, 1) + timedelta(days=i), codes[i % 40], SETTERS[i % 4][0], "spoke about the joints and the price")
        for i in range(90)
    ]
    return [
        write("Yards.csv", csv("Ref,Called,Where,Grade", sites)),
        write(
            "Works.csv",
            csv(
                "No,Piece,Ref,Setter,Standing,Worth EUR,Stone Cost EUR,Raised,Hoped For Expected,Settled,Why Not", works
            ),
        ),
        write("Setters.csv", csv("Sign,Setter,Under", SETTERS)),
        write("Met.csv", csv("Ref,Who,Mail,Trade", met)),
        write("Diary.csv", csv("On,Ref,Setter,Said", diary)),
    ]


@pytest.fixture
def read(sqlite_store, yard):
    plan = plan_import(sqlite_store, yard, today=TODAY)
    return plan, {
        file.name: (file.entity, {h: c.field for h, c in file.map.columns.items() if c.field}) for file in plan.files
    }


def test_each_file_is_told_by_its_make(read):
    _, files = read

    assert {name: entity for name, (entity, _) in files.items()} == {
        "Yards.csv": "account", "Works.csv": "deal", "Setters.csv": "user", "Met.csv": "contact",
        "Diary.csv": "interaction",
    }  # fmt: skip


def test_codes_name_rows_and_words_are_their_names(read):
    _, files = read

    assert files["Yards.csv"][1].items() >= {"Ref": "external_id", "Called": "name"}.items()
    assert files["Setters.csv"][1].items() >= {"Sign": "external_id", "Setter": "name", "Under": "manager"}.items()
    assert files["Met.csv"][1].items() >= {"Ref": "account", "Who": "name", "Mail": "email"}.items()
    assert (
        files["Diary.csv"][1].items()
        >= {"On": "happened_on", "Ref": "account", "Setter": "user", "Said": "body"}.items()
    )


def test_what_a_deal_comes_to_and_when_it_ended_is_told(read):
    plan, files = read

    assert files["Works.csv"][1].items() >= {
        "Piece": "name", "Ref": "account", "Setter": "owner", "Standing": "stage", "Worth EUR": "amount",
        "Raised": "started_on", "Hoped For Expected": "closes_on", "Settled": "closed_on", "Why Not": "lost_reason",
    }.items()  # fmt: skip
    kinds = {stage.name: stage.kind for stage in plan.mapping.pipeline.stages}
    assert (kinds["Placed"], kinds["Elsewhere"], kinds["Measured"]) == (StageKind.WON, StageKind.LOST, StageKind.OPEN)


def test_what_was_taken_by_its_make_is_told_to_the_person(read):
    plan, _ = read

    assert any("Raised is taken as deal.started_on" in note for note in plan.notes)
    assert any("stage 'Elsewhere' is taken as lost" in note for note in plan.notes)


def test_ids_that_run_in_every_table_name_only_what_they_are_called_after(sqlite_store, write):
    clubs = csv("ClubID,ClubName", [(i, f"{LAST[i % 8]} Rowing Club {chr(65 + i)}") for i in range(1, 25)])
    people = csv("StaffID,FullName,Mail", [(i, f"{FIRST[i]} {LAST[i % 8]}", f"s{i}@row.example") for i in range(1, 9)])
    bids = [
        (
            i,
            f"Boat hall {i}",
            1 + i % 24,
            1 + i % 8,
            ("Open", "Won", "Lost")[i % 3],
            1000 + 37 * i % 500,
            f"2026-01-{1 + i % 28:02}",
        )
        for i in range(1, 73)
    ]
    offers = csv("BidID,Title,ClubID,LeadStaffID,Status,Fee,Raised", bids)
    talks = csv(
        "TalkID,On,ClubID,Said",
        [(i, f"2026-02-{1 + i % 28:02}", 1 + i % 24, "they like the second plan") for i in range(1, 61)],
    )
    files = {"tblClubs": clubs, "tblStaff": people, "tblBids": offers, "tblTalks": talks}
    paths = [write(f"{name}.csv", text) for name, text in files.items()]

    plan = plan_import(sqlite_store, paths, today=TODAY)
    bid = next(file for file in plan.files if file.name == "tblBids.csv")

    told = {header: column.field for header, column in bid.map.columns.items()}
    assert (bid.entity, told["ClubID"], told["LeadStaffID"], told["Fee"]) == ("deal", "account", "owner", "amount")


@pytest.mark.parametrize(
    ("file", "noun"), [("tblClients.csv", "client"), ("rate_enquiries.csv", "rate enquiry"), ("客户.csv", "客户")]
)
def test_the_noun_of_a_file(file, noun):
    assert file_noun(file) == noun


def test_names_in_capitals_are_names():
    assert names_persons(["RANDY KOWALSKI", "SHELBY OCHOA"])
    assert not names_persons(["IRONWOOD", "LAKEVIEW"])


def test_talks_without_a_word_of_what_was_said_are_talks_and_nobody_is_made_of_them(sqlite_store, yard, write):
    kinds = ("Call", "Site visit", "Email")
    rows = [
        (f"R{i}", f"2026-03-{1 + i % 28:02}", SETTERS[i % 4][1], f"ST{100 + i % 40}", kinds[i % 3]) for i in range(80)
    ]
    log = write("calls_and_visits.csv", csv("Code,Date,Rep,Ref,Contact Type", rows))

    plan = plan_import(sqlite_store, [*yard, log], today=TODAY)
    talks = next(file for file in plan.files if file.name == "calls_and_visits.csv")

    told = {header: column.field for header, column in talks.map.columns.items()}
    assert (talks.entity, told["Contact Type"], told["Ref"]) == ("interaction", "kind", "account")
