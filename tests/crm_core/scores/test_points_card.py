"""A company's own points card: kept only when it is one."""

import stat

import pytest

from crm_core.errors import Invalid, Unavailable
from crm_core.scores.points import card_text, drop_card, read_cards, save_card

NAMES = {"lead": ("email", "phone", "received"), "deal": ("amount",)}
CARD = """\
lead:
  grades: {A: 60, B: 40, C: 20}
  points:
    email: {given: 10}
    received: {1: 15, 4: 25}
"""


def test_a_saved_card_is_in_force_readable_by_its_owner_alone_and_can_be_dropped(tmp_path):
    own = tmp_path / "points.yaml"
    default = card_text(own)

    save_card(own, CARD, NAMES)

    assert read_cards(own)["lead"].points["email"] == {"given": 10}
    assert "amount" in read_cards(own)["deal"].points  # of the card that comes with Farley
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    drop_card(own)
    drop_card(own)
    assert card_text(own) == default


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CARD.replace("email", "emial"), "Did you mean email"),
        (CARD.replace("lead:", "leads:"), "it can hold lead and deal"),
        (CARD.replace("A: 60, ", ""), "grades.A: Field required"),
        (CARD.replace("1: 15", "many: 15"), "mixes numbers and words"),
        ("lead: [", "is no points card"),
        ("- lead", "is no points card"),
    ],
)
def test_what_is_no_card_changes_nothing(tmp_path, text, told):
    own = tmp_path / "points.yaml"

    with pytest.raises(Invalid, match=told):
        save_card(own, text, NAMES)

    assert list(tmp_path.iterdir()) == []


def test_a_card_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(Unavailable, match="cannot be written"):
        save_card(tmp_path / "none" / "points.yaml", CARD, NAMES)
