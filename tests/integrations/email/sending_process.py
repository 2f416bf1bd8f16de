"""Sends one draft until it is killed: the home folder, the draft and the port of the server are its arguments."""

import sys

from crm_core.db import Store
from crm_core.sending import claim, find_ready, settle
from crm_core.users import actor_for
from integrations.email import SmtpServer


def main(url: str, draft: int, port: int) -> None:
    """Tell on standard output when it starts, and what became of it."""
    store = Store(url)
    rep = actor_for(store, "Ada Byron")
    with store.read() as connection:
        ready = find_ready(connection, store.schema_at(connection), draft, actor=rep)
    print("begins", flush=True)
    letter = claim(store, draft, actor=rep, door="cli", shown=ready.approval)
    delivery = SmtpServer("127.0.0.1", port, "none").deliver(letter)
    settle(store, letter, delivery, actor=rep)
    print(delivery.state, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
