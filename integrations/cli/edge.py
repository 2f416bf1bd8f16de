"""The edge of the command line: the one place where errors become a sentence and an exit code.

0 answered or proposed · 1 error · 2 usage · 3 asked back, cannot or refused
"""

import logging
import sys
from typing import Any, NoReturn
from uuid import uuid4

from integrations.cli.app import app
from integrations.cli.options import as_json

EXIT_ERROR = 1


def run() -> None:
    """Run the command of this process and leave with its exit code."""
    _survive_any_text()
    try:
        app()
    except Exception as error:  # the edge: nothing catches above it
        _fail(error)


def explain(error: Exception) -> tuple[str, str | None]:
    """What to tell the person, and the id of the log entry where it was a bug."""
    from crm_core.errors import CrmError

    if isinstance(error, CrmError):
        return str(error), None
    error_id = uuid4().hex[:8]
    where = _log(error, error_id)
    return f"Something went wrong that should not have. It is in {where} as {error_id}.", error_id


def error_reply(error: Exception, *, id: str | None = None) -> dict[str, Any]:
    """The JSON object of an answer that failed."""
    from copilot.reply import Reply, Status
    from copilot.serialise import reply_to_json

    text, error_id = explain(error)
    return reply_to_json(Reply(Status.ERROR, text, error_id=error_id), id=id)


def _fail(error: Exception) -> NoReturn:
    if as_json.get():
        from integrations.cli.show import print_json

        print_json(error_reply(error))
    else:
        print(f"farley: {explain(error)[0]}", file=sys.stderr)
    sys.exit(EXIT_ERROR)


def _log(error: Exception, error_id: str) -> str:
    """Write the traceback to the log file, or to stderr where there can be none."""
    from integrations.cli.session import start_logging

    where = start_logging()
    logging.getLogger("farley").error("error %s", error_id, exc_info=error)
    return where


def _survive_any_text() -> None:
    """A customer's name that the terminal cannot show must not end the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
