"""The parts that only a terminal shows, through a real one."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CODE = "import sys; sys.argv = ['farley', *sys.argv[1:]]; from integrations.cli import main; main()"


class Terminal:
    """A command on a pseudo-terminal."""

    def __init__(self, home: Path, *arguments: str, **settings: str) -> None:
        self.screen = ""
        self._seen = 0
        self._master, slave = pty.openpty()
        environment = {"FARLEY_HOME": str(home), "PATH": "", "TERM": "xterm", "COLUMNS": "100", **settings}
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE, *arguments], stdin=slave, stdout=slave, stderr=slave, cwd=ROOT,
            env=environment, start_new_session=True, preexec_fn=lambda: _own(slave),
        )  # fmt: skip
        os.close(slave)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, text: str, *, seconds: float = 60) -> str:
        """What came up to `text`."""
        deadline = time.monotonic() + seconds
        while text not in self.screen[self._seen :]:
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"{text!r} did not come; the screen shows: {self.screen}")
            self.screen += os.read(self._master, 4096).decode(errors="replace")
        before, self._seen = self._seen, self.screen.index(text, self._seen) + len(text)
        return self.screen[before : self._seen]

    def press(self, key: str, text: str) -> None:
        """Press `key` until `text` comes: readline loses a signal that comes right after the prompt."""
        for _ in range(30):
            self.type(key)
            try:
                self.wait_for(text, seconds=1)
            except AssertionError:
                continue
            return
        raise AssertionError(f"{text!r} did not come; the screen shows: {self.screen}")

    def close(self) -> int:
        """The exit code."""
        try:
            return self.process.wait(timeout=30)
        finally:
            self.process.kill()
            os.close(self._master)


def _own(terminal: int) -> None:
    """Make it the controlling terminal, so that Ctrl-C is a signal, also where whoever started the tests ignores it."""
    import fcntl
    import signal
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


@pytest.fixture
def chat(company, home):
    terminal = Terminal(home, "chat", "--today", "2017-11-15")
    terminal.wait_for("you> ")
    return terminal


def test_control_c_stays_and_control_d_leaves(chat):
    chat.type("/help\n")
    chat.wait_for("/help, /quit")
    chat.wait_for("you> ")
    chat.press("\x03", "Ctrl-D or /quit leaves.")
    chat.wait_for("you> ")
    chat.type("\x04")
    chat.wait_for("Goodbye.")

    assert chat.close() == 0


def test_a_question_is_answered_and_remembered_for_the_arrow_keys(chat, home):
    chat.type("How many deals are won?\n")
    chat.wait_for("How I read it")
    chat.type("/quit\n")
    chat.wait_for("Goodbye.")

    assert chat.close() == 0
    assert "How many deals are won?" in (home / "chat_history").read_text()
    assert (home / "chat_history").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("settings", "is_plain"), [({}, False), ({"NO_COLOR": "1"}, True)])
def test_no_color_is_honoured(company, home, settings, is_plain):
    terminal = Terminal(home, "doctor", **settings)
    terminal.wait_for("offline planner")
    terminal.close()

    assert ("\x1b[32m" not in terminal.screen) == is_plain


def test_chat_welcomes_answers_and_says_goodbye(company, home):
    terminal = Terminal(home, "chat")
    terminal.wait_for("you> ")
    terminal.type("/quit\n")
    terminal.wait_for("Goodbye.")

    assert terminal.close() == 0


def test_a_reader_that_leaves_early_ends_the_command_quietly(company, home):
    command = f"'{sys.executable}' -c \"{CODE}\" ask 'List all deals' | head -c 1 >/dev/null"
    environment = {"FARLEY_HOME": str(home), "PATH": os.environ["PATH"]}

    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert "Traceback" not in done.stderr
