"""`farley chat`: a conversation on the terminal, or read line by line from a pipe."""

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from integrations.cli.options import AsUser, Today

if TYPE_CHECKING:
    from copilot.agent import Copilot
    from copilot.offline.plan import PastTurn
    from copilot.reply import Reply
    from integrations.cli.session import Session

HELP = """\
Ask in English or Chinese, or say what happened. A number picks one of the readings you were offered.
  /new          forget this conversation and begin another
  /explain      show how the last question was read
  /tables       what you can ask about
  /approve [ID] apply what was proposed last, or the proposal ID
  /edit [ID]    open the mail that was drafted last in your editor
  /reject [ID]  drop it: nothing is changed
  /changes      what was changed lately, and what waits
  /undo [ID]    take back what was applied last, or the change ID
  /help, /quit"""


def chat(
    user: AsUser = None,
    today: Today = None,
    thread: Annotated[
        str | None, typer.Option("--thread", metavar="ID", help="Go on with this conversation, or begin it.")
    ] = None,
) -> None:
    """Talk with the copilot. /help lists the commands, Ctrl-D leaves."""
    from integrations.cli.session import open_session

    with open_session(user, today) as session:
        Talk(session, session.copilot(remembers=thread is not None, stays=True), thread=thread or uuid4().hex).run()


@dataclass
class Talk:
    """One person's conversation at this terminal."""

    session: "Session"
    copilot: "Copilot"
    thread: str = field(default_factory=lambda: uuid4().hex)
    reply: "Reply | None" = None
    said: "list[PastTurn]" = field(default_factory=list)
    shown: str = ""  # the proposal that was shown last
    applied: str = ""  # the change that was applied last

    def run(self) -> None:
        """Read and answer until the input ends or the person leaves."""
        from integrations.cli.show import say

        _remember_lines(self.session)
        while True:
            try:
                line = _read_line()
                if line is None or not self.answer(line.strip()):
                    break
            except KeyboardInterrupt:
                say("\nStopped. Ctrl-D or /quit leaves.", "dim")
        if sys.stdin.isatty():
            say("Goodbye.", "dim")

    def answer(self, line: str) -> bool:
        """Do what one line asks for; False: the person leaves."""
        if line in ("/quit", "/exit", "/q"):
            return False
        if line.startswith("/"):
            name, _, argument = line[1:].partition(" ")
            self._command(name, argument.strip())
        elif line:
            self._ask(self._choice(line))
        return True

    def _ask(self, text: str) -> None:
        from copilot.offline.plan import PastTurn
        from integrations.cli.edge import explain
        from integrations.cli.show import say, show_reply, status_line

        actor, today = self.session.actor, self.session.today
        try:
            self.session.take_in()
            with status_line() as tell:
                self.reply = self.copilot.ask(text, thread=f"cli:{self.thread}", actor=actor, today=today, on_step=tell)
        except Exception as error:  # the edge of one turn: the conversation goes on
            say(explain(error)[0], "red")
            return
        self.said.append(PastTurn(text, spec=self.reply.query, options=self.reply.options))
        if self.reply.proposals:
            self.shown = self.reply.proposals[-1].id
        show_reply(self.reply, in_chat=True)

    def _choice(self, line: str) -> str:
        """The option that a number picks, else the line itself."""
        options = self.reply.options if self.reply else ()
        return options[int(line) - 1] if line.isascii() and line.isdigit() and 0 < int(line) <= len(options) else line

    def _command(self, name: str, argument: str) -> None:
        from integrations.cli.edge import explain
        from integrations.cli.show import say

        commands = {
            "help": self._help,
            "new": self._new,
            "explain": self._explain,
            "tables": self._tables,
            "approve": self._approve,
            "edit": self._edit,
            "reject": self._reject,
            "changes": self._changes,
            "undo": self._undo,
        }
        if name not in commands:
            say(f"There is no /{name}; /help lists what there is.")
            return
        try:
            commands[name](argument)
        except Exception as error:  # the edge of one command, as above
            say(explain(error)[0], "red")

    def _help(self, _argument: str) -> None:
        from integrations.cli.show import say

        say(HELP)

    def _new(self, _argument: str) -> None:
        from integrations.cli.show import say

        self.thread, self.reply, self.said = uuid4().hex, None, []
        say("A new conversation.", "dim")

    def _explain(self, argument: str) -> None:
        from integrations.cli.asking import how_read
        from integrations.cli.show import say

        if argument:
            lines = how_read(self.session, argument, self.said)
        elif self.said:
            lines = how_read(self.session, self.said[-1].text, self.said[:-1])
        else:
            lines = ("Nothing was asked yet.",)
        for line in lines:
            say(line, "dim")

    def _tables(self, _argument: str) -> None:
        from integrations.cli.show import show_table

        entities = self.session.store.schema.entities.values()
        show_table(("ask about", "by"), [(e.plural.replace("_", " "), _fields(list(e.fields))) for e in entities])

    def _changes(self, _argument: str) -> None:
        from integrations.cli.changes import show_changes

        show_changes(self.session, limit=10)

    def _approve(self, argument: str) -> None:
        from integrations.cli.changes import MANY, apply, describe_applied, look_up
        from integrations.cli.show import say

        change, _, number = (argument or self.shown).partition(" ")
        if not change:
            say("Nothing was proposed yet. /changes lists what waits.")
            return
        found, diff = look_up(self.session, change)
        if len(diff) > MANY and number.strip() != str(len(diff)):
            say(f"It holds {len(diff)} changes. `/approve {found.id[:8]} {len(diff)}` applies them all.")
            return
        self.applied = found.id
        say(describe_applied(apply(self.session, found), command="/"))

    def _edit(self, argument: str) -> None:
        from integrations.cli.changes import look_up
        from integrations.cli.rewriting import correct
        from integrations.cli.show import say, show_diff

        if not (argument or self.shown):
            say("Nothing was proposed yet. /changes lists what waits.")
            return
        self.shown = correct(self.session, argument or self.shown, (), in_editor=True).id
        show_diff(look_up(self.session, self.shown)[1])
        say(f"`/approve {self.shown[:8]}` applies it.", "dim")

    def _reject(self, argument: str) -> None:
        from integrations.cli.changes import describe_dropped, drop
        from integrations.cli.show import say

        change = argument or self.shown
        say(describe_dropped(drop(self.session, change)) if change else "Nothing was proposed yet.")

    def _undo(self, argument: str) -> None:
        from integrations.cli.changes import describe, take_back
        from integrations.cli.show import say

        change = argument or self.applied
        say(describe(take_back(self.session, change), command="/") if change else "Which one? /changes lists the ids.")


def _fields(names: list[str]) -> str:
    plain = [name.replace("_", " ") for name in names if name not in ("created_at", "updated_at", "external_id")]
    return ", ".join(plain)


def _read_line() -> str | None:
    """The next line; None at the end of the input."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line or None
    try:
        return input("you> ")
    except EOFError:
        print()
        return None


def _remember_lines(session: "Session") -> None:
    """Arrow keys and earlier lines, where the machine has readline."""
    if not sys.stdin.isatty():
        return
    try:
        import readline
    except ImportError:  # Windows: the console itself remembers
        return
    import atexit
    import contextlib

    path = session.settings.home / "chat_history"
    with contextlib.suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(1000)
    atexit.register(_save_lines, path)


def _save_lines(path: object) -> None:
    import contextlib
    import os
    import readline

    with contextlib.suppress(OSError):
        readline.write_history_file(str(path))
        os.chmod(str(path), 0o600)
