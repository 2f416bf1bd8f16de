"""`farley start`, which `make run` calls: from nothing to the page."""

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from integrations.cli.options import AsUser

if TYPE_CHECKING:
    from crm_core.db import Store
    from integrations.cli.session import Session
    from integrations.settings import Settings

# Conversations: a second question follows up on the first.
ANYWHERE = (
    ("What is our pipeline by stage?",),
    ("Top 5 reps by bookings this year", "What about last year?"),
    ("今年赢了多少单？",),
    ("What is the weather in Paris?",),
)
ON_THE_DEMO = (
    ("What is our pipeline by stage?",),
    ("Top 3 reps by bookings this year", "What about last year?"),
    ("Which open deals of Priya Raman close in the next 30 days?",),
    ("陈思远赢了几单？",),
    ("去年丢单最多的是哪个产品？",),
    ("Which deals are at risk and why?",),
    ("What did Alder Valley say about the price?",),
    ("How many open deals does Norrvik have?",),  # several are called so: it asks back
    ("What is the weather in Bergen?",),  # not in the data: it says so
)


def start(
    tour: Annotated[bool, typer.Option("--tour", help="Ask some questions here, and serve no page.")] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65_535, help="Of the page.")] = 8000,
    user: AsUser = None,
) -> None:
    """Begin: the web page, with a link that signs you in. Makes a demo company if there is no store."""
    from integrations.cli.session import open_session
    from integrations.settings import get_settings

    _prepare(get_settings())
    with open_session(user) as session:
        if tour:
            _tour(session)
        else:
            _serve(session, port)


def _serve(session: "Session", port: int) -> None:
    """The page for whoever sits at this machine: they need no password the first time."""
    from crm_core.signing_in import Purpose, make_link
    from integrations.cli.serving import run_server
    from integrations.cli.show import say

    key = make_link(session.store, session.actor.id, Purpose.SIGN_IN, by=session.actor)
    say("Farley knows your pipeline. Ask in English or Chinese; nothing changes before you approve it.", "bold")
    say(f"Open this as {session.actor.name}; it signs you in once, from this machine, within 15 minutes:")
    print(f"  http://localhost:{port}/sign-in/link?key={key}", flush=True)  # whole, however narrow the terminal is
    run_server(session, host="127.0.0.1", port=port)


def _prepare(settings: "Settings") -> None:
    """Make the demo store where there is no store at all; one that is there stays as it is."""
    from integrations.bootstrap import make_store
    from integrations.cli.making import fill_with_demo
    from integrations.cli.session import this_day
    from integrations.cli.show import say

    if settings.database_url is not None or (settings.home / "farley.db").exists():
        return
    say(f"Making a made-up company to try things on, in {settings.home} …", "dim")
    store = make_store(settings)
    try:
        fill_with_demo(store, this_day())
    finally:
        store.close()


def _tour(session: "Session") -> None:
    from integrations.cli.show import say, show_reply

    copilot = session.copilot(remembers=False)
    say(f"A tour as {session.actor.name}; `farley chat` goes on here.")
    for conversation in ON_THE_DEMO if _is_demo(session.store) else ANYWHERE:
        thread = f"cli:{uuid4().hex}"
        for question in conversation:
            say(f"\nyou> {question}", "bold")
            show_reply(copilot.ask(question, thread=thread, actor=session.actor, today=session.today))
    say("\nYour own data: `farley import YOUR.csv`, then `farley chat`.")


def _is_demo(store: "Store") -> bool:
    from crm_core.access import ADMIN
    from crm_core.changes import list_changes
    from integrations.cli.making import DEMO_SUMMARY

    return any(one.head.summary == DEMO_SUMMARY for one in list_changes(store, ADMIN, limit=1000))
