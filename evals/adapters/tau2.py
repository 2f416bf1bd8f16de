"""tau2-bench (Barres et al. 2025), its retail domain.

Its rule: the database must end as after the right calls, and the agent must have said what the task asks for. Farley
keeps no carts and moves no money, so of an order its state is compared; tasks that change anything else are left out.
"""

from collections import Counter
from pathlib import Path

from crm_core.errors import Invalid
from evals.adapters.adapted import Adapted, Json, Row, find, read_json

TODAY = "2024-05-15"  # the benchmark's own clock
_ENDS = {
    "cancel_pending_order": "cancelled",
    "return_delivered_order_items": "return requested",
    "exchange_delivered_order_items": "exchange requested",
}
_READS = ("get_", "find_", "list_", "calculate", "think")


def read_tau2(folder: Path) -> Adapted:
    """Users as customers, their orders, the products, and each task as a talk with a simulated customer service rep."""
    database = read_json(find(folder, "db.json"))
    if not isinstance(database, dict) or not {"users", "orders", "products"} <= database.keys():
        raise Invalid(f"{folder}/db.json has no users, orders and products.")
    left_out: Counter[str] = Counter()
    cases = []
    for task in read_json(find(folder, "tasks.json")):
        try:
            cases.append(_case(task))
        except Invalid as error:
            left_out[str(error)] += 1
    users = database["users"]
    files = {
        "accounts": [_account(user) for user in users.values()],
        "contacts": [_contact(user) for user in users.values()],
        "products": [
            {"product id": one["product_id"], "product": one["name"]} for one in database["products"].values()
        ],
        "orders": [_order(order, users) for order in database["orders"].values()],
    }
    return Adapted("tau2 retail", files, cases, left_out)


def _case(task: Json) -> Json:
    wanted = task.get("evaluation_criteria") or {}
    asked = (task.get("user_scenario") or {}).get("instructions") or {}
    if not isinstance(asked, dict):
        raise Invalid("instructions that are no scenario")
    stored = [_stored(action) for action in wanted.get("actions") or [] if not action["name"].startswith(_READS)]
    told = [str(one) for one in wanted.get("communicate_info") or []]
    if not stored and not told:
        raise Invalid("neither a change nor anything to be told")
    parts = [asked.get("reason_for_call"), asked.get("known_info")]
    expect: Json = {"store": stored, "must": told} if stored else {"changes": [], "must": told}
    rules = [{"status": "proposed", "act": "approve"}]
    return {"id": f"tau2-{task['id']}", "turns": [" ".join(str(part) for part in parts if part)], "as": "admin",
            "today": TODAY, "skill": "write.tau2" if stored else "read.tau2",
            "why": "A task of tau2 retail: the orders must end so, and what was asked for must be told.",
            "rep": {"goal": str(asked.get("task_instructions") or ""), "rules": rules}, "expect": expect}  # fmt: skip


def _stored(action: Json) -> Json:
    """The state that an order must have in the end."""
    end = _ENDS.get(action["name"])
    if end is None:
        raise Invalid(f"calls of {action['name']}")
    order = str(action["arguments"]["order_id"]).replace("'", "''")
    return {"sql": f"SELECT status FROM orders WHERE external_id = '{order}'", "is": end}


def _account(user: Json) -> Row:
    at = user.get("address") or {}
    return {"account id": user["user_id"], "account": _name(user), "city": at.get("city"), "country": at.get("country")}


def _contact(user: Json) -> Row:
    return {"contact id": user["user_id"], "contact": _name(user), "email": user.get("email"), "account": _name(user),
            "zip": (user.get("address") or {}).get("zip")}  # fmt: skip


def _order(order: Json, users: Json) -> Row:
    paid = [one["amount"] for one in order.get("payment_history") or [] if one.get("transaction_type") == "payment"]
    return {"order id": order["order_id"], "account": _name(users[order["user_id"]]), "order status": order["status"],
            "order amount": round(sum(paid), 2), "items": ", ".join(one["name"] for one in order["items"])}  # fmt: skip


def _name(user: Json) -> str:
    return f"{user['name']['first_name']} {user['name']['last_name']}"
