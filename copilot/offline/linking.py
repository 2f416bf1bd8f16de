"""Verbs that only link a subject to its figure: "May | saw | the most wins", "revenue | came in at | what", 录得.

They carry no meaning of their own, and so none may be lost: such a verb is set aside only where the figure that it
links is said by other words of the same clause. Anywhere else it stays a word that somebody has to explain.
"""

from collections.abc import Sequence

from copilot.offline.tags import SILENT, Sense, T, Tag

_FAR = 4  # content words between the verb and the word that says what is measured
_FIGURE = (T.METRIC, T.STATE, T.CHANGE, T.SHARE)
_COUNTED = (T.ENTITY, T.FIELD)
_LEADS = (T.SUP, T.OP, T.NUMBER)
_OTHERS = {
    T.LINK, T.UNKNOWN, T.FILLER, T.PREP, T.VERB_METRIC, T.STATE, T.OWNS, T.WRITE, T.STAND, T.SMALLTALK, T.RUNNING,
}  # fmt: skip
_SILENT = Sense(T.FILLER, "words")


def without_links(tags: Sequence[Tag]) -> list[Tag]:
    """The tags with the verbs that only link made silent, and what is "left" said as open."""
    out = list(tags)
    for at, tag in enumerate(tags):
        link = tag.get(T.LINK)
        if link is None or any(s.type not in _OTHERS for s in tag.senses):
            continue
        if link.value == "left":
            out[at] = _left(tags, at)
        elif link.value == "uses":
            out[at] = tag.only(_SILENT) if _is_of_value(tags, at) else tag
        elif (link.value == "figure" and _is_told_after(tags, at)) or _is_told_before(tags, at, str(link.value)):
            out[at] = tag.only(_SILENT)
    return _nothing_left(out)


def _clause(tags: Sequence[Tag], at: int, step: int) -> list[Tag]:
    """The content words of the clause on one side of `at`, the nearest first."""
    found: list[Tag] = []
    for tag in tags[at + step :: step] if step > 0 or at else []:
        if tag.type is T.PUNCT and tag.text in ",.?!;，。？！；":
            break
        if tag.type not in SILENT:
            found.append(tag)
    return found


def _is_of_value(tags: Sequence[Tag], at: int) -> bool:
    """As in "companies that | use | Exact": what the company keeps of them, right behind the verb."""
    after = _clause(tags, at, 1)
    return bool(after) and after[0].get(T.VALUE) is not None


def _says_figure(tag: Tag) -> bool:
    return any(tag.get(kind) and not tag.get(T.LINK) for kind in _FIGURE)


def _is_told_after(tags: Sequence[Tag], at: int) -> bool:
    """As in "saw | the most lost deals", "recorded | more than 100 wins", "landed | the most revenue"."""
    subject, after = _clause(tags, at, -1), _clause(tags, at, 1)[:_FAR]
    if not subject or not after:
        return False
    if any(map(_says_figure, after)):
        return after[0].get(*_FIGURE, *_LEADS, T.MINE, T.AGG, T.ASK, T.NEG) is not None
    alone = all(s.type in (T.LINK, T.UNKNOWN) for s in tags[at].senses)
    counted = any(tag.get(*_COUNTED) for tag in after)
    return alone and counted and after[0].get(*_LEADS) is not None  # "saw the most orders"


def _is_told_before(tags: Sequence[Tag], at: int, kind: str) -> bool:
    """As in "what did revenue | come in at", "how many losses did the West | suffer"."""
    before, after = _clause(tags, at, -1), _clause(tags, at, 1)
    asked = any(tag.get(T.ASK) for tag in (*before, *after))
    ends = all(tag.get(T.DATE, T.ASK, T.UNIT) for tag in after)
    alone = kind == "after" or all(s.type in (T.LINK, T.UNKNOWN) for s in tags[at].senses)
    return asked and ends and alone and any(tag.get(T.METRIC) and not tag.get(T.LINK) for tag in before)


def _left(tags: Sequence[Tag], at: int) -> Tag:
    """As in "no open deals | left": said again; in "how many deals has she | left" it says that they are open."""
    tag, before, after = tags[at], _clause(tags, at, -1)[:_FAR], _clause(tags, at, 1)[:2]
    if not before or any(other.get(T.MINE) for other in after[:1] if other.text.lower() == "us"):
        return tag  # "who left us"
    near = [*before, *after]
    if any(_is_open(other) for other in near):
        return tag.only(_SILENT)
    deals = any(s.value == "deal" for other in before[:2] for s in other.all(T.ENTITY))
    none = any(s.value in ("none", "never", "not") for s in before[0].all(T.NEG))  # "has nothing left", 一单都没剩
    held = any(other.get(T.OWNS) and other.text.lower().endswith("pipeline") for other in after[:1])
    return tag.only(Sense(T.STATE, "open")) if deals or none or held else tag


def _is_open(tag: Tag) -> bool:
    staged = any(all(name.entity == "stage" for name in s.value) for s in tag.all(T.RECORD))
    return staged or any((s.type, s.value) in ((T.STATE, "open"), (T.METRIC, "pipeline")) for s in tag.senses)


def _nothing_left(tags: list[Tag]) -> list[Tag]:
    """As in "have nothing in their pipeline": no open deals."""
    out, at = list(tags), 0
    for at, tag in enumerate(tags):
        sense = tag.get(T.NEG)
        ahead = [k for k in range(at + 1, len(tags)) if tags[k].type not in SILENT][:2]
        if sense is None or sense.value != "none" or "nothing" not in tag.text.lower():
            continue
        place = next((k for k in ahead if _is_open(tags[k])), None)
        between = [tags[k] for k in ahead if place is not None and k < place]
        if place is None or not all(other.get(T.PRONOUN, T.MINE) for other in between):
            continue
        for k in range(at + 1, place):
            out[k] = tags[k].only(_SILENT)
        middle = tags[place]
        kind = [s for s in middle.senses if s.type is T.RECORD] or [Sense(T.STATE, "open")]
        out[place] = middle.only(*kind)
        deals = Tag(middle.end, middle.end, "deals", (Sense(T.ENTITY, "deal"),), 0.0)
        return [*out[: place + 1], deals, *out[place + 1 :]]
    return out
