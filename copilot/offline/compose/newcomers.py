"""Rules for customers that are new: 今年新开发了几家客户 goes by the day on which they began in the company's files."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.lexicon import key
from copilot.offline.tags import T

_PARTIES = ("account", "contact")
_BEGAN = (
    "创建时间", "创建日期", "建档日期", "建档时间", "录入日期", "录入时间", "开户日期", "建立日期", "登记日期",
    "created on", "created date",
)  # fmt: skip


def new_parties(c: Composer) -> None:
    """Customers or contacts begun in a period, where nothing speaks of deals: by their own date."""
    r = c.reading
    entity = entity_of(r.target.dotted) if r.target is not None else ""
    deals = any("deal" in nouns_at(c, k) for k in range(len(c.items))) or any(
        s.value == "deal" for item in c.items for s in item.tag.all(T.ENTITY)
    )
    if not r.started or entity not in _PARTIES or deals or r.states or r.measures or not r.periods:
        return
    field = _began(c, entity)
    if field is not None:
        r.started = False
        r.periods = [p if p.dotted else replace(p, dotted=field, role=None) for p in r.periods]


def _began(c: Composer, entity: str) -> str | None:
    """The own date column of when such a record began."""
    for name in _BEGAN:
        for sense in c.vocabulary.phrases.get(key(name), ()):
            dotted = str(sense.value)
            if sense.type is T.FIELD and dotted.startswith(f"{entity}.") and c.vocabulary.field(dotted).is_custom:
                return dotted
    return None
