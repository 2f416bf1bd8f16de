"""The dictionary: what its entries mean, and that only the published file is read."""

import logging
from pathlib import Path

import pytest

from copilot.offline import dictionary
from copilot.offline.dictionary import DamagedDictionary, Dictionary, find_dictionary, load_dictionary, stem, stems_of
from copilot.offline.plan import Cannot
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from tests.copilot.offline.conftest import Desk
from tests.worlds import TODAY

ENTRIES = """# a comment
貨到付款 货到付款 [huo4 dao4 fu4 kuan3] /cash on delivery (COD)/
架 架 [jia4] /to support/frame; rack/classifier for planes, large vehicles, radios etc/CL:個|个[ge4]/
架 架 [Jia4] /surname Jia/
"""


def test_a_word_has_the_stems_of_its_glosses_without_what_explains_them() -> None:
    words = Dictionary(ENTRIES)

    assert words.meanings("货到付款") == (frozenset({"cash", "delivery"}),)
    assert words.meanings("架") == (frozenset({"support"}), frozenset({"fram"}), frozenset({"rack"}))
    assert words.meanings("貨到付款") == ()
    assert "架" in words
    assert "车" not in words


@pytest.mark.parametrize(
    ("one", "other"),
    [("brewery", "breweries"), ("machine", "machines"), ("test", "testing"), ("ship", "shipped"), ("box", "boxes")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("refrigerator", "refrigeration"), ("police", "policy"), ("glass", "glad")])
def test_other_words_of_the_same_root_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_small_words_carry_no_meaning() -> None:
    assert stems_of("Cash on Delivery, 30 days") == ("cash", "delivery", "30", "day")


def test_the_installed_dictionary_is_the_published_one() -> None:
    assert frozenset({"sensor"}) in load_dictionary().meanings("传感器")


def test_another_file_is_an_error_that_names_it_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "SHA256", "0" * 64)

    with pytest.raises(DamagedDictionary, match=r"cedict.*\.txt is not the published one\. Install chinese-english"):
        load_dictionary()


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dictionary, "_FILE", "nowhere.txt")

    with pytest.raises(DamagedDictionary, match=r"nowhere\.txt cannot be read"):
        load_dictionary()


def test_the_planner_goes_on_without_a_damaged_dictionary(
    sales: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dictionary, "SHA256", "0" * 64)
    find_dictionary.cache_clear()

    with caplog.at_level(logging.WARNING):
        plan = Planner(sales.store).plan("洗碗机的业绩", actor=ADMIN, today=TODAY)

    find_dictionary.cache_clear()
    assert isinstance(plan, Cannot)
    assert "is not the published one" in caplog.text
