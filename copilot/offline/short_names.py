"""How Chinese names are cut short: 王总 of 王建军, 刘主任 of whoever is one, 上海疾控 of 上海市疾病预防控制中心."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Name

_OF_ANYBODY = ("哥", "姐")
_OF_SELLERS = ("总", "经理")  # a colleague may be called so whatever they are
_SAID = {
    **{title: (title,) for title in ("总", "经理", "主任", "科长", "处长", "院长", "部长", "所长", "厂长", "校长")},
    "教授": ("教授",), "博士": ("博士",), "主管": ("主管",),
    "老师": ("教授", "教师", "老师", "研究员", "讲师"), "工": ("工程师", "技术员", "检测员", "实验员"),
}  # fmt: skip
_LEAST, _LONGEST = 4, 10  # characters of an abbreviation
_HEAD = 2  # characters that it has in common with the name from its beginning


def titled(names: Iterable[Name], titles: Mapping[tuple[str, int], str]) -> Iterator[tuple[str, Name]]:
    """Family names with a form of address, each with the person: by their title where it is known.

    Args:
        names: of colleagues and contacts, in Chinese characters.
        titles: by entity and record id.
    """
    found: dict[str, list[Name]] = defaultdict(list)
    others: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        title = titles.get((name.entity, name.id), "")
        for said, parts in _SAID.items():
            if any(part in title for part in parts):
                found[name.label[0] + said].append(name)
            elif name.entity == "user" and said in _OF_SELLERS and (said == "经理" or not title):
                others[name.label[0] + said].append(name)
        for said in _OF_ANYBODY if name.entity == "user" else ():
            found[name.label[0] + said].append(name)
    for form, people in (others | found).items():
        yield from ((form, name) for name in people)


class Abbreviations:
    """Finds the one company whose name holds the characters of a stretch in their order."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_head: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            self._by_head[name.label[:_HEAD]].append(name)

    def at(self, tokens: Sequence[Token], start: int) -> tuple[int, list[Name]] | None:
        """Where the longest abbreviation that begins there ends, and whom it fits; None if there is none."""
        head = "".join(token.text for token in tokens[start : start + _HEAD])
        named = self._by_head.get(head, ())
        for end in range(min(start + _LONGEST, len(tokens)), start + _LEAST - 1, -1) if named else ():
            text = "".join(token.text for token in tokens[start:end])
            fits = [name for name in named if not name.label.startswith(text) and _holds(name.label, text)]
            if fits and len(text) == end - start:
                return end, fits
        return None


def _holds(label: str, text: str) -> bool:
    """Whether the characters of the text stand in the label in this order."""
    rest = iter(label)
    return all(char in rest for char in text)
