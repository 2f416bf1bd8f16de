"""`farley start`, which `make run` calls: from nothing to a conversation."""

import sys
from typing import TYPE_CHECKING
from uuid import uuid4

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
SUGGESTED = (ON_THE_DEMO[0][0], "Which deals are at risk and why?", "Who should I contact today?", "今年赢了多少单？")


def start(user: AsUser = None) -> None:
    """Begin: a chat on a terminal, a scripted tour elsewhere. Makes the demo store if there is none."""
    from integrations.cli.session import open_session
    from integrations.settings import get_settings

    _prepare(get_settings())
    with open_session(user) as session:
        if sys.stdin.isatty():
            _welcome(session)
        else:
            _tour(session)


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


def _welcome(session: "Session") -> None:
    from integrations.cli.chat import Talk
    from integrations.cli.show import say

    say(
        "Farley knows your pipeline. Ask in English or Chinese; nothing changes before you approve it.",
        "bold",
    )
    say(f"You ask as {session.actor.name}. /help lists what else there is. For example:")
    for question in SUGGESTED:
        say(f"  {question}", "cyan")
    Talk(session, session.copilot(remembers=False)).run()


def _tour(session: "Session") -> None:
    from integrations.cli.show import say, show_reply

    copilot = session.copilot(remembers=False)
    say(f"A tour as {session.actor.name} (on a terminal this is a chat).")
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
