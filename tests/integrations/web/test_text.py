"""Text as elements: nothing of it becomes more than words."""

import pytest

from integrations.web import text


def test_links_lead_to_our_own_pages_alone():
    for path in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", ""):
        with pytest.raises(ValueError, match="elsewhere"):
            text.link("x", path)
    with pytest.raises(ValueError, match="no entity"):
        text.record_path("../x", 1)


def test_marks_that_hide_or_turn_are_gone():
    assert text.clean("a\u202eb\u200bc\x07\ud800d\te") == "abcd e"


def test_blocks_are_paragraphs_and_lists():
    assert list(text._blocks("a\nb\n\n- c\n- d\ne")) == [("lines", ["a", "b"]), ("list", ["c", "d"]), ("lines", ["e"])]
