"""Files to import, and one call that imports them."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.transfer import ImportReport, apply_import, plan_import

TODAY = date(2017, 11, 15)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write("accounts.csv", "name,industry\\nAcme,retail\\n")` → its path; bytes are written as they are."""
    folder = tmp_path / "files"
    folder.mkdir()

    def write_file(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write_file


@pytest.fixture
def take_in(store: Store, tmp_path: Path) -> Callable[..., ImportReport]:
    """Plan and import paths; error files go to `tmp_path / "errors"`."""

    def take(*paths: Path, extra_words: Mapping[str, tuple[str, ...]] | None = None, **given: object) -> ImportReport:
        plan = plan_import(store, paths, today=TODAY, extra_words=extra_words, **given)
        return apply_import(store, plan, actor=ADMIN, errors_to=tmp_path / "errors")

    return take
