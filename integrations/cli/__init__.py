"""The command line: one file a topic.

It knows how to read a command and how to show a `Reply`, and decides nothing about the CRM. Start-up must stay
light: a command imports what it needs when it runs.
"""


def main() -> None:
    """Run the command that the process was started with."""
    from integrations.cli.edge import run

    run()
