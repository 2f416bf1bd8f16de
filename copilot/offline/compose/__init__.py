"""Composition: content words → typed nodes (`Reading`) by rules that own the words they explain."""

from collections.abc import Sequence
from datetime import date

from copilot.offline.compose import (
    asking,
    choices,
    clauses,
    compare,
    conditions,
    contrasts,
    flags,
    grouping,
    implied,
    leaning,
    meanings,
    measuring,
    negations,
    pointing,
    ranks,
    relatives,
    scope,
    shorthand,
    standing,
    things,
    trees,
    widening,
)
from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import Reading
from copilot.offline.tags import Tag
from copilot.offline.vocabulary import Vocabulary

RULES = (
    meanings.own_words,
    shorthand.signs,
    choices.either,
    grouping.redundant_units,
    leaning.shifts,
    pointing.pointed_nouns,
    widening.widenings,
    trees.subsidiaries,
    trees.referred,
    trees.above,
    trees.reports,
    trees.teams,
    negations.tags,
    flags.flags,
    negations.not_even_one,
    negations.missing,
    conditions.overdue,
    conditions.inactivity,
    conditions.closing,
    conditions.of_the_year,
    compare.field_comparisons,
    standing.averages,
    standing.passed,
    contrasts.pivots,
    compare.comparisons,
    compare.stray,
    scope.months_or_names,
    scope.periods,
    negations.anti_join,
    negations.exclusions,
    negations.rest,
    standing.places,
    ranks.orderings,
    ranks.superlatives,
    grouping.groups,
    grouping.shares,
    shorthand.breakdowns,
    shorthand.courtesies,
    scope.values,
    shorthand.mix_of_values,
    scope.states,
    scope.whose,
    relatives.described,
    shorthand.total_number,
    measuring.measures,
    things.units,
    things.things,
    leaning.extras,
    asking.counts,
    asking.targets,
    trees.relations,
    asking.columns,
    asking.compared,
    asking.nouns,
    implied.implied_deals,
    implied.implied_records,
    implied.implied_facts,
    things.light_verbs,
    things.lasting_longest,
    things.lasting,
    shorthand.digits_for_words,
    shorthand.half_read,
    trees.led,
    choices.alternatives,
    leaning.leaning,
    pointing.connectives,
    pointing.pointers,
    contrasts.sides,
    standing.placed,
    relatives.only,
    clauses.each_of,
    clauses.trivial,
)


def compose(tags: Sequence[Tag], vocabulary: Vocabulary, *, today: date) -> Reading:
    """Read a cover of tags."""

    def alone(part: Sequence[Tag]) -> Reading:
        return Composer(part, vocabulary, today=today).run(RULES)

    return clauses.compose_clauses(tags, alone) or alone(tags)
