"""Words in a few pieces."""

import pytest

from integrations.pieces import MOST_PIECES, in_pieces


def begins(line):
    return not line.startswith("-")


def test_a_list_comes_with_the_line_above_it():
    assert in_pieces(["a", "- b", "- c", "d"], begins) == [["a", "- b", "- c"], ["d"]]


@pytest.mark.parametrize("number", [0, 1, 5, 6, 7, 30])
def test_there_are_few_pieces_of_nearly_one_size_and_nothing_is_lost(number):
    lines = [str(at) for at in range(number)]

    pieces = in_pieces(lines, begins)

    assert len(pieces) == min(number, len(pieces)) <= MOST_PIECES
    assert [line for piece in pieces for line in piece] == lines
