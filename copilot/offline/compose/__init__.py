"""Composition: content words → typed nodes (`Reading`) by rules that own the words they explain."""

from collections.abc import Sequence
from datetime import date

from copilot.offline.compose import compare, scope, wants
from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import Reading
from copilot.offline.tags import Tag
from copilot.offline.vocabulary import Vocabulary

RULES = (
    wants.redundant_units,
    scope.manager_trees,
    scope.missing,
    compare.field_comparisons,
    compare.comparisons,
    scope.periods,
    scope.anti_join,
    scope.exclusions,
    wants.orderings,
    wants.superlatives,
    wants.groups,
    wants.shares,
    scope.values,
    scope.states,
    scope.whose,
    wants.measures,
    wants.units,
    wants.things,
    wants.counts,
    wants.targets,
    scope.relations,
    wants.columns,
    wants.nouns,
    wants.implied_deals,
    wants.leftovers,
)


def compose(tags: Sequence[Tag], vocabulary: Vocabulary, *, today: date) -> Reading:
    """Read a cover of tags."""
    return Composer(tags, vocabulary, today=today).run(RULES)
