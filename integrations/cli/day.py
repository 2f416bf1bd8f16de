"""`farley day`: whom to turn to first today."""

from integrations.cli.options import AsUser, JsonFlag, Today


def day(user: AsUser = None, today: Today = None, json: JsonFlag = False) -> None:
    """Print whom to turn to first today, and why. In `farley chat`, "do 1" or "dismiss 2" then takes one up."""
    from copilot.words import sentence
    from integrations.cli.reporting import print_answer
    from integrations.cli.session import open_session

    with open_session(user, today) as session:
        print_answer(session, sentence("day_ask", "en"), json=json)
