"""The Chinese lexicon as data: every name in it exists, and its fillers hold no operator."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.tags import T
from crm_core.query.facts import is_of_score
from crm_core.schema import Schema, build_schema

LEXICON = prompts.load_yaml("lexicon/zh")
UNITS = {word for words in prompts.load_yaml("lexicon/common").get("unit", {}).values() for word in words}
DATA = {"value", "abbrev", "typo", "labels", "measure_word", "frame"}
BY_FIELD = {"field", "owns"}  # 名称 is the name of whatever record: ambiguous between entities by nature
NOUNS_BESIDE_ENTITIES = {"rep", "manager", "email", "call", "meeting", "note", "chat"}

SENSES = {
    "state": "open won lost closed started",
    "op": "gt ge lt le eq approx between",
    "post_op": "ge le gt lt",
    "sup": "max_rank min_rank max_good min_good max_size min_size max_high min_high max_count min_count"
    " max_price min_price max_long min_long old new",
    "agg": "avg sum median min max distinct",
    "ask": "how_many how_much how_long how_often who whose which what where when why list rank place exists count ago "
    "request",
    "share": "share mix",
    "change": "up down any trend previous week month quarter year",
    "gap": "ahead between",
    "versus": "versus",
    "by": "by",
    "neg": "not exclude none never only counted",
    "order": "high_first low_first old_first new_first alphabetical",
    "bucket": "day week month quarter half year weekday",
    "running": "words",
    "step": "before after day_before day_after week_before week_after month_before month_after quarter_before"
    " quarter_after half_before half_after year_before year_after year_ago",
    "mine": "mine ours",
    "pronoun": "set single same",
    "follow": "replace add correct instead back begin",
    "tree": "with_children team",
    "write": "change close_won close_lost remind email",
    "smalltalk": "greet thanks bye help who_are_you insult",
    "manages": "user.manager account.parent has_subsidiaries",
    "money_word": "money",
    "percent_word": "percent",
    "measure_word": "words",
    "filler": "words",
    "prep": "words",
    "and": "and",
    "or": "or",
}

# Truly ambiguous: the composer decides by what stands around them.
AMBIGUOUS: dict[str, set[str]] = {
    "manages": {"底下有", "下面有"},  # people or companies, as what stands before it is
    "metric": {"销量", "销售量"},  # money or number of deals, as the speaker likes
    "owns": {"属于", "联系", "拜访", "买的", "采购", "压在", "挂在"},  # by what the neighbouring noun is
    "state": {"close掉", "close了"},  # closed at all, or won
    "sup": {"最后"},  # last in rank, or last in time
}

OPERATORS = (
    "op", "post_op", "sup", "agg", "neg", "state", "versus", "by", "bucket", "pronoun", "not_held", "change",
    "share", "gap",
)  # fmt: skip
# What may stand inside a polite phrase without its meaning: 我 as whom to tell, 不 of "can you", 前 of "at present".
POLITE_CHARACTERS = set("我们咱不前该此多起好")
WORDS_OF_POLITE_PHRASES = {"我们", "咱们", "没", "分", "没有"}  # and those of 没记错的话, 帮我分析
# Ordinary words in which such a character is a syllable and no word.
WHOLE_WORDS = {"依然", "依旧", "怪不得", "分明", "到头来"}


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
    askable = {f"{f.entity}.{f.name}" for f in schema.fields() if f.ask and not is_of_score(f)}
    scored = {f.name for f in schema.fields() if is_of_score(f)}  # known only where something was scored

    assert set(LEXICON["field"]) == askable
    assert set(prompts.load_yaml("lexicon/score")["field"]) == scored


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

    assert {name for name in labels if "=" not in name} == shown
    assert {name.partition("=")[0] for name in labels if "=" in name} <= {
        f"{f.entity}.{f.name}" for f in schema.fields()
    }
    assert all(isinstance(label, str) and label for label in labels.values())


@pytest.mark.parametrize("section", sorted(LEXICON.keys() - {"labels", "value", "frame"}))
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
        for filler in set(LEXICON["filler"]["words"]) - WHOLE_WORDS
        if any(o in filler for o in operators())
    }

    assert held == {}


def test_a_polite_phrase_holds_an_operator_only_as_part_of_a_set_expression():
    held = {
        phrase: sorted(o for o in operators() - POLITE_CHARACTERS - WORDS_OF_POLITE_PHRASES if o in phrase)
        for phrase in LEXICON["ask"]["request"]
    }

    assert {phrase: found for phrase, found in held.items() if found} == {}
    assert not set(LEXICON["ask"]["request"]) & operators()


def test_no_silent_word_is_a_noun_or_a_measure_of_the_domain():
    silent = {*LEXICON["filler"]["words"], *LEXICON["prep"]["words"]}
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
    words |= {phrase for _, phrase in phrases("value")} | UNITS

    assert set(LEXICON["typo"]) - words == set()


def test_a_typing_error_straddles_no_two_words():
    sections = LEXICON.keys() - DATA - {"write", "smalltalk", "not_held", "follow", "verb_metric", "order", "manages"}
    words = {phrase for section in sections for _, phrase in phrases(section) if len(phrase) > 1}
    starts = {phrase[:size] for phrase in words for size in range(1, len(phrase))} | words
    ends = {phrase[-size:] for phrase in words for size in range(1, len(phrase))} | words
    astride = {
        form
        for _, form in phrases("typo")
        if any(form[:cut] in ends and form[cut:] in starts for cut in range(1, len(form)))
    }

    assert astride <= {"增涨"}  # common enough to bear it
