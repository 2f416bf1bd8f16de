"""`farley init`: the store."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import JsonFlag, Today

if TYPE_CHECKING:
    from crm_core.db import Store

DEMO_SUMMARY = "the demo company"


def init(
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty store with a made-up company.")] = False,
    json: JsonFlag = False,
    today: Today = None,
) -> None:
    """Create the store, or bring an older one to this version. Safe to run again."""
    from integrations.bootstrap import make_store
    from integrations.cli.session import this_day
    from integrations.cli.show import print_json, say
    from integrations.settings import get_settings

    store = make_store(get_settings())
    try:
        is_filled = demo and fill_with_demo(store, today or this_day())
        place = str(store.path or store.url.render_as_string(hide_password=True))
    finally:
        store.close()
    if json:
        print_json({"store": place, "demo": is_filled})
        return
    say(f"The store is ready: {place}")
    if demo:
        say("It holds the demo company." if is_filled else "It holds records already, so the demo company stayed out.")
    say("Next: `farley import YOUR.csv`, or `farley chat`.")


def fill_with_demo(store: "Store", today: date) -> bool:
    """Load the demo company into an empty store; False where the store holds people or deals already."""
    from crm_core.access import ADMIN
    from crm_core.demo import build_company
    from crm_core.transfer import load_rows

    if holds_records(store):
        return False
    load_rows(store, build_company(today), actor=ADMIN, door="cli", summary=DEMO_SUMMARY)
    return True


def holds_records(store: "Store") -> bool:
    """Whether there is any account, deal, contact or user."""
    from sqlalchemy import select

    from crm_core.models import Account, Contact, Deal, User

    with store.read() as connection:
        return any(connection.execute(select(model.id).limit(1)).first() for model in (Account, Deal, Contact, User))
