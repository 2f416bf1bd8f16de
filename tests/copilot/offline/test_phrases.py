"""The two layers of phrases: what a store adds or reads otherwise is its own; the language stays as it is."""

import pytest

from copilot.offline.phrases import Phrases, SharedPhrases
from copilot.offline.plain_language import phrases_of, plain_language
from copilot.offline.sounds import by_sound
from copilot.offline.tags import Sense, T
from copilot.offline.writing.words import with_writing_words
from crm_core.schema import build_schema

DEAL, ACME = Sense(T.ENTITY, "deal"), Sense(T.VALUE, ("account.name", "Acme"))
WORDS, OTHER = ("deals",), ("acme",)


@pytest.fixture
def shared():
    return SharedPhrases({WORDS: [DEAL], ("our",): [Sense(T.MINE, "us")], ("商", "机"): [DEAL]})


def test_what_a_store_adds_stands_after_what_the_language_says_and_only_there(shared):
    phrases, others = Phrases(shared), Phrases(shared)

    phrases.add([(WORDS, [ACME, DEAL, ACME]), (OTHER, [ACME])])

    assert list(phrases[WORDS]) == [DEAL, ACME]
    assert list(phrases[OTHER]) == [ACME]
    assert list(phrases) == [WORDS, ("our",), ("商", "机"), OTHER]
    assert list(others[WORDS]) == [DEAL]
    assert OTHER not in others
    assert list(shared.readings[WORDS]) == [DEAL]


def test_a_phrase_of_the_language_may_be_read_otherwise_or_not_at_all(shared):
    phrases = Phrases(shared)

    phrases[WORDS] = []
    del phrases["our",]

    assert WORDS in phrases
    assert list(phrases[WORDS]) == []
    assert ("our",) not in phrases
    assert phrases.get(("our",), "none") == "none"
    assert dict(phrases.items()) == {WORDS: [], ("商", "机"): (DEAL,)}
    assert len(phrases) == 2
    with pytest.raises(KeyError):
        phrases["our",]
    with pytest.raises(KeyError):
        del phrases["our",]


def test_phrases_are_found_by_what_they_stand_for_now(shared):
    phrases = Phrases(shared)
    phrases.add([(OTHER, [ACME])])
    phrases["our",] = [ACME]

    assert {words for words, _ in phrases.of(T.VALUE)} == {OTHER, ("our",)}
    assert {words for words, _ in phrases.of(T.ENTITY, T.VALUE)} == {WORDS, ("商", "机"), OTHER, ("our",)}
    assert phrases.of(T.MINE) == []


def test_a_copy_is_changed_on_its_own(shared):
    phrases = Phrases(shared)

    copied = phrases.copy()
    copied[WORDS] = [ACME]

    assert list(phrases[WORDS]) == [DEAL]


def test_the_sound_of_a_phrase_goes_with_its_readings(shared):
    phrases = Phrases(shared)
    spoken = "shang ji".replace("sh", "s")
    assert by_sound(phrases)[0][spoken] == {("商", "机")}
    assert by_sound(phrases)[1] == {"shangji": {("商", "机")}}

    phrases["商", "机"] = []
    phrases["商", "鸡"] = [ACME]

    assert by_sound(phrases)[0][spoken] == {("商", "鸡")}
    assert by_sound(phrases)[1] == {"shangji": {("商", "鸡")}}


def test_a_registry_without_columns_of_a_company_is_the_language_itself():
    assert phrases_of(build_schema()).own == {}


def test_reading_a_store_leaves_the_language_as_it_was(sales, desk):
    before = {words: tuple(senses) for words, senses in plain_language().readings.items()}

    for name in ("sales", "chinese"):
        with_writing_words(desk(name).vocabulary)

    assert plain_language().readings == before
    assert sales.vocabulary.phrases.shared is desk("chinese").vocabulary.phrases.shared
    assert len(sales.vocabulary.phrases.own) < len(before) / 4
