"""Rules for what is new and no deal: 今年新开发了几家客户, "leads created in May" go by the day of their own record."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import MeasureNode
from copilot.offline.lexicon import key
from copilot.offline.tags import T
from crm_core.models import Role

_KINDS = ("account", "contact", "lead", "task")
_BEGAN = (
    "创建时间", "创建日期", "建档日期", "建档时间", "录入日期", "录入时间", "开户日期", "建立日期", "登记日期",
    "account opened", "date opened", "opened on", "opened date", "opening date", "opened", "onboarded",
    "created on", "created date", "created time", "created at", "date created", "created", "customer since",
)  # fmt: skip


def new_parties(c: Composer) -> None:
    """Customers, contacts or leads begun in a period, where nothing speaks of deals: by their own date."""
    r = c.reading
    entity = _asked(c)
    deals = any("deal" in nouns_at(c, k) for k in range(len(c.items))) or any(
        s.value == "deal" for item in c.items for s in item.tag.all(T.ENTITY)
    )
    began = r.started or r.dated == "deal.started_on"
    if not began or entity not in _KINDS or deals or r.states or r.measures or not (r.periods or r.groups):
        return
    field = _began(c, entity)
    r.unclear |= field is None and entity == "task"  # of tasks nobody notes when they were made
    if field is not None and r.target is not None:
        r.started, r.target = False, replace(r.target, dotted=entity)
        r.periods = [p if p.dotted else replace(p, dotted=field, role=None) for p in r.periods]
        if any(group.bucket for group in r.groups):  # 每个月新增多少客户: the months are those of that day too
            r.dated = field
            r.measures = r.measures or [MeasureNode(fn="count", dotted=entity)]
            r.target, r.asks = None, [ask for ask in r.asks if ask != "count"]
        else:
            r.dated = field if r.dated else None


def _asked(c: Composer) -> str:
    """The kind of records that is asked for, also by the deals' field of them (客户)."""
    asked = c.reading.target.dotted if c.reading.target is not None else ""
    field = c.vocabulary.field(asked) if "." in asked else None
    return field.target or "" if field is not None else entity_of(asked)


def _began(c: Composer, entity: str) -> str | None:
    """The date of when such a record began: the own column that says so, or the one that its kind has."""
    for name in _BEGAN:
        for sense in c.vocabulary.phrases.get(key(name), ()):
            dotted = str(sense.value)
            if sense.type is T.FIELD and dotted.startswith(f"{entity}.") and c.vocabulary.field(dotted).is_custom:
                return dotted
    opened = c.vocabulary.schema.entities[entity].by_role(Role.OPENED)
    dotted = f"{entity}.{opened.name}" if opened is not None else ""
    return dotted if opened is not None and c.vocabulary.holds(dotted) else None
