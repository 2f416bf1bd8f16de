"""Stand-ins: what is personal is found however it is written, and comes back as it was."""

import timeit

import pytest

from copilot.egress.patterns import emails_in
from copilot.egress.people import People
from copilot.egress.stand_ins import STAND_IN, StandIns


def stand_ins(*names: str, phones: tuple[str, ...] = (), key: bytes = b"k") -> StandIns:
    people = People()
    people.add_names(names)
    people.add_phones(phones)
    return StandIns(people, key)


@pytest.mark.parametrize(
    "written",
    ["Élodie Moreau", "elodie moreau", "MOREAU, Élodie", "Moreau Élodie", "Élodie\u200b Moreau", "elodie.moreau",
     "E\u0301lodie Moreau"],
)  # fmt: skip
def test_a_person_is_the_same_stand_in_however_the_name_is_written(written):
    known = stand_ins("Élodie Moreau")

    masked = known.mask(f"Ask {written} about it, then Élodie Moreau.")

    codes = [found[0] for found in STAND_IN.finditer(masked)]
    assert len(codes) == 2
    assert len(set(codes)) == 1
    assert known.restore(masked) == "Ask Élodie Moreau about it, then Élodie Moreau."


@pytest.mark.parametrize(
    "text",
    [
        "a@b.co wrote to Anna.Lopez+crm@mail.acme-corp.example, twice.",
        "联系anna@acme.com，谢谢",
        "Anna <o'brien@acme.ie>",
        f"{'endless' * 40}@acme.com",
    ],
)
def test_email_addresses_are_found_in_free_text(text):
    known = stand_ins()

    masked = known.mask(text)

    assert "@" not in masked
    assert known.restore(masked) == text


def test_an_address_that_touches_another_is_found_too():
    assert [found[0] for found in emails_in("a@b.com'c@d.com+e@f.org.")] == ["a@b.com", "'c@d.com", "+e@f.org"]


@pytest.mark.parametrize("unit", ["a", "a.", "a@", "a @", "a@b", "a@b.", "'", "%a@-", "＠a", "é中@a."])
def test_looking_for_addresses_takes_each_character_a_few_times_at_most(unit):
    """One word without an end took 64 steps a character, as often as an address might begin in it."""

    def seconds(text: str) -> float:
        return min(timeit.repeat(lambda: list(emails_in(text)), number=1, repeat=5))

    size = 60_000
    plain = seconds("word " * (size // 5))

    assert seconds(unit * (size // len(unit))) < 8 * plain + 0.01


@pytest.mark.parametrize(
    "number",
    ["+49 30 555 0123", "(415) 555-0123", "415-555-0123", "415.555.0123", "+1 (415) 555-0123", "0049 30 5550123",
     "030/5550123", "13800138000", "+8613800138000", "138 0013 8000", "4155550123", "01 23 45 67 89"],
)  # fmt: skip
def test_phone_numbers_are_found_in_free_text(number):
    known = stand_ins()
    text = f"手机{number}，or call {number}."

    masked = known.mask(text)

    assert number not in masked
    assert masked.count("Phone-") == 2
    assert known.restore(masked) == text


@pytest.mark.parametrize(
    "text",
    [
        "$2,802,496 in 2017-11-30 – 2018-01-31", "| 2802496 | 43768.5 |", "2802496.25", "1 200 000", "1.200.000,50",
        "2016 2017 2018", "2016-2017", "31.12.2017", "11/30/2017", "GTX 500", "2026-03-02T10:15:00", "12 deals, 40%",
        "9 8 7 6 5", "$4155550123", "[CRM records 5093425350c5]",
    ],
)  # fmt: skip
def test_figures_and_days_are_no_phone_numbers(text):
    assert stand_ins().mask(text) == text


def test_a_phone_number_that_the_store_knows_is_found_without_its_signs():
    known = stand_ins(phones=("555-01-22",))

    assert known.restore(known.mask("call 5550122")) == "call 555-01-22"
    assert "5550122" not in known.mask("call 5550122")


def test_a_part_of_a_name_points_to_the_person_who_is_named_in_full():
    known = stand_ins("Anna Lopez", "Anna Berg")
    text = "Anna Lopez called. Ms Lopez and Anna agreed."
    known.notice(text)

    masked = known.mask(text)

    whole, last, first = (found[0] for found in STAND_IN.finditer(masked))
    assert (last, first) == (f"{whole}-2", f"{whole}-1")
    assert known.restore(masked) == text


def test_a_part_that_several_share_is_a_stand_in_of_its_own():
    known = stand_ins("Ingrid Lopez", "Ingrid Berg")

    masked = known.mask("What did Ingrid sell, and ingrid?")

    assert "ingrid" not in masked.lower()
    assert len({found[0] for found in STAND_IN.finditer(masked)}) == 1


def test_chinese_names_are_found_between_other_characters():
    known = stand_ins("王建国", "何海波")
    text = "上周王建国和海波谈了，何海波同意。建国负责。"
    known.notice(text)

    masked = known.mask(text)

    assert not set("王建国何海波") & set(masked)
    assert known.restore(masked) == text


@pytest.mark.parametrize("name", ["Sales", "Support", "New Customer", "Grant Won", "X"])
def test_words_of_the_trade_stay_words(name):
    text = "sales support: a new customer won the grant; x"

    assert stand_ins(name).mask(text) == text


def test_a_part_of_an_id_is_nobody():
    text = "[CRM records 89ace6389f8b: data]"

    assert stand_ins("Ace Deb").mask(text) == text


def test_stand_ins_differ_between_conversations():
    first, second = (stand_ins("Anna Lopez", key=key).mask("Anna Lopez") for key in (b"1", b"2"))

    assert first != second


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda code: code.replace("-", " "), lambda code: code + "s"])
def test_a_stand_in_that_a_model_wrote_a_little_otherwise_comes_back(change):
    known = stand_ins("Anna Lopez")
    code = known.mask("Anna Lopez")

    assert known.restore(change(code)).startswith("Anna Lopez")


def test_a_stand_in_that_was_never_given_out_stays_text():
    known = stand_ins("Anna Lopez", "Bob Berg")
    other = known.mask("Anna Lopez")
    fresh = stand_ins("Anna Lopez", "Bob Berg")
    fresh.mask("Bob Berg")

    assert fresh.restore(f"{other} and Person-aaaaaaa") == f"{other} and Person-aaaaaaa"
