"""Where mails come from: a file of one (.eml), a file of many (.mbox), messages that a door has fetched."""

import mailbox
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from crm_core.errors import Invalid
from crm_core.transfer.mail.headers import read_moment

MOST_BYTES = 64 * 1024 * 1024  # of one mail; reading it takes ten times as much for a moment
_SUFFIXES = {".eml": False, ".mbox": True, ".mbx": True}  # whether it holds many


_BOX = re.compile(rb"From \S+ [^\r\n,;]*\b(19|20)\d\d\r?\n[!-9;-~]+:")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)  # a line of the text that would begin a mail


class MailTable(NamedTuple):
    """Mails and tables among paths."""

    mails: tuple["MailSource", ...]
    others: tuple[Path, ...]


class Raw(NamedTuple):
    """A message as it was sent.

    Attributes:
        label: what a person finds it by.
        data: its bytes; None where they cannot be had.
        problem: why.
        dated: a moment known from elsewhere, for a mail without a date of its own.
    """

    label: str
    data: bytes | None
    problem: str = ""
    dated: datetime | None = None


@dataclass(frozen=True)
class MailSource:
    """Messages that can be read any number of times, one after the other.

    Attributes:
        name: what counts are kept under.
        read: gives the messages.
    """

    name: str
    read: Callable[[], Iterator[Raw]]

    @classmethod
    def of_messages(cls, name: str, messages: Sequence[Raw]) -> "MailSource":
        """Messages that are at hand."""
        return cls(name, lambda: iter(messages))


def is_mail_file(path: Path) -> bool:
    """Whether a file is taken for mail, by its name."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith((".", "~"))


def open_mail(paths: Sequence[Path]) -> MailTable:
    """The mails meant by `paths`, and the paths that are none: tables, and folders without mail.

    Raises:
        Invalid: a path does not exist, or both are meant at once.
    """
    sources: list[MailSource] = []
    others: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(child for child in path.rglob("*") if child.is_file() and is_mail_file(child))
            sources += [_source(child, path) for child in inside]
            others += [] if inside else [path]
        elif path.is_file() and (is_mail_file(path) or _is_box(path)):
            sources.append(_source(path, path.parent))
        elif path.exists():
            others.append(path)
        else:
            raise Invalid(f"There is no file or folder {path}.")
    if sources and others:
        raise Invalid(f"Mails and tables are imported one after the other; leave {others[0]} to a second command.")
    return MailTable(tuple(sources), tuple(others))


def _is_box(path: Path) -> bool:
    """Whether a file that is not called so is a box of mails, as Thunderbird keeps them."""
    try:
        with path.open("rb") as file:
            return bool(_BOX.match(file.read(200)))
    except OSError:
        return False


def _source(path: Path, folder: Path) -> MailSource:
    label = path.relative_to(folder).as_posix()
    if _SUFFIXES.get(path.suffix.lower(), True):
        return MailSource(label, lambda: _many(path, label))
    return MailSource(folder.name or str(folder), lambda: _one(path, label))


def _one(path: Path, label: str) -> Iterator[Raw]:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            yield Raw(label, None, _too_large(size))
            return
        yield Raw(label, path.read_bytes())
    except OSError as error:
        yield Raw(label, None, f"it cannot be read: {error.strerror}")


def _many(path: Path, label: str) -> Iterator[Raw]:
    """The messages of an mbox file; one at a time is held."""
    try:
        box = mailbox.mbox(path, create=False)
    except (OSError, mailbox.Error) as error:
        yield Raw(label, None, f"it cannot be read: {error}")
        return
    try:
        if not len(box):
            yield Raw(label, None, "it holds no mail: no line of it begins with “From ”")
        for number, key in enumerate(box.iterkeys(), 1):
            yield _message(box, key, f"{label}, mail {number}")
    finally:
        box.close()


def _message(box: mailbox.mbox, key: str, label: str) -> Raw:
    try:
        with box.get_file(key, from_=True) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        return Raw(label, None, f"it cannot be read: {error.strerror}")
    if len(data) > MOST_BYTES:
        return Raw(label, None, _too_large(len(data)))
    first, _, rest = data.partition(b"\n")
    dated = read_moment(first.decode("ascii", "replace").partition(" ")[2].partition(" ")[2])
    return Raw(label, _ESCAPED.sub(rb"\1", rest), "", dated.astimezone(UTC) if dated else None)


def _too_large(size: int) -> str:
    return f"it has more than {MOST_BYTES // 2**20} MB" if size else "it is empty"
