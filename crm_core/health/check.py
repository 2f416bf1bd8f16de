"""All warnings of open deals at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm_core.access import Actor
from crm_core.db import ReadStore
from crm_core.health import deals, talks, texts
from crm_core.health.ground import Cues, Fired, Ground, Raw
from crm_core.health.limits import Limits, read_limits
from crm_core.health.rules import RULES
from crm_core.query.compile.context import Context, Money
from crm_core.query.metrics import OPEN
from crm_core.query.run import select_matching
from crm_core.query.spec import All, Filter, QuerySpec

_ONE_BY_ONE: dict[str, Callable[[Ground], Fired | None]] = {
    "overdue": deals.overdue,
    "stalled": deals.stalled,
    "no_next_step": deals.no_next_step,
    "no_decider": talks.no_decider,
    "no_price": texts.no_price,
    "negative": texts.negative,
    "discount": deals.discount,
}
_TOGETHER = ("no_activity", "no_reply", "single_contact")  # of one statement


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes:
        fired: by warning, the deals that have it with the facts that it is told with; see the measuring functions.
        limits: that it went by.
        unmeasured: warnings that nothing in this store could give.
    """

    fired: Mapping[str, Fired]
    limits: Limits
    unmeasured: tuple[str, ...]

    def points(self) -> dict[int, int]:
        """By deal, what its warnings come to."""
        summed: dict[int, int] = {}
        for name, found in self.fired.items():
            for id_ in found:
                summed[id_] = summed.get(id_, 0) + RULES[name].points
        return summed

    def of(self, deal: int) -> Iterator[tuple[str, Raw]]:
        """The warnings of a deal with their facts, the gravest first."""
        named = ((name, found[deal]) for name, found in self.fired.items() if deal in found)
        return iter(sorted(named, key=lambda one: (-RULES[one[0]].points, list(RULES).index(one[0]))))


def check_deals(
    store: ReadStore, *, actor: Actor, today: date, cues: Cues, where: Filter | None = None,
    only: Sequence[int] | None = None,
) -> Checked:  # fmt: skip
    """The warnings of the open deals that the actor may see.

    Args:
        store: that is asked.
        actor: who asks.
        today: the day of the question.
        cues: what words tell.
        where: which deals; None: all open ones.
        only: ids of the deals that may be among them.

    Raises:
        Invalid: the filter does not fit the store.
    """
    spec = QuerySpec(entity="deal", where=All(all=[OPEN, *([where] if where else [])]), columns=["name"])
    with store.read(actor) as connection:
        schema = store.schema_at(connection)
        chosen = select_matching(store, connection, spec, actor=actor, today=today, only=only)
        base = store.base_currency
        context = Context(schema, actor, today, connection.dialect.name, Money(base, base))
        limits = read_limits(connection)
        at = Ground(connection, context, chosen, limits, cues)
        return _measured(at)


def _measured(at: Ground) -> Checked:
    on = [rule.name for rule in at.limits.rules()]
    found = {name: measure(at) for name, measure in _ONE_BY_ONE.items() if name in on}
    silent = talks.silences(at)
    found |= {name: silent.get(name) for name in _TOGETHER if name in on}
    fired = {name: found[name] or {} for name in on}
    return Checked(fired, at.limits, tuple(name for name in on if found[name] is None))
