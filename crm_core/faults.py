"""What a database's own fault is in words that a person can act on."""

from sqlalchemy.exc import OperationalError

from crm_core.sqlite import BUSY_TIMEOUT_S


def reason_of(error: OperationalError) -> str | None:
    """The rest of a sentence that begins with the store; None: it is a bug of ours."""
    text = str(error.orig).lower()
    if "locked" in text or "busy" in text:
        return f"is busy: another program held it for {BUSY_TIMEOUT_S:.0f} seconds. Nothing changed; try again."
    if "readonly" in text or "read-only" in text:
        return "is on read-only media, so it can be asked but not changed."
    if "full" in text:
        return "cannot grow: the disk is full. Nothing was changed."
    if "connect" in text or "unable to open" in text:
        return "cannot be reached."
    if "malformed" in text or "disk i/o" in text:
        return "is damaged or its disk fails; restore a backup."
    return None
