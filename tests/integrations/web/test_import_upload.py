"""Files that wait for their import: bounded, private, and gone afterwards."""

import stat

import pytest

from crm_core.errors import Invalid
from integrations.web.importing import upload as module
from integrations.web.importing.upload import Upload


@pytest.fixture
def upload():
    made = Upload()
    yield made
    made.close()


def test_files_are_readable_by_nobody_else_and_gone_with_the_import(upload):
    upload.add("deals.csv", b"deal\nAlpha\n")
    path = upload.paths[0]

    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent, path.parent.parent, upload.errors)]
    assert modes == [0o600, 0o700, 0o700, 0o700]
    upload.close()
    assert not path.parent.parent.exists()
    assert upload.paths == list(upload.error_files()) == []


def test_an_import_that_is_forgotten_leaves_nothing_behind():
    upload = Upload()
    folder = upload.errors.parent

    del upload

    assert not folder.exists()


@pytest.mark.parametrize("name", ["", "..", ".csv", "~x.csv", "a.exe", "a.xlsx", "a\0.csv", "x" * 300 + ".csv"])
def test_a_name_that_is_none_or_no_kind_of_ours_is_refused(upload, name):
    with pytest.raises(Invalid):
        upload.add(name, b"deal\n")

    assert upload.paths == []


def test_a_path_in_a_name_leads_nowhere(upload):
    upload.add("../../etc/deals.csv", b"deal\n")
    upload.add("C:\\temp\\more.csv", b"deal\n")

    assert [path.name for path in upload.paths] == ["deals.csv", "more.csv"]
    assert len({path.parent for path in upload.paths}) == 1


def test_too_much_twice_the_same_and_too_many_are_refused(upload, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    monkeypatch.setattr(module, "MOST_FILES", 2)
    upload.add("a.csv", b"12345")

    with pytest.raises(Invalid, match=r"a\.csv already"):
        upload.add("a.csv", b"1")
    with pytest.raises(Invalid, match="any size"):
        upload.add("b.csv", b"123456")
    upload.add("b.csv", b"12345")
    with pytest.raises(Invalid, match="At most 2"):
        upload.add("c.csv", b"")
    upload.remove("a.csv")
    assert [path.name for path in upload.paths] == ["b.csv"]
