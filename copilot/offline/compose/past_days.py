"""Days named by their weekday, of what has happened: 星期五谁联系过X is the Friday that has been."""

from dataclasses import replace
from datetime import timedelta

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import Period
from copilot.offline.dates.span import describe
from copilot.offline.tags import T
from copilot.offline.writing.words import small

_DAY = "interaction.happened_on"
_ENDED = frozenset({"bookings", "deals_won", "deals_lost", "win_rate", "loss_rate", "average_deal_size"})
_AUXILIARIES = frozenset({"did", "have", "has", "had", "was", "were", "'ve"})
_PAST = frozenset({"met", "spoke", "saw", "sent", "rang", "won", "lost", "went"})


def past_days(c: Composer) -> None:
    """A bare weekday is the latest one where the words say that it is over; else it stays the one to come."""
    r = c.reading
    ended = any(set(s.kinds) <= {"won", "lost"} and not s.negated for s in r.states)
    ended = ended or any(m.metric in _ENDED for m in r.measures)
    for at, period in enumerate(r.periods):
        ahead = period.span.is_weekday and period.span.since is not None and period.span.since > c.today
        talked = period.dotted == _DAY or (period.dotted is None and "interaction" in r.facts)
        of_past = (talked and _is_over(c)) or (ended and period.dotted in (None, "deal.closed_on"))
        if ahead and of_past:
            r.periods[at] = _week_before(period)


def _is_over(c: Composer) -> bool:
    """Whether a verb says that it has been: 联系过, 去了, "did", "called"."""
    for item in c.items:
        text = item.tag.text.lower()
        verb = item.tag.get(T.OWNS, T.ENTITY, T.STATE) is not None
        if item.before & _AUXILIARIES or (verb and (text.endswith(("过", "了", "ed")) or text in _PAST)):
            return True
    light = small("light_with_talks")  # 打过电话: silent by themselves
    return any(tag.text in ("过", "了") or (tag.text in light and tag.text.endswith(("过", "了"))) for tag in c.tags)


def _week_before(period: Period) -> Period:
    span, week = period.span, timedelta(days=7)
    since = span.since - week if span.since else None
    until = span.until - week if span.until else None
    return replace(period, span=replace(span, since=since, until=until, text=describe(since, until)))
