"""A process that acknowledges three events, works one to its end, holds another, and is killed then.

It writes the ids of the events that it has worked to a file, and each step to its standard output.
"""

import os
import sys
import time
from pathlib import Path

from crm_core.db import Store
from integrations.rehearsal import payloads as slack_payloads
from integrations.slack.inbox import Inbox
from integrations.slack.worker import Worker


def main() -> None:
    store, worked = Store(f"sqlite:///{sys.argv[1]}"), Path(sys.argv[2])
    inbox = Inbox(store, worker=str(os.getpid()), lease_s=0.5)
    for at in range(3):
        event_id = f"Ev{time.time_ns()}"
        inbox.put(slack_payloads.message(f"U{at}", "x", ts=event_id) | {"event_id": event_id})
        print("kept", flush=True)

    def work(payload: dict[str, str]) -> None:
        with worked.open("a", encoding="utf-8") as file:
            file.write(payload["event_id"] + "\n")

    Worker(inbox, work).work_one()
    inbox.claim()
    print("held", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main()
