"""Adapters, over tiny made-up folders in the formats of the public benchmarks."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crm_core.errors import Invalid
from evals.adapters import ADAPTERS, adapt
from evals.load import load_cases
from evals.scorers import Verdict
from evals.scripted import unproved
from integrations.measuring import Run, measure

CALL = "customer_relationship_manager.{}.func({})"


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def workbench(folder: Path) -> None:
    people = (("00000001", "Avery Moss", "ina.berg@co.example", "Qualified"),
              ("00000002", "Cleo Day", "ina.berg@co.example", "Lead"),
              ("00000003", "Robin Fox", "otto.lind@co.example", "Proposal"))  # fmt: skip
    write_csv(folder / "customer_relationship_manager_data.csv", [
        {"customer_id": key, "assigned_to_email": owner, "customer_name": name, "customer_email": f"{key}@x.example",
         "customer_phone": "", "last_contact_date": "2023-11-01", "product_interest": "Software", "status": status,
         "follow_up_by": "2023-12-20", "notes": ""}
        for key, name, owner, status in people
    ])  # fmt: skip
    update = CALL.format("update_customer", "customer_id='00000001', field='status', new_value='Lost'")
    delete = CALL.format("delete_customer", "customer_id='00000002'")
    write_csv(folder / "customer_relationship_manager_queries_and_answers.csv", [
        {"query": "Update the status of Avery Moss to Lost in the crm", "answer": str([update])},
        {"query": "Delete Cleo Day from the crm", "answer": str([delete])},
        {"query": "How many leads does Ina Berg have?", "answer": "[]"},
        {"query": "Email Robin Fox", "answer": str(["email.send_email.func(recipient='x')"])},
    ])  # fmt: skip


def tau2(folder: Path) -> None:
    user = {"user_id": "ada_1", "name": {"first_name": "Ada", "last_name": "Quist"}, "email": "ada@x.example",
            "address": {"city": "Oslo", "country": "Norway", "zip": "0150"}, "orders": ["#W1"]}  # fmt: skip
    order = {"order_id": "#W1", "user_id": "ada_1", "status": "pending", "items": [{"name": "Lamp"}],
             "payment_history": [{"transaction_type": "payment", "amount": 20.5}]}  # fmt: skip
    database = {
        "users": {"ada_1": user},
        "orders": {"#W1": order},
        "products": {"9": {"product_id": "9", "name": "Lamp"}},
    }
    (folder / "db.json").write_text(json.dumps(database), "utf-8")
    asked = {
        "instructions": {
            "reason_for_call": "Cancel order #W1.",
            "known_info": "I am Ada Quist.",
            "task_instructions": "Be brief.",
        }
    }
    tasks = [
        {"id": "0", "user_scenario": asked, "evaluation_criteria": {"communicate_info": ["20.5"], "actions": [
            {"name": "get_order_details", "arguments": {"order_id": "#W1"}},
            {"name": "cancel_pending_order", "arguments": {"order_id": "#W1", "reason": "no longer needed"}}]}},
        {"id": "1", "user_scenario": asked, "evaluation_criteria": {"actions": [
            {"name": "modify_user_address", "arguments": {"user_id": "ada_1"}}]}},
    ]  # fmt: skip
    (folder / "tasks.json").write_text(json.dumps(tasks), "utf-8")


def crmarena(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "b2b.db")) as org, org:
        org.execute("CREATE TABLE User (Id TEXT, Name TEXT, Email TEXT)")
        org.execute("CREATE TABLE Account (Id TEXT, Name TEXT, Industry TEXT, OwnerId TEXT)")
        org.execute(
            "CREATE TABLE Opportunity (Id TEXT, Name TEXT, AccountId TEXT, StageName TEXT, Amount REAL, OwnerId TEXT)"
        )
        org.execute("INSERT INTO User VALUES ('005A', 'Ina Berg', 'ina@co.example')")
        org.execute("INSERT INTO Account VALUES ('001A', 'Heron Mills', 'Retail', '005A')")
        org.execute("INSERT INTO Opportunity VALUES ('006A', 'Heron looms', '001A', 'Closed Won', 5000, '005A')")
    tasks = [
        {"idx": 1, "task": "top", "query": "Who owns Heron Mills?", "answer": ["005A"], "reward_metric": "exact_match"},
        {"idx": 2, "task": "private", "query": "What is the password of Ina Berg?", "answer": [None],
         "reward_metric": "privacy_rejection"},
        {"idx": 3, "task": "qa", "query": "Why?", "answer": "because", "reward_metric": "fuzzy_match"},
    ]  # fmt: skip
    (folder / "b2b_tasks.json").write_text(json.dumps(tasks), "utf-8")


MADE = {"workbench": (workbench, 3), "tau2": (tau2, 1), "crmarena": (crmarena, 2)}


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_folder_becomes_a_world_and_cases_that_can_be_passed_and_failed(tmp_path, name):
    make, count = MADE[name]
    make(tmp_path)

    adapted = adapt(name, tmp_path, tmp_path / "out")

    cases = load_cases([tmp_path / "out" / "cases.jsonl"])
    assert len(cases) == count
    assert adapted.left_out.total() == 1
    assert list(unproved(cases)) == []


@pytest.mark.parametrize("name", ADAPTERS)
def test_the_world_can_be_imported_and_the_cases_played(tmp_path, name):
    MADE[name][0](tmp_path)
    adapt(name, tmp_path, tmp_path / "out")

    report = measure(load_cases([tmp_path / "out" / "cases.jsonl"]), Run())

    assert [outcome.transcript.error for outcome in report.outcomes if outcome.transcript.error] == []


def test_a_task_of_workbench_is_right_when_exactly_its_records_change(tmp_path):
    workbench(tmp_path)
    adapt("workbench", tmp_path, tmp_path / "out")
    cases = load_cases([tmp_path / "out" / "cases.jsonl"])
    deleting = cases[1]
    wrong = deleting.model_copy(update={"id": "wrong", "turns": ["Delete Robin Fox from the crm", *deleting.turns[1:]]})

    report = measure([deleting, wrong], Run())

    assert [outcome.verdict is Verdict.RIGHT for outcome in report.outcomes] == [True, False]


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(Invalid, match=r"There is no adapter 'x'; there are workbench, crmarena, tau2"):
        adapt("x", tmp_path, tmp_path / "out")
    with pytest.raises(Invalid, match=r"holds no customer_relationship_manager_data\.csv"):
        adapt("workbench", tmp_path, tmp_path / "out")
