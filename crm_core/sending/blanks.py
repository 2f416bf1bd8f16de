"""What a person has to fill in before a draft may leave."""

import re

_BLANK = re.compile(r"\[…[^\]\n]*\]")  # as prompts/drafts marks it


def blanks_in(subject: str | None, body: str | None) -> tuple[str, ...]:
    """The blanks of a mail, each once, such as "[…: price]"."""
    return tuple(dict.fromkeys(_BLANK.findall(f"{subject or ''}\n{body or ''}")))
