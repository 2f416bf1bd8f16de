"""The command line: one file a topic.

It knows how to read a command and how to show a `Reply`, and decides nothing about the CRM. Start-up must stay
light: a command imports what it needs when it runs.
"""

import gc

_COLLECT_AFTER = 300_000  # new objects; at Python's own 700 the collector takes a quarter of a short command's time


def main() -> None:
    """Run the command that the process was started with."""
    gc.set_threshold(_COLLECT_AFTER)
    from integrations.cli.edge import run

    run()
