"""WorkBench (Styles et al. 2024), the tasks on customer records alone.

Its rule: the data must end as if exactly the right calls had been made, whatever the way there; letter case does not
count. Here the card that is proposed is approved, and exactly those differences must be there; a task without calls
changes nothing.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm_core.errors import Invalid
from evals.adapters.adapted import Adapted, Json, Row, find, read_csv

TODAY = "2023-11-30"  # the benchmark's own clock
_DATA = "customer_relationship_manager_data.csv"
_TASKS = "customer_relationship_manager_queries_and_answers.csv"
_TOOL = re.compile(r"customer_relationship_manager\.(\w+)(?:\.func)?\((.*)\)", re.DOTALL)
_FIELDS = {
    "customer_name": "name", "assigned_to_email": "owner", "assigned_to": "owner", "customer_email": "email",
    "customer_phone": "phone", "last_contact_date": "last_contact_date", "product_interest": "product_interest",
    "status": "status", "notes": "description", "follow_up_by": "follow_up_by",
}  # fmt: skip


def read_workbench(folder: Path) -> Adapted:
    """The customers as leads, the people that they are assigned to, and each task as one case."""
    customers = read_csv(find(folder, _DATA), ["customer_id", "customer_name", "status"])
    tasks = read_csv(find(folder, _TASKS), ["query", "answer"])
    owner = "assigned_to_email" if "assigned_to_email" in customers[0] else "assigned_to"
    left_out: Counter[str] = Counter()
    cases = []
    for number, task in enumerate(tasks):
        try:
            changes = [_change(name, args) for name, args in calls_in(str(task["answer"]))]
        except Invalid as error:
            left_out[str(error)] += 1
            continue
        cases.append(_case(number, str(task["query"]), changes))
    files = {"leads": [_lead(row, owner) for row in customers], "people": _people(customers, owner)}
    return Adapted("WorkBench", files, cases, left_out)


def calls_in(answer: str) -> Iterator[tuple[str, Json]]:
    """The calls of an answer: a list of calls as text.

    Raises:
        Invalid: one is of another domain than the customer records.
    """
    for text in ast.literal_eval(answer or "[]"):
        found = _TOOL.fullmatch(str(text).strip())
        if found is None:
            raise Invalid("calls of another domain")
        call = ast.parse(f"call({found[2]})", mode="eval").body
        assert isinstance(call, ast.Call)
        yield found[1], {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}


def _change(name: str, args: Json) -> Json:
    if name == "update_customer":
        changed = {_FIELDS[args["field"]]: _value(args["field"], args["new_value"])}
        return {"op": "update", "entity": "lead", "record": args["customer_id"], "set": changed}
    if name == "delete_customer":
        return {"op": "delete", "entity": "lead", "record": args["customer_id"]}
    if name == "add_customer":
        given = {_FIELDS[key]: _value(key, value) for key, value in args.items() if value}
        return {"op": "create", "entity": "lead", "set": given}
    raise Invalid(f"calls of {name}")


def _value(field: str, value: Any) -> str:
    return _name(str(value)) if field.startswith("assigned_to") else str(value)


def _case(number: int, query: str, changes: list[Json]) -> Json:
    turns: list[Any] = [query, {"act": "approve", "outcome": "done"}] if changes else [query]
    return {"id": f"workbench-{number:03d}", "turns": turns, "as": "admin", "today": TODAY,
            "skill": "write.workbench", "why": "A task of WorkBench: the records must end exactly so.",
            "expect": {"changes": changes, "approvals": min(len(changes), 1)}}  # fmt: skip


def _lead(row: Row, owner: str) -> Row:
    kept = {_FIELDS[name]: value for name, value in row.items() if name in _FIELDS and name != owner}
    return {"lead id": row["customer_id"], **kept, "owner": _name(str(row[owner]))}


def _people(customers: list[Row], owner: str) -> list[Row]:
    emails = sorted({str(row[owner]) for row in customers if row[owner]})
    return [{"sales rep": _name(email), "email": email} for email in emails]


def _name(email: str) -> str:
    """sam.smith@company.com is Sam Smith."""
    return " ".join(part.capitalize() for part in email.split("@")[0].split("."))
