"""Watched folders: files count when they are whole, each once in each form."""

import pytest

from crm_core.errors import Invalid
from integrations.email import FolderWatch
from tests.crm_core.transfer.mail.letters import letter


@pytest.fixture
def watch(tmp_path):
    return FolderWatch([tmp_path], settled_s=3)


def names(found):
    return [path.name for path in found]


def test_a_file_counts_when_it_has_been_still_for_a_while(watch, tmp_path):
    (tmp_path / "a.eml").write_bytes(letter())

    looks = [names(watch.look(now)) for now in (0, 2, 3)]

    assert looks == [[], [], ["a.eml"]]


def test_a_file_that_is_still_being_written_is_left_alone(watch, tmp_path):
    path = tmp_path / "a.eml"
    looks = []
    for now, text in ((0, "a"), (2, "ab"), (4, "abc"), (6, "abc"), (7, "abc")):
        path.write_text(text) if path.exists() is False or path.read_text() != text else None
        looks.append(names(watch.look(now)))

    assert looks == [[], [], [], [], ["a.eml"]]


def test_what_was_taken_comes_no_more_until_it_changes(watch, tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(letter())
    watch.look(0)
    watch.taken(watch.look(3))
    assert watch.look(6) == {}

    path.write_bytes(letter("another text"))

    assert [names(watch.look(now)) for now in (7, 10)] == [[], ["a.eml"]]


def test_what_could_not_be_taken_comes_again(watch, tmp_path):
    (tmp_path / "a.eml").write_bytes(letter())
    watch.look(0)

    assert names(watch.look(3)) == names(watch.look(5)) == ["a.eml"]


def test_other_files_hidden_ones_and_halves_are_not_looked_at(watch, tmp_path):
    (tmp_path / "below").mkdir()
    for name in (".a.eml", "a.eml.part", "a.tmp", "deals.csv", "below/b.mbox"):
        (tmp_path / name).write_bytes(letter())
    watch.look(0)

    assert names(watch.look(3)) == ["b.mbox"]


def test_a_file_that_goes_away_is_forgotten(watch, tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(letter())
    watch.look(0)
    path.unlink()

    assert watch.look(3) == {}


def test_only_a_folder_can_be_watched(tmp_path):
    with pytest.raises(Invalid, match="no folder"):
        FolderWatch([tmp_path / "gone"])
