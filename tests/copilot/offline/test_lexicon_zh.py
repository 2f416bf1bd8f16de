"""The Chinese lexicon as data: every name in it exists, and its fillers hold no operator."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.tags import T
from crm_core.schema import Schema, build_schema

LEXICON = prompts.load_yaml("lexicon/zh")
DATA = {"value", "abbrev", "typo", "labels", "measure_word"}
BY_FIELD = {"field", "owns"}  # 名称 is the name of whatever record: ambiguous between entities by nature
NOUNS_BESIDE_ENTITIES = {"rep", "manager", "email", "call", "meeting", "note", "chat"}

SENSES = {
    "state": "open won lost closed started",
    "op": "gt ge lt le eq approx between",
    "post_op": "ge le gt lt",
    "sup": "max_rank min_rank max_good min_good max_size min_size max_high min_high max_count min_count"
    " max_long min_long old new",
    "agg": "avg sum median min max distinct",
    "ask": "how_many how_much how_long how_often who whose which what where when why list rank exists count",
    "share": "share mix",
    "change": "up down any",
    "gap": "ahead between",
    "versus": "versus",
    "by": "by",
    "neg": "not exclude none never only",
    "order": "high_first low_first old_first new_first alphabetical",
    "bucket": "day week month quarter year",
    "mine": "mine ours",
    "pronoun": "set single same",
    "follow": "replace add correct instead back",
    "tree": "with_children team",
    "manages": "manages has_subsidiaries",
    "money_word": "words",
    "percent_word": "words",
    "measure_word": "words",
    "filler": "words fixed",
    "prep": "words",
    "and": "and",
    "or": "or",
}

AMBIGUOUS: dict[str, set[str]] = {
    "entity": set(),
}

OPERATORS = (
    "op", "post_op", "sup", "agg", "neg", "state", "versus", "by", "bucket", "pronoun", "not_held", "change",
    "share", "gap",
)  # fmt: skip
# What may stand inside a fixed expression: 我 as whom to tell, 不 of "can you", 前 of "at present".
HARMLESS_INSIDE = {"我", "不", "前", "该", "此", "多", "起"}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return build_schema()


def phrases(section: str) -> Iterator[tuple[str, str]]:
    for sense, listed in LEXICON[section].items():
        for phrase in listed:
            yield sense, phrase


def operators() -> set[str]:
    found = {phrase for section in OPERATORS for _, phrase in phrases(section)}
    return found | set(LEXICON["mine"]["mine"])


def test_every_section_is_one_that_the_parser_reads():
    unknown = [section for section in LEXICON if section not in DATA and section not in set(T)]

    assert unknown == []


def test_every_phrase_is_lower_case_text_and_tokenizes():
    listed = [p for section in LEXICON.keys() - {"labels"} for _, p in phrases(section)]
    wrong = [p for p in listed if not isinstance(p, str) or p != p.lower().strip() or not key(p)]

    assert wrong == []


def test_there_are_enough_phrases():
    assert sum(1 for section in LEXICON.keys() - {"labels"} for _ in phrases(section)) >= 1800


@pytest.mark.parametrize("section", sorted(LEXICON.keys() - {"labels"}))
def test_no_sense_lists_a_phrase_twice(section):
    for sense, listed in LEXICON[section].items():
        forms = [key(phrase) for phrase in listed]
        twice = {phrase for phrase in listed if forms.count(key(phrase)) > 1}

        assert twice == set(), sense


@pytest.mark.parametrize("section", sorted(SENSES))
def test_a_section_has_exactly_the_senses_that_the_parser_knows(section):
    assert set(LEXICON[section]) == set(SENSES[section].split())


def test_every_entity_exists(schema):
    assert set(LEXICON["entity"]) <= set(schema.entities) | NOUNS_BESIDE_ENTITIES


def test_the_words_cover_every_field_that_may_be_asked_about(schema):
    askable = {f"{f.entity}.{f.name}" for f in schema.fields() if f.ask}

    assert set(LEXICON["field"]) == askable


def test_the_words_cover_every_metric(schema):
    assert set(LEXICON["metric"]) == set(schema.metrics)
    assert set(LEXICON["verb_metric"]) <= set(schema.metrics)


def test_whose_a_record_is_names_a_field_that_exists(schema):
    for dotted in LEXICON["owns"]:
        entity, name = dotted.split(".")

        assert name in schema.entities[entity].fields, dotted


def test_everything_shown_to_people_has_a_label(schema):
    shown = set(schema.entities) | {f"metric.{name}" for name in schema.metrics}
    shown |= {f"{f.entity}.{f.name}" for f in schema.fields() if f.ask}
    labels = LEXICON["labels"]

    assert set(labels) == shown
    assert all(isinstance(label, str) and label for label in labels.values())


@pytest.mark.parametrize("section", sorted(LEXICON.keys() - {"labels", "value"}))
def test_a_phrase_has_one_sense_in_a_section_unless_it_is_declared_ambiguous(section):
    by_words: dict[Words, set[str]] = defaultdict(set)
    text: dict[Words, str] = {}
    for sense, phrase in phrases(section):
        by_words[key(phrase)].add(sense)
        text[key(phrase)] = phrase
    shared = {text[words]: senses for words, senses in by_words.items() if len(senses) > 1}
    if section in BY_FIELD:
        entities = {phrase: [sense.split(".")[0] for sense in senses] for phrase, senses in shared.items()}
        shared = {phrase: shared[phrase] for phrase, of in entities.items() if len(of) > len(set(of))}

    assert set(shared) == AMBIGUOUS.get(section, set()), shared


def test_no_filler_is_or_holds_an_operator():
    held = {
        filler: sorted(o for o in operators() if o in filler)
        for filler in LEXICON["filler"]["words"]
        if any(o in filler for o in operators())
    }

    assert held == {}


def test_a_fixed_expression_holds_no_operator_but_a_harmless_character():
    held = {
        filler: sorted(o for o in operators() - HARMLESS_INSIDE if o in filler)
        for filler in LEXICON["filler"]["fixed"]
    }

    assert {filler: found for filler, found in held.items() if found} == {}
    assert not set(LEXICON["filler"]["fixed"]) & operators()


def test_no_silent_word_is_a_noun_or_a_measure_of_the_domain():
    silent = {*LEXICON["filler"]["words"], *LEXICON["filler"]["fixed"], *LEXICON["prep"]["words"]}
    content = {
        phrase
        for section in (*OPERATORS, "entity", "metric", "field", "owns", "tree", "order", "mine", "verb_metric")
        for _, phrase in phrases(section)
    }

    assert silent & content == set()


@pytest.mark.parametrize("char", "中上下里多少比占外前后各")
def test_an_operator_character_is_never_a_filler(char):
    assert char not in LEXICON["filler"]["words"]


def test_a_typing_error_is_no_word_of_its_own():
    words = {phrase for section in LEXICON.keys() - {*DATA} for _, phrase in phrases(section)}

    assert {phrase for _, phrase in phrases("typo")} & words == set()


def test_a_typing_error_stands_for_something_known():
    words = {phrase for section in LEXICON.keys() - {*DATA} for _, phrase in phrases(section)}
    words |= {phrase for _, phrase in phrases("value")}

    assert {right for right in LEXICON["typo"]} - words == set()
