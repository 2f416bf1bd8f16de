"""What can go wrong, in words that a seller may read.

CrmError
├── NotFound      no such record, or the actor may not see it (the two answer alike)
├── Invalid       the request makes no sense: names what was wrong and what would be right
│   └── Ambiguous several records fit: names them
├── Conflict      the record moved on, or the state does not allow it
├── Forbidden     the actor's role lacks the verb
└── Unavailable   the store or an outside service cannot answer now
"""

_LONGEST = 4_000


class CrmError(Exception):
    """Base of every error that a user may read. What it quotes may be endless, so its text is cut.

    Attributes:
        step: which of several steps it came of, from 0; None: there was but one thing to do.
        field: the field or name that it was about, where it was one.
    """

    step: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        """The text."""
        text = super().__str__()
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


class NotFound(CrmError):
    """No such record, or the actor may not see it."""


class Invalid(CrmError):
    """The request makes no sense; the text says what would."""

    def __init__(self, text: str = "", *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class Ambiguous(Invalid):
    """Several records fit; the text quotes their names, which anybody may have written."""


class Conflict(CrmError):
    """The record changed since, or its state does not allow this."""


class Forbidden(CrmError):
    """The actor's role lacks the verb."""


class Unavailable(CrmError):
    """The store or an outside service cannot answer now."""
