"""How Chinese names are cut short: 王总 of 王建军, 刘主任 of whoever is one, 上海疾控 of 上海市疾病预防控制中心."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from copilot.offline.tokens import Token
from copilot.offline.vocabulary import Name

LONGEST_SHORT = 8  # characters that a Chinese company's name is cut to
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
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


def cut_short(names: Iterable[Name], titles: Mapping[tuple[str, int], str]) -> Mapping[str, Sequence[Name]]:
    """How Chinese names are cut short: 华信 of 华信科技, 建军 of 王建军, 小王 and 王总 of whoever is called 王.

    Args:
        names: each record once.
        titles: by entity and record id.
    """
    found: dict[str, dict[tuple[str, int], Name]] = {}
    people: list[Name] = []
    for name in names:
        if name.entity == "product":
            for form in _chinese_parts(name.label):
                found.setdefault(form, {})[name.entity, name.id] = name
        if not name.label or not all("\u4e00" <= char <= "\u9fff" for char in name.label):
            continue
        label = name.label
        if name.entity in ("user", "contact") and len(label) in (2, 3):
            people.append(name)
        if name.entity == "user" and len(label) in (2, 3):
            forms = [f"小{label[0]}", f"老{label[0]}", *([label[1:]] if len(label) == 3 else [])]
        else:
            forms = (
                [label[:n] for n in range(2, min(len(label), LONGEST_SHORT + 1))] if name.entity == "account" else []
            )
        for form in forms:
            found.setdefault(form, {})[name.entity, name.id] = name
    for form, name in titled(people, titles):
        found.setdefault(form, {})[name.entity, name.id] = name
    return {form: list(names.values()) for form, names in found.items()}


def _chinese_parts(label: str) -> list[str]:
    """The Chinese words of a name that has others beside them: 旗舰版 of 云ERP旗舰版."""
    runs = _CHINESE.findall(label)
    return [run for run in runs if 1 < len(run) <= LONGEST_SHORT and run != label]


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
