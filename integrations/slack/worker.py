"""The worker: a plain loop over the inbox on a few threads, one of them for clicks alone."""

import logging
import threading
from collections.abc import Callable
from uuid import uuid4

from integrations.slack.inbox import MOST_ATTEMPTS, Held, Inbox
from integrations.slack.shape import Payload

log = logging.getLogger(__name__)

IDLE_S = 0.5  # between looks into the inbox when nobody says that something came


class PutOff(Exception):
    """The work failed for a passing reason and is to be tried again."""


class Worker:
    """Works the events of `inbox`.

    Args:
        inbox: of the events.
        handle: works one of them, and gives the id of the log entry where it failed; raises PutOff to have it again.
        threads: for questions; one more is for clicks alone.
    """

    def __init__(self, inbox: Inbox, handle: Callable[[Payload], str | None], *, threads: int = 3) -> None:
        self._inbox = inbox
        self._handle = handle
        self._came = threading.Condition()
        self._is_stopped = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(at == 0,), daemon=True) for at in range(threads + 1)]
        self._threads.append(threading.Thread(target=self._keep, daemon=True))

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Say that something came."""
        with self._came:
            self._came.notify_all()

    def stop(self, timeout_s: float = 10) -> None:
        """Finish what is begun, and nothing more."""
        self._is_stopped.set()
        self.wake()
        for thread in self._threads:
            thread.join(timeout_s)

    def work_one(self, *, urgent: bool = False) -> bool:
        """Work the next event; False: there was none."""
        held = self._inbox.claim(urgent=urgent)
        if held is None:
            return False
        if held.attempts > MOST_ATTEMPTS:  # it ended the process each time
            self._inbox.finish(held, failed=f"worked {MOST_ATTEMPTS} times and never to its end")
            return True
        try:
            failed = self._handle(held.payload)
        except PutOff as error:
            self._put_off(held, error)
        except Exception as error:  # the edge of one event: the loop goes on
            self._inbox.finish(held, failed=log_bug(error))
        else:
            self._inbox.finish(held, failed=failed)
        return True

    def _put_off(self, held: Held, error: PutOff) -> None:
        error_id = uuid4().hex[:8]
        goes_on = self._inbox.put_off(held, note=error_id)
        log.warning("event %s: id=%s: %s", "put off" if goes_on else "given up", error_id, error)

    def _run(self, urgent: bool) -> None:
        while not self._is_stopped.is_set():
            try:
                if self.work_one(urgent=urgent):
                    continue
            except Exception as error:  # the store cannot be reached: look again
                log_bug(error)
            with self._came:
                self._came.wait(IDLE_S)

    def _keep(self) -> None:
        """Renew what is held, as long as this process lives."""
        while not self._is_stopped.wait(self._inbox.lease_s / 3):
            try:
                self._inbox.renew()
                self._inbox.forget_old()
            except Exception as error:  # the same
                log_bug(error)


def log_bug(error: Exception) -> str:
    """Log a traceback; gives its id."""
    error_id = uuid4().hex[:8]
    log.error("bug id=%s", error_id, exc_info=error)
    return error_id
