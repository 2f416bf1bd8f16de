"""Files that somebody dropped: in a folder of their own that nobody else can read, and gone with the import."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from weakref import finalize

from crm_core.errors import Invalid

MOST_FILES = 20
MOST_BYTES = 50 << 20  # of all files together
ACCEPTED = (".csv", ".tsv", ".tab", ".txt", ".eml", ".mbox", ".mbx")
_MOST_NAME = 200  # bytes


class Upload:
    """The files of one import and what is written beside them; `close` removes all of it, as does forgetting it."""

    def __init__(self) -> None:
        folder = tempfile.mkdtemp(prefix="farley-import-")  # for this user of the machine alone
        self._folder = Path(folder)
        self._gone = finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.errors = self._folder / "errors"
        self.errors.mkdir(mode=0o700)
        (self._folder / "files").mkdir(mode=0o700)

    @property
    def paths(self) -> list[Path]:
        """The files, by name."""
        return sorted((self._folder / "files").iterdir()) if self._gone.alive else []

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(path.stat().st_size for path in self.paths)

    def check(self, name: str, size: int) -> str:
        """The name that the file may be kept under.

        Raises:
            Invalid: it has no name of its own, is of a kind that cannot be imported, or is too much.
        """
        last = Path(name.replace("\\", "/")).name.strip()
        if not last or last[0] in ".~" or "\0" in last or len(last.encode("utf-8", "replace")) > _MOST_NAME:
            raise Invalid("Each file needs a name of its own.", field="files")
        if not last.lower().endswith(ACCEPTED):
            raise Invalid(f"{last} cannot be imported: give CSV files or mails ({', '.join(ACCEPTED)}).", field="files")
        if (self._folder / "files" / last).exists():
            raise Invalid(f"There is a file {last} already.", field="files")
        if len(self.paths) >= MOST_FILES:
            raise Invalid(f"At most {MOST_FILES} files can be imported together.", field="files")
        if self.size + size > MOST_BYTES:
            raise Invalid(
                f"That is more than {MOST_BYTES >> 20} MB; `farley import` takes files of any size.", field="files"
            )
        return last

    def add(self, name: str, data: bytes) -> None:
        """Keep a file; as `check`."""
        path = self._folder / "files" / self.check(name, len(data))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)

    def remove(self, name: str) -> None:
        """Forget a file."""
        for path in self.paths:
            if path.name == name:
                path.unlink()

    def error_files(self) -> Iterator[tuple[str, bytes]]:
        """The rows that were not taken: name and contents of each file."""
        if self._gone.alive:
            yield from ((path.name, path.read_bytes()) for path in sorted(self.errors.iterdir()))

    def forget_errors(self) -> None:
        """Before they are looked for anew."""
        for path in self.errors.iterdir():
            path.unlink()

    def close(self) -> None:
        """Remove everything."""
        self._gone()


def names_of(paths: Sequence[Path]) -> str:
    """The files in a few words."""
    return ", ".join(path.name for path in paths[:4]) + (f" +{len(paths) - 4}" if len(paths) > 4 else "")
