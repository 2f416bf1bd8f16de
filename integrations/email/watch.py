"""New mails in folders: which files have come, and are whole."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from crm_core.errors import Invalid
from crm_core.transfer.mail import is_mail_file

SETTLED_S = 3.0


class _Stamp(NamedTuple):
    """What changes while a file is written."""

    bytes: int
    changed_ns: int
    node: int


class FolderWatch:
    """Files of mail in `folders` and the folders below them, each once it is whole.

    A file is whole when nothing of it has changed for `settled_s` seconds. Nothing is kept on disk: after a new start
    every file is given once more, and the store knows which mails it has.

    Raises:
        Invalid: one of `folders` is none.
    """

    def __init__(self, folders: Iterable[Path], *, settled_s: float = SETTLED_S) -> None:
        self._folders = tuple(folders)
        self._settled_s = settled_s
        self._since: dict[Path, tuple[_Stamp, float]] = {}
        self._taken: dict[Path, _Stamp] = {}
        for folder in self._folders:
            if not folder.is_dir():
                raise Invalid(f"There is no folder {folder}; a folder is what can be watched.")

    def look(self, now_s: float) -> Mapping[Path, _Stamp]:
        """The files that are whole and were not given in this form; say `taken` of those that were taken in.

        Args:
            now_s: of a clock that only goes forward.
        """
        found = dict(self._files())
        since: dict[Path, tuple[_Stamp, float]] = {}
        for path, stamp in found.items():
            before = self._since.get(path)
            since[path] = before if before and before[0] == stamp else (stamp, now_s)
        self._since = since
        self._taken = {path: stamp for path, stamp in self._taken.items() if path in found}
        return {
            path: stamp
            for path, (stamp, first_s) in sorted(since.items())
            if now_s - first_s >= self._settled_s and self._taken.get(path) != stamp
        }

    def taken(self, files: Mapping[Path, _Stamp]) -> None:
        """Note that these are in the store."""
        self._taken.update(files)

    def _files(self) -> Iterator[tuple[Path, _Stamp]]:
        for folder in self._folders:
            for path in folder.rglob("*"):
                try:
                    if is_mail_file(path) and path.is_file():
                        found = path.stat()
                        yield path, _Stamp(found.st_size, found.st_mtime_ns, found.st_ino)
                except OSError:  # gone, or not to be looked at: it may be there the next time
                    continue
