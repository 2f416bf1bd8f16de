"""The worker in a process of its own: its thinking keeps no acknowledgement waiting, and its end ends nothing else."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import BinaryIO

from integrations.slack.worker import Worker

log = logging.getLogger(__name__)

RESTART_S = 1.0  # after it ended by itself


class WorkerProcess:
    """A process that works the inbox; it is started again when it ends by itself.

    Args:
        command: that calls `work_until_closed`.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._is_stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._keeper.start()

    def wake(self) -> None:
        """Tell it that something came; a process that is busy finds it by itself."""
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):  # it has just ended, or has not read for long
                os.write(process.stdin.fileno(), b"\n")

    def stop(self, timeout_s: float = 15) -> None:
        """Let it finish what it has begun."""
        self._is_stopped.set()
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
            try:
                process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
        self._keeper.join(timeout_s)

    def _keep(self) -> None:
        while not self._is_stopped.is_set():
            with subprocess.Popen(self._command, stdin=subprocess.PIPE, start_new_session=True) as process:
                assert process.stdin is not None  # asked for above
                os.set_blocking(process.stdin.fileno(), False)
                self._process = process
                process.wait()
            if not self._is_stopped.wait(RESTART_S):
                log.error("the worker ended with %s and is started again", process.returncode)


def worker_command() -> list[str]:
    """What starts the worker of `farley slack`."""
    return [sys.executable, "-c", "from integrations.cli import main; main()", "slack", "work"]


def work_until_closed(worker: Worker, commands: BinaryIO) -> None:
    """Work the inbox until `commands` is closed; whatever comes there says that something came."""
    worker.start()
    try:
        while os.read(commands.fileno(), 4096):
            worker.wake()
    except KeyboardInterrupt:
        pass
    finally:
        worker.stop()
