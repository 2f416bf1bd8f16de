"""The words of scores. They are known once something was scored: before, "rating" is a thing that the data lacks."""

from collections.abc import Iterator

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.phrases import Phrases
from copilot.offline.tags import Sense, T
from crm_core.own_condition import OwnCondition
from crm_core.query.derived import SCORED
from crm_core.query.spec import Condition
from crm_core.schema import pluralize

GRADES = "ABCD"


def add_score_words(phrases: Phrases, letters: dict[str, list[Sense]], filled: frozenset[str]) -> None:
    """Put the words of scores in place of what they meant, where `filled` says that something was scored.

    Args:
        phrases: as in a vocabulary; those that are to be read word by word go.
        letters: stored values of one letter; every grade is among them, whether or not a record has it now.
        filled: fields that hold any value.
    """
    scored = [entity for entity in SCORED if f"{entity}.score" in filled]
    if not scored:
        return
    for words in prompts.load_yaml("lexicon/score")["apart"]:
        phrases.pop(key(words), None)
    phrases.update(_readings(scored))
    for grade in GRADES:
        senses = [Sense(T.VALUE, (f"{entity}.grade", grade)) for entity in scored]
        letters[grade] = [*senses, *(one for one in letters.get(grade, ()) if one not in senses)]


def score_rewrites(filled: frozenset[str]) -> dict[Words, Words]:
    """Words that stand for the highest score, where something was scored."""
    if not any(f"{entity}.score" in filled for entity in SCORED):
        return {}
    written = prompts.load_yaml("lexicon/score")["written"]
    return {key(form): key(right) for right, forms in written.items() for form in forms}


def _readings(scored: list[str]) -> Iterator[tuple[Words, list[Sense]]]:
    lexicon = prompts.load_yaml("lexicon/score")
    for name, phrases in lexicon["field"].items():
        for phrase in phrases:
            yield key(phrase), [Sense(T.FIELD, f"{entity}.{name}") for entity in scored]
    for grade in GRADES:
        for form in lexicon["graded"]:
            yield key(form.replace("*", grade)), [Sense(T.VALUE, (f"{entity}.grade", grade)) for entity in scored]
    for entity in scored:
        for phrase in lexicon["hot"][entity]:
            condition = OwnCondition(phrase, entity, Condition(field="grade", value="A"))
            senses = [Sense(T.MEANING, condition), Sense(T.ENTITY, entity)]
            yield key(phrase), senses
            yield key(pluralize(phrase) if phrase.isascii() else phrase), senses
