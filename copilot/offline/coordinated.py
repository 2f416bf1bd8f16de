"""Two rankings in one sentence: "best and worst rep by win rate", "top 5 by revenue and top 5 by wins".

Each is a question of its own, with the words that both share.
"""

from collections.abc import Sequence

from copilot.offline.tags import SILENT, T, Tag

_TOGETHER = (T.GAP, T.VERSUS, T.SHARE, T.CHANGE, T.COMPARATIVE)  # these relate the two, and do not tell each
_MEASURED = (T.METRIC, T.MONEY_WORD, T.VERB_METRIC, T.STATE)
_ARTICLES = frozenset({"the", "our", "my", "a", "also", "who", "has", "had", "have", "which", "one"})


def two_rankings(tags: Sequence[Tag]) -> list[str]:
    """The texts of the two questions; none where the message does not rank twice."""
    ranks = [at for at, tag in enumerate(tags) if tag.type is T.SUP]
    joints = [at for at, tag in enumerate(tags) if tag.get(T.AND) and len(ranks) == 2 and ranks[0] < at < ranks[1]]
    if len(joints) != 1 or any(tag.get(*_TOGETHER) and tag.type in _TOGETHER for tag in tags):
        return []
    first, second = ranks
    (joint,) = joints
    if not _ARTICLES.issuperset(word for tag in tags[joint + 1 : second] for word in tag.text.lower().split(" ")):
        return []
    before, one, other = tags[:first], list(tags[first:joint]), list(tags[second:])
    head, rest = _cut(one)
    other_head, other_rest = _cut(other)
    rest, other_rest = _shared(rest, other_rest)
    return [_text([*before, *head, *rest]), _text([*before, *other_head, *other_rest])]


def _cut(ranking: list[Tag]) -> tuple[list[Tag], list[Tag]]:
    """The superlative with its number, and what is ranked."""
    end = 2 if len(ranking) > 1 and ranking[1].type is T.NUMBER else 1
    return ranking[:end], ranking[end:]


def _shared(one: list[Tag], other: list[Tag]) -> tuple[list[Tag], list[Tag]]:
    """What is ranked in each, where one leaves out what the other says: the noun, the measure, the period."""
    if not _says(one):
        return other, other
    if not _says(other):
        return one, one
    by_one, by_other = _by(one), _by(other)
    if by_one == len(one) and by_other < len(other) and not any(tag.get(*_MEASURED) for tag in one):
        one = [*one, *other[by_other:]]  # "the best rep and the best product by revenue"
        by_one = _by(one)
    if by_other < len(other) and not _says(other[:by_other]):
        other = [*one[:by_one], *other[by_other:]]  # "top 5 reps by revenue and top 5 by wins"
    elif by_other == len(other) and by_one < len(one) and not any(tag.get(*_MEASURED) for tag in other):
        other = [*other, *one[by_one:]]
    dates = [tag for tag in other if tag.type is T.DATE]
    if dates and not any(tag.type is T.DATE for tag in one) and other[-1].type is T.DATE:
        one = [*one, dates[-1]]
    return one, other


def _says(tags: Sequence[Tag]) -> bool:
    return any(tag.type not in SILENT for tag in tags)


def _by(tags: Sequence[Tag]) -> int:
    """Where the measure that is ranked by begins."""
    return next((at for at, tag in enumerate(tags) if tag.type is T.BY), len(tags))


def _text(tags: Sequence[Tag]) -> str:
    return " ".join(tag.text for tag in tags).strip(" ,，")
