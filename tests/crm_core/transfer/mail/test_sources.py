"""Files of mail: single ones, boxes of many, folders, and what only looks like one."""

from datetime import UTC, datetime

import pytest

from crm_core.errors import Invalid
from crm_core.transfer.mail import open_mail
from crm_core.transfer.mail import sources as files
from tests.crm_core.transfer.mail.letters import letter

BOX = (
    b"From eva@norrvik.example Mon Nov 13 09:00:00 2017\nFrom: eva@norrvik.example\n\nOne.\n>From here on.\n\n"
    b"From eva@norrvik.example Tue Nov 14 09:00:00 2017\nFrom: eva@norrvik.example\n\nTwo.\n"
)


def all_of(*paths):
    return [raw for source in open_mail(paths).mails for raw in source.read()]


def test_a_box_gives_its_mails_one_by_one_with_the_days_of_its_own(tmp_path):
    (tmp_path / "in.mbox").write_bytes(BOX)

    first, second = all_of(tmp_path / "in.mbox")

    assert first.label == "in.mbox, mail 1"
    assert first.data == b"From: eva@norrvik.example\n\nOne.\nFrom here on.\n"
    assert second.dated == datetime(2017, 11, 14, 9, tzinfo=UTC)


def test_a_box_without_an_ending_is_known_by_its_first_line(tmp_path):
    (tmp_path / "Inbox").write_bytes(BOX)
    (tmp_path / "table").write_text("From date,To date 2017\n1,2\n")

    assert len(all_of(tmp_path / "Inbox")) == 2
    assert open_mail([tmp_path / "table"]).others == (tmp_path / "table",)


def test_reading_a_box_leaves_it_as_it_was(tmp_path):
    path = tmp_path / "in.mbox"
    path.write_bytes(BOX)
    path.chmod(0o400)
    before = path.stat().st_mtime_ns

    all_of(path)

    assert (path.read_bytes(), path.stat().st_mtime_ns) == (BOX, before)
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_stands_for_the_mails_in_it_and_in_the_folders_below(tmp_path):
    (tmp_path / "2017").mkdir()
    for name in ("b.eml", "2017/a.EML", ".hidden.eml", "notes.txt", "half.eml.part"):
        (tmp_path / name).write_bytes(letter())

    assert [raw.label for raw in all_of(tmp_path)] == ["2017/a.EML", "b.eml"]


def test_tables_are_told_from_mails_and_not_mixed_with_them(tmp_path):
    (tmp_path / "a.eml").write_bytes(letter())
    (tmp_path / "deals.csv").write_text("name\nAlpha\n")

    assert open_mail([tmp_path / "deals.csv"]) == ((), (tmp_path / "deals.csv",))
    with pytest.raises(Invalid, match=r"deals\.csv to a second command"):
        open_mail([tmp_path / "a.eml", tmp_path / "deals.csv"])


def test_a_path_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(Invalid, match=r"no file or folder .*gone\.eml"):
        open_mail([tmp_path / "gone.eml"])


@pytest.mark.parametrize("content", [b"", b"just text\n", b"\x00\xff" * 50])
def test_a_box_without_mails_says_so(tmp_path, content):
    (tmp_path / "in.mbox").write_bytes(content)

    (found,) = all_of(tmp_path / "in.mbox")

    assert found.data is None
    assert "no mail" in found.problem


def test_what_is_too_large_is_told_and_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 60)
    (tmp_path / "a.eml").write_bytes(letter("x" * 60))
    (tmp_path / "in.mbox").write_bytes(BOX + b"y" * 60)

    large, _, last = all_of(tmp_path / "a.eml", tmp_path / "in.mbox")

    assert (large.data, last.data) == (None, None)
    assert "more than" in large.problem


def test_a_file_that_went_away_is_told(tmp_path):
    (tmp_path / "a.eml").write_bytes(letter())
    opened = open_mail([tmp_path / "a.eml"]).mails[0]
    (tmp_path / "a.eml").unlink()

    assert "cannot be read" in next(iter(opened.read())).problem
