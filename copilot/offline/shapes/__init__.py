"""The declared shapes of a question: what each needs, which slots it may use, and the spec that it makes.

A reading is answered only in a shape that has a place for everything it holds, so that no word is dropped on the way.
"""

from collections.abc import Callable
from dataclasses import dataclass

from copilot.offline.compose.reading import Reading
from copilot.offline.shapes import (
    chains,
    contrasts,
    own_group,
    parted,
    ranked,
    ratios,
    records,
    series,
    standing,
    totals,
)
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.unclear import Unclear
from copilot.offline.where import Ambiguous, Unreachable
from crm_core.query.spec import QuerySpec

ANYWHERE = frozenset(
    {"target", "asks", "facts", "fields", "records", "states", "started", "periods", "mine", "notes", "order",
     "ours", "follow", "pronouns", "share_at", "dated", "part_from", "pivot", "thing", "shown", "each", "total",
      "percent", "drop", "mean", "vague", "row", "others", "of_whole", "each_line", "joined",
     "whole_team", "plain_size"}
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """One declared form of question and answer.

    Attributes:
        name: of the shape.
        slots: what a reading may hold beside what is allowed anywhere.
        fits: whether the reading asks in this form.
        build: the spec.
    """

    name: str
    slots: frozenset[str]
    fits: Callable[["Builder"], bool]
    build: Callable[["Builder"], QuerySpec]


def _counts_deals(reading: Reading) -> bool:
    """Whether the number of deals is what is compared: "did X or Y win more deals"."""
    target = reading.target
    of_deals = target is None or target.dotted == "deal" or target.ask in ("who", "which")
    return reading.side_by_side and of_deals and ("deal" in reading.facts or reading.facts[:1] == ["order"])


def _ranks_values(reading: Reading) -> bool:
    """As in 丢单原因排个序: the values of a field, by how many deals have them."""
    target = reading.target
    return target is not None and "rank" in reading.asks and "." in target.dotted and not reading.measures


def _s(*slots: str) -> frozenset[str]:
    return frozenset(slots)


SHAPES: tuple[Shape, ...] = (
    Shape("ratio", _s("ratio", "groups", "sup"), lambda b: b.reading.ratio is not None, ratios.ratio),
    Shape("clauses", _s("also", "columns", "distinct"),
          lambda b: bool(b.reading.also) and not b.reading.without, records.clauses),
    Shape("anti_join", _s("without", "columns", "distinct", "also"),
          lambda b: bool(b.reading.without), records.anti_join),
    Shape("place", _s("measures", "place", "me", "sup", "side_by_side"), lambda b: b.reading.place, standing.place),
    Shape("beyond", _s("measures", "against", "columns"), standing.asks_for_records, standing.beyond),
    Shape("ahead", _s("measures", "against"), lambda b: b.reading.against is not None, standing.ahead),
    Shape("own_group", _s("measures", "own_group", "having"), lambda b: b.reading.own_group is not None,
          own_group.own_group),
    Shape("parted", _s("measures", "parted", "groups", "side_by_side"),
          lambda b: bool(b.reading.parted) and (bool(b.reading.measures) or "count" in b.reading.asks), parted.parted),
    Shape("chain", _s("measures", "chain"), lambda b: bool(b.reading.chain), chains.chain),
    Shape("contrast_groups", _s("measures", "contrast"),
          lambda b: b.reading.contrast is not None and b.reading.contrast.sign is not None and b.asks_for_groups(),
          contrasts.groups),
    Shape("contrast", _s("measures", "contrast", "groups"),
          lambda b: b.reading.contrast is not None and not b.asks_for_groups()
          and (bool(b.reading.measures) or "count" in b.reading.asks), contrasts.sides),
    Shape("top_change", _s("measures", "change", "most_changed", "sup", "groups", "side_by_side"),
          lambda b: b.reading.most_changed is not None, totals.top_change),
    Shape("change", _s("measures", "change", "groups", "share", "side_by_side"),
          lambda b: bool(b.reading.change), totals.change),
    Shape("gap", _s("measures", "gap", "spread", "sup"), lambda b: b.reading.gap, ranked.gap),
    Shape("top_share", _s("measures", "share", "sup", "having"),
          lambda b: b.reading.share is not None and b.reading.sup is not None and b.is_grouped_ask
          and not b.asks_for_party(), totals.top_share),
    Shape("mix", _s("measures", "share", "groups", "part"),
          lambda b: b.reading.share is not None and bool(b.reading.groups), totals.mix),
    Shape("share", _s("measures", "share", "part", "me"), lambda b: b.reading.share is not None, totals.share),
    Shape("side_by_side", _s("measures", "side_by_side"),
          lambda b: b.compares_values() and not b.reading.groups and not b.reading.total and not b.asks_for_others()
          and (bool(b.reading.measures) or _counts_deals(b.reading)), ranked.side_by_side),
    Shape("periods_side_by_side", _s("measures", "side_by_side"),
          lambda b: b.compares_periods() and not b.reading.groups and not b.reading.sup and not b.reading.total
          and (bool(b.reading.measures) or "count" in b.reading.asks or _counts_deals(b.reading)),
          ranked.periods_side_by_side),
    Shape("top_per_group", _s("measures", "groups", "sup"),
          lambda b: b.reading.sup is not None and len(b.reading.groups) == 1 and b.is_grouped_ask, ranked.top_per),
    Shape("average_per", _s("measures", "groups", "average_per"),
          lambda b: b.reading.average_per and bool(b.reading.groups), ranked.average_per),
    Shape("top_groups", _s("measures", "having", "sup", "average_per", "share", "running"),
          lambda b: b.reading.sup is not None and b.is_grouped_ask and b.ranks_groups()
          and not (b.reading.running and series.tells_periods(b)), ranked.top_groups),
    Shape("top_records", _s("sup", "columns", "measures"),
          lambda b: b.reading.sup is not None and not b.reading.groups and b.ranks_records()
          and not any(m.metric for m in b.reading.measures),
          records.list_records),
    Shape("top_records_per", _s("sup", "columns", "groups"),
          lambda b: b.reading.sup is not None and len(b.reading.groups) == 1 and not b.is_grouped_ask
          and b.ranks_records(), records.top_per),
    Shape("series", _s("measures", "groups", "growth", "running"),
          lambda b: b.reading.growth or (b.reading.running and series.tells_periods(b)), series.series),
    Shape("grouped", _s("measures", "groups", "having", "running"),
          lambda b: bool(b.reading.groups) and not b.tests_each_bucket()
          and not (b.reading.running and series.tells_periods(b)), ranked.grouped),
    Shape("count_of_groups", _s("measures", "having", "running"),
          lambda b: bool(b.reading.having) and b.is_grouped_ask and "count" in b.reading.asks,
          ranked.count_of_groups),
    Shape("having", _s("measures", "having", "running"),
          lambda b: bool(b.reading.having) and b.is_grouped_ask, ranked.grouped),
    Shape("ranking", _s("measures", "running"),
          lambda b: bool(b.reading.measures) and b.is_grouped_ask and b.reading.target is not None
          and b.reading.target.ask in ("rank", "which", "who", "list", "what"), ranked.grouped),
    Shape("ranked_values", _s(), lambda b: _ranks_values(b.reading), ranked.ranked_values),
    Shape("count", _s("columns", "distinct", "running"),
          lambda b: "count" in b.reading.asks and not b.reading.measures and b.says_what(), totals.count),
    Shape("scalar", _s("measures", "average_per", "side_by_side", "running"),
          lambda b: bool(b.reading.measures) and not (b.counts_something_else() or b.asks_which_records())
          and (not b.reading.side_by_side or len(b.reading.measures) > 1) and "rank" not in b.reading.asks,
          totals.scalar),
    Shape("look_up", _s("columns"),
          lambda b: bool(b.reading.columns) and len(b.reading.records) == 1 and not b.reading.records[0].negated,
          records.look_up),
    Shape("list", _s("columns", "distinct"), lambda b: b.reading.target is not None, records.list_records),
    Shape("deals", _s("columns"), lambda b: b.describes_deals(), records.list_records),
    Shape("overview", _s("columns"), lambda b: b.names_only_one(),
          records.overview),
)  # fmt: skip

WITHOUT_THE_FIRST = frozenset({"scalar", "grouped", "ranking", "top_groups", "change", "periods_side_by_side"})
"""The shapes in which the first of a ranking may be left out."""

NARROWED = frozenset(
    {"place", "ahead", "change",
     "periods_side_by_side", "top_per_group", "top_records_per", "average_per", "top_groups", "top_records", "grouped",
     "count_of_groups", "having", "ranking", "count", "scalar", "list", "deals"}
)  # fmt: skip
"""The shapes in which a company's own word for some records, or an "or", may narrow what is asked about."""


__all__ = [
    "ANYWHERE",
    "NARROWED",
    "SHAPES",
    "WITHOUT_THE_FIRST",
    "Ambiguous",
    "Builder",
    "Shape",
    "Unclear",
    "Unreachable",
]
