"""The English lexicon as data: every name in it exists, no phrase is told twice, and fillers hold no operator."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.tags import T
from crm_core.schema import Schema, build_schema

LEXICON = prompts.load_yaml("lexicon/en")
DATA = {"value", "abbrev", "heard", "frame"}
BY_FIELD = {"field", "owns"}  # "owner" is the owner of whatever record: one phrase for many entities by nature
NOUNS_BESIDE_ENTITIES = {"rep", "manager", "email", "call", "meeting", "note", "chat"}

SENSES = {
    "manages": "user.manager account.parent has_subsidiaries",
    "state": "open won lost closed started",
    "op": "gt ge lt le eq approx between",
    "post_op": "between ge le gt lt",
    "sup": "max_rank min_rank max_good min_good max_size min_size max_high min_high max_count min_count"
    " max_price min_price max_long min_long old new",
    "agg": "avg sum median min max distinct",
    "ask": "how_many how_much how_long how_often who whose which what where when why list rank place exists count ago",
    "share": "share mix",
    "change": "up down any trend previous week month quarter year",
    "gap": "ahead between",
    "versus": "versus",
    "by": "by",
    "neg": "not exclude none never only",
    "order": "high_first low_first old_first new_first alphabetical",
    "bucket": "day week month quarter half year weekday",
    "running": "words",
    "step": "before after day_before day_after week_before week_after month_before month_after quarter_before"
    " quarter_after half_before half_after year_before year_after year_ago",
    "mine": "mine ours",
    "pronoun": "set single same",
    "follow": "replace add correct instead back begin",
    "tree": "with_children team",
    "money_word": "words",
    "percent_word": "words",
    "write": "change close_won close_lost remind email",
    "smalltalk": "greet thanks bye help who_are_you insult",
    "filler": "words fixed",
    "prep": "words",
}

# A phrase with two senses in one section, decided by what stands around it.
AMBIGUOUS: dict[str, set[str]] = {
    "entity": {"sales lead"},  # someone who asked, or who leads the sellers
    "field": {"price tag", "end date", "finish date", "completion date", "location", "place", "where based", "based in",
              "geography", "geo", "come from", "comes from", "coming from", "came from"},
    "state": {"opened up"},
    "ask": {"how many times"},
    "neg": {"not any"},
    "pronoun": {"they", "them", "their", "theirs"},  # several, or one of unknown gender
    "follow": {"make that"},
    "sup": {"furthest back"},
}  # fmt: skip

OPERATORS = (
    "op", "post_op", "sup", "agg", "neg", "state", "versus", "by", "bucket", "mine", "pronoun", "not_held", "change",
    "share", "gap",
)  # fmt: skip
# What may stand inside a fixed expression: I and me as who asks, `it` of "is it possible", `by` of "by the way".
HARMLESS_INSIDE = {
    "i", "me", "my", "we", "us", "our", "im", "it", "this", "these", "there", "just", "about", "across", "ahead",
    "begin", "best", "by", "exactly", "mean", "n't", "other", "per", "roughly", "start", "strictly", "up", "usual",
    "within",
}  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> Schema:
    return build_schema()


def phrases(section: str) -> Iterator[tuple[str, str]]:
    for sense, listed in LEXICON[section].items():
        for phrase in listed:
            yield sense, phrase


def operators() -> set[str]:
    """Every token that is a phrase of its own in a section that changes what is asked."""
    alone = (key(phrase) for section in OPERATORS for _, phrase in phrases(section))
    return {words[0] for words in alone if len(words) == 1}


def readings(section: str) -> dict[Words, set[str]]:
    found: dict[Words, set[str]] = defaultdict(set)
    for sense, phrase in phrases(section):
        found[key(phrase)].add(sense)
    return found


def test_every_section_is_one_that_the_parser_reads():
    assert [section for section in LEXICON if section not in DATA and section not in set(T)] == []


@pytest.mark.parametrize("section", sorted(SENSES))
def test_every_sense_is_one_that_the_parser_knows_and_none_is_missing(section):
    assert set(LEXICON[section]) == set(SENSES[section].split())


def test_every_entity_exists(schema):
    assert set(LEXICON["entity"]) - NOUNS_BESIDE_ENTITIES - set(schema.entities) == set()


@pytest.mark.parametrize("section", ["field", "owns"])
def test_every_field_exists_and_may_be_asked_about(schema, section):
    askable = {f"{each.entity}.{each.name}" for each in schema.fields() if each.ask}

    assert set(LEXICON[section]) - askable == set()


def test_what_says_whose_a_record_is_points_to_another_record(schema):
    references = {f"{each.entity}.{each.name}" for each in schema.fields() if each.target}

    assert set(LEXICON["owns"]) - references == set()


@pytest.mark.parametrize("section", ["metric", "verb_metric"])
def test_every_metric_exists(schema, section):
    assert set(LEXICON[section]) - set(schema.metrics) == set()


def test_every_metric_has_words(schema):
    assert set(schema.metrics) - set(LEXICON["metric"]) == set()


@pytest.mark.parametrize("section", sorted(LEXICON))
def test_every_phrase_is_lower_case_text(section):
    listed = [phrase for _, phrase in phrases(section)]

    assert [each for each in listed if not isinstance(each, str) or each != " ".join(each.lower().split())] == []


@pytest.mark.parametrize("section", sorted(LEXICON))
def test_no_phrase_stands_twice_under_one_sense(section):
    for sense, listed in LEXICON[section].items():
        words = [key(phrase) for phrase in listed]
        assert [" ".join(each) for each in set(words) if words.count(each) > 1] == [], sense


@pytest.mark.parametrize("section", sorted(set(LEXICON) - BY_FIELD - {"frame"}))
def test_a_phrase_has_two_senses_only_where_it_is_declared_ambiguous(section):
    several = {" ".join(words) for words, senses in readings(section).items() if len(senses) > 1}

    assert several == AMBIGUOUS.get(section, set())


def test_a_field_phrase_of_several_entities_means_the_same_field_or_is_declared_ambiguous():
    several = {
        " ".join(words)
        for words, fields in readings("field").items()
        if len({field.split(".")[1] for field in fields}) > 1
    }

    assert several - AMBIGUOUS["field"] == set()


def test_no_filler_holds_a_word_that_means_something_alone():
    alone = operators()
    wrong = [phrase for phrase in LEXICON["filler"]["words"] if set(key(phrase)) & alone]

    assert wrong == []


def test_a_fixed_filler_is_a_phrase_whose_operator_words_are_known_to_be_idle():
    idle = operators() - HARMLESS_INSIDE
    wrong = [phrase for phrase in LEXICON["filler"]["fixed"] if len(key(phrase)) < 2 or set(key(phrase)) & idle]

    assert wrong == []


def test_no_filler_is_a_word_of_the_data():
    named = {
        words
        for section in ("entity", "field", "metric", "owns", "manages", "verb_metric", "tree", "value", "not_held")
        for words in readings(section)
    }

    assert [phrase for _, phrase in phrases("filler") if key(phrase) in named] == []


def test_no_value_synonym_is_a_filler_an_operator_or_a_word_for_records():
    taken = operators() | {word for words in readings("filler") for word in words if len(words) == 1}
    taken |= {words[0] for words in readings("entity") if len(words) == 1}
    may_be_both = {
        "email", "call", "meeting", "note", "chat",  # kinds of interaction are nouns too
    }  # fmt: skip
    wrong = [
        synonym
        for value, synonym in phrases("value")
        if key(synonym)[0] in taken and len(key(synonym)) == 1 and value not in may_be_both | STATUS_VALUES
    ]

    assert wrong == []


STATUS_VALUES = {"open", "done", "working", "converted", "cancelled", "high", "low", "unqualified", "returned"}


def test_no_abbreviation_stands_for_two_words():
    several = {" ".join(words): full for words, full in readings("abbrev").items() if len(full) > 1}

    assert several == {}


def test_a_state_is_told_without_a_negation():
    """Who "did not win" has not lost: a negation is read by its own rule."""
    told = {"said no", "say no", "no go", "no-go", "without success", "without an outcome", "without outcome",
            "came to nothing", "come to nothing", "comes to nothing", "coming to nothing", "amounted to nothing",
            "amount to nothing", "ended in nothing", "led to nothing", "lead to nothing"}  # fmt: skip
    negated = {"not", "n't", "never", "no", "without", "nothing"}
    undecided = {"decision", "result", "outcome", "verdict"}
    idle = negated | undecided | {"have", "has", "a", "any", "with", "yet"}
    told |= {phrase for _, phrase in phrases("state") if set(key(phrase)) & undecided and set(key(phrase)) <= idle}
    assert [phrase for _, phrase in phrases("state") if negated & set(key(phrase)) and phrase not in told] == []
