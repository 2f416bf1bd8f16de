"""What stands in a mail: its text, whatever it is written in, and the names and sizes of what is attached."""

import re
from collections.abc import Iterator
from email.message import Message

from crm_core.transfer.mail.charsets import decode
from crm_core.transfer.mail.headers import header_text
from crm_core.transfer.mail.html import html_to_text

MOST_TEXT = 4_000_000  # characters of a body
_MOST_LISTED = 100
_FLOWED = re.compile(r"(?<!^--) \n(?![>\n])", re.MULTILINE)


def text_in(message: Message) -> str:
    """The words of the mail: the plain form where there is one, else the HTML as text."""
    texts = [text.strip("\n") for text in _texts(message) if text.strip()]
    return "\n\n".join(texts)[:MOST_TEXT]


def attachments_of(message: Message) -> tuple[str, ...]:
    """What is attached, as "offer.pdf (1.2 MB)"; contents are not looked at."""
    found = [
        f"{_file_name(part) or header_text(part.get_content_type())} ({_told_size(part)})"
        for part in _attached(message)
    ]
    more = len(found) - _MOST_LISTED
    return (*found[:_MOST_LISTED], f"and {more:,} more") if more > 0 else tuple(found)


def _texts(part: Message) -> list[str]:
    children = _children(part)
    if children is None:
        return [] if _is_attached(part) else [_leaf_text(part)]
    if part.get_content_subtype() != "alternative":
        return [text for child in children for text in _texts(child)]
    ordered = sorted(children, key=lambda child: child.get_content_type() != "text/plain")
    versions = (_texts(child) for child in ordered)
    return next((texts for texts in versions if any(text.strip() for text in texts)), [])


def _attached(part: Message) -> Iterator[Message]:
    children = _children(part)
    if children is None:
        if _is_attached(part) and not _is_picture_within(part):
            yield part
        return
    for child in children:
        yield from _attached(child)


def _children(part: Message) -> list[Message] | None:
    """The parts of a multipart; None for a part of its own. A mail inside a mail is attached, and one part."""
    if part.get_content_maintype() != "multipart" or not part.is_multipart():
        return None
    return [child for child in part.get_payload() if isinstance(child, Message)]


def _is_attached(part: Message) -> bool:
    is_text = part.get_content_type() in ("text/plain", "text/html") or part.get_content_maintype() == "multipart"
    return not is_text or part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _is_picture_within(part: Message) -> bool:
    """A logo, a smiley: a picture that the text shows, not one that somebody attached."""
    is_shown = "content-id" in part and part.get_content_disposition() != "attachment"
    return is_shown and part.get_content_maintype() == "image"


def _leaf_text(part: Message) -> str:
    data = part.get_payload(decode=True)
    text = decode(data, _charset(part)) if isinstance(data, bytes) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.get_content_subtype() == "html":
        return html_to_text(text[: 2 * MOST_TEXT])
    return _FLOWED.sub(" ", text) if "flowed" in str(part.get("content-type", "")).lower() else text


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return None


def _file_name(part: Message) -> str:
    try:
        named = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return "unnamed"
    return re.split(r"[/\\]", header_text(named))[-1].strip()[:200]


def _told_size(part: Message) -> str:
    if part.is_multipart():
        return "a mail"
    data = part.get_payload(decode=True)
    size = len(data) if isinstance(data, bytes) else 0
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
