"""No name stands twice in a mapping of a word list: of two, the reader would keep the last without a word."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import prompts

FOLDER = Path(prompts.__file__).parent
LISTS = sorted(FOLDER.rglob("*.yaml"))


def twice(node: yaml.Node | None) -> Iterator[str]:
    """The keys that stand more than once in a mapping, at any depth."""
    if isinstance(node, yaml.MappingNode):
        keys = Counter(str(key.value) for key, _ in node.value)
        yield from (key for key, times in keys.items() if times > 1)
        for _, value in node.value:
            yield from twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from twice(value)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_no_name_stands_twice(path):
    found = set(twice(yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)))

    assert found == set()


def test_a_name_that_stands_twice_is_found():
    assert list(twice(yaml.compose("a: [1]\nb: {c: 1, c: 2}\n", Loader=yaml.SafeLoader))) == ["c"]
