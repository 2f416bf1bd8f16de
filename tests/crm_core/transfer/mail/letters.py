"""Mails for tests, as bytes."""

from crm_core.transfer.mail.sources import MailSource, Raw


def letter(body="Hello.", *, sender="Eva Novak <eva@norrvik.example>", to="Ada North <ada@farley.example>", **headers):
    """A mail of these headers (`message_id="<1@x>"`); one that is None is left out."""
    given = {"from": sender, "to": to, "subject": "Offer", "date": "Tue, 14 Nov 2017 10:00:00 +0100", **headers}
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in given.items() if value is not None]
    return ("\n".join(lines) + "\n\n" + body).encode()


def source(*letters, name="box"):
    """Messages as a door hands them over."""
    return MailSource.of_messages(name, [Raw(f"{name}, mail {n}", data) for n, data in enumerate(letters, 1)])
