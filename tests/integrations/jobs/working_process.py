"""A worker whose jobs note in a file when they begin and end, until it is killed: a folder is its argument."""

import sys
import threading
import time
from datetime import datetime
from pathlib import Path

from integrations.jobs import Job, Worker


def main(folder: Path) -> None:
    """One quick job and one that takes a while, each due every second."""
    notes = folder / "notes"

    def note(text: str) -> None:
        with notes.open("a") as file:
            file.write(text + "\n")

    def quick(due_at: datetime) -> None:
        note(f"quick {due_at.isoformat()}")

    def slow(due_at: datetime) -> None:
        note(f"slow-begins {due_at.isoformat()}")
        time.sleep(0.5)
        note(f"slow {due_at.isoformat()}")

    jobs = (Job("quick", "* * * * * *", "", quick), Job("slow", "*/2 * * * * *", "", slow))
    with_lock = folder / "worker.lock"
    Worker(jobs, f"sqlite:///{folder / 'jobs.db'}", lock=with_lock)
    print("works", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
