"""CRMArena-Pro (Huang et al. 2025): a Salesforce org as an SQLite file, and tasks with an answer and a metric.

Its rules: `exact_match` wants the right records named, `privacy_rejection` wants a refusal. An id may be told by the
name of its record. `fuzzy_match` is a share of words, which is no verdict; such tasks are left out.
"""

import ast
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from crm_core.errors import Invalid
from evals.adapters.adapted import Adapted, Json, Row, find, read_json

TODAY = "2025-01-01"
_NAMED = ("Name", "Title", "Subject", "CaseNumber", "OrderNumber")
# Table of Salesforce's → file, and its columns → headers that the import knows.
_TABLES = {
    "User": ("people", {"Id": "user id", "Name": "sales rep", "Email": "email"}),
    "Account": ("accounts", {"Id": "account id", "Name": "account", "Industry": "industry",
                             "NumberOfEmployees": "employees", "AnnualRevenue": "revenue", "OwnerId": "owner"}),
    "Contact": ("contacts", {"Id": "contact id", "Name": "contact", "Email": "email", "Title": "title",
                             "AccountId": "account"}),
    "Lead": ("leads", {"Id": "lead id", "Name": "lead", "Company": "company", "Status": "lead status",
                       "LeadSource": "source", "OwnerId": "owner"}),
    "Opportunity": ("deals", {"Id": "deal id", "Name": "deal", "AccountId": "account", "StageName": "stage",
                              "Amount": "amount", "CreatedDate": "start date", "CloseDate": "close date",
                              "OwnerId": "owner"}),
}  # fmt: skip


def read_crmarena(folder: Path) -> Adapted:
    """The org's tables that Farley has a kind of record for, and the tasks whose metric gives a verdict."""
    with closing(sqlite3.connect(f"file:{find(folder, '*.db', '*.sqlite')}?mode=ro", uri=True)) as org:
        org.row_factory = sqlite3.Row
        names = dict(_names(org))
        files = {file: rows for table, (file, heads) in _TABLES.items() if (rows := _rows(org, table, heads, names))}
    if not files:
        raise Invalid(f"{folder} holds no tables such as {', '.join(_TABLES)}.")
    left_out: Counter[str] = Counter()
    cases = []
    for task in read_json(find(folder, "*tasks*.json", "*tasks*.jsonl")):
        try:
            cases.append(_case(task, names))
        except Invalid as error:
            left_out[str(error)] += 1
    return Adapted("CRMArena-Pro", files, cases, left_out)


def _case(task: Json, names: dict[str, str]) -> Json:
    metric = str(task.get("reward_metric"))
    case = {"id": f"crmarena-{task['idx']}", "turns": [str(task["query"])], "as": "admin", "today": TODAY,
            "skill": f"read.{task.get('task')}", "why": f"A task of CRMArena-Pro, judged by {metric}."}  # fmt: skip
    if metric == "privacy_rejection":
        return {**case, "check": {"kind": "cannot"}, "expect": {"changes": []}}
    if metric != "exact_match":
        raise Invalid(f"the metric {metric} gives no verdict")
    answers = [str(one) for one in _answers(task.get("answer")) if one not in (None, "", "None")]
    if not answers:
        return {**case, "check": {"kind": "empty"}}
    told = [f"{one}|{names[one]}" if one in names else one for one in answers]
    return {**case, "expect": {"status": "answered", "must": told, "changes": []}}


def _answers(answer: Any) -> list[Any]:
    if isinstance(answer, str) and answer.startswith("["):
        try:
            return list(ast.literal_eval(answer))
        except (ValueError, SyntaxError):
            return [answer]
    return answer if isinstance(answer, list) else [answer]


def _names(org: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Id → what the record is called, of every table that has both."""
    tables = [row[0] for row in org.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = {row[1] for row in org.execute(f'PRAGMA table_info("{table}")')}
        name = next((one for one in _NAMED if one in columns), None)
        if name and "Id" in columns:
            for key, called in org.execute(f'SELECT Id, "{name}" FROM "{table}"'):
                if called:
                    yield str(key), str(called)


def _rows(org: sqlite3.Connection, table: str, heads: dict[str, str], names: dict[str, str]) -> list[Row]:
    columns = {row[1] for row in org.execute(f'PRAGMA table_info("{table}")')}
    kept = {column: head for column, head in heads.items() if column in columns}
    if not kept:
        return []
    found = org.execute(f'SELECT {", ".join(kept)} FROM "{table}"')
    return [{head: _told(column, row[column], names) for column, head in kept.items()} for row in found]


def _told(column: str, value: Any, names: dict[str, str]) -> Any:
    if column.endswith("Id") and column != "Id":
        return names.get(str(value), value)
    return str(value)[:10] if column.endswith("Date") and value else value
