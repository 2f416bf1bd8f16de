"""Groups that are held against the one they are in: "reps whose win rate beats their own manager's team's"."""

from collections.abc import Callable, Sequence

from copilot.offline.compose.reading import Reading, Target
from copilot.offline.tags import SILENT, T, Tag
from crm_core.query.metrics import METRICS

Compose = Callable[[Sequence[Tag]], Reading]
_PARTIES = ("rep", "user", "account", "product")
_SIGNS = ("gt", "lt", "ge", "le")
_WHOSE = frozenset({"their", "its", "his", "her", "他们", "其", "自己", "本", "所在"})
_NOUNS = ("user.region", "user.manager", "user.team", "account.industry", "account.country", "product.family")


def compose_own_group(tags: Sequence[Tag], compose: Compose) -> Reading | None:
    """The reading of a question for those above (or below) their own region, team, industry; None where it is none."""
    for at in range(len(tags)):
        sign_at = _sign_before(tags, at)
        found = _whole(tags, at + 1) if sign_at is not None else None
        if found is None or sign_at is None:
            continue
        dotted, end = found
        rest = [other for k, other in enumerate(tags) if k != sign_at and not at <= k < end]
        out = compose(rest)
        rates = [m.metric for m in out.measures if m.metric and not METRICS[m.metric].additive]
        if len(rates) != 1 or len(out.measures) != 1:
            return None
        _ask_for(out, rest)
        out.own_group = (str(_sign(tags[sign_at])), dotted)
        out.unclear |= out.against is not None or bool(out.sup or out.groups)
        return out
    return None


def _sign_before(tags: Sequence[Tag], at: int) -> int | None:
    """Where the sign stands: "beats", "higher than", or "higher | win rate | than"."""
    if _sign(tags[at]):
        return at
    if any(sense.value == "than" for sense in tags[at].all(T.COMPARATIVE)):
        return next((k for k in range(at - 1, max(at - 5, -1), -1) if _sign(tags[k])), None)
    return None


def _ask_for(out: Reading, rest: Sequence[Tag]) -> None:
    """As in "reps whose win rate …": the first noun is what is asked for."""
    if out.target is not None:
        return
    noun = next((tag for tag in rest if any(s.value in _PARTIES for s in tag.all(T.ENTITY))), None)
    if noun is not None:
        entity = next(str(s.value) for s in noun.all(T.ENTITY) if s.value in _PARTIES)
        out.target, out.loose = Target(entity, "list"), [tag for tag in out.loose if tag is not noun]


def _sign(tag: Tag) -> str | None:
    senses = (*tag.all(T.OP), *tag.all(T.COMPARATIVE))
    return next((str(sense.value) for sense in senses if sense.value in _SIGNS), None)


def _whole(tags: Sequence[Tag], at: int) -> tuple[str, int] | None:
    """The field of "their own manager's team's win rate", 所在大区, and the tag after it."""
    whose = False
    while at < len(tags) and (tags[at].type in SILENT or _leads(tags[at])):
        whose |= _leads(tags[at])
        at += 1
    if at >= len(tags):
        return None
    whose |= tags[at].text.startswith("所在")
    dotted = next((str(s.value) for s in tags[at].all(T.FIELD) if s.value in _NOUNS), None)
    if not whose or dotted is None:
        return None
    end = at + 1
    while end < len(tags) and _closes(tags[end]):
        end += 1
    return dotted, end


def _leads(tag: Tag) -> bool:
    text = tag.text.lower()
    return text in _WHOSE or text == "own" or any(sense.value == "than" for sense in tag.all(T.COMPARATIVE))


def _closes(tag: Tag) -> bool:
    """As in "'s | team | average | win rate": what belongs to the one that they are in."""
    team = tag.get(T.TREE, T.MANAGES) is not None and "team" in tag.text.lower()
    return team or tag.text.lower() == "'s" or tag.get(T.AGG) is not None or tag.get(T.METRIC) is not None
