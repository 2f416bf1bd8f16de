"""Names cut short: Chinese ways of calling people, beginnings, first names, names run together with "s"."""

from collections.abc import Callable

import pytest

from copilot.offline.plan import Clarify, Query
from copilot.offline.tags import T
from tests.copilot.offline.conftest import Desk
from tests.worlds import ACCOUNTS, CHINESE_ACCOUNTS, CHINESE_HEADS, CHINESE_REPS, PRODUCTS, REPS

PEOPLE = (*CHINESE_REPS, *CHINESE_HEADS.values())


def named(desk: Desk, text: str) -> set[str]:
    return {n.label for tag in desk.tags(text) for s in tag.senses if s.type is T.RECORD for n in s.value}


def beginning(start: str) -> set[str]:
    """Everything in the plain company of which a word begins so."""
    labels = (*ACCOUNTS, *REPS, *PRODUCTS)
    return {name for name in labels if any(word.lower().startswith(start.lower()) for word in name.split(" "))}


@pytest.mark.parametrize("form", ["小{}", "老{}", "{}总", "{}经理", "{}哥", "{}姐"])
@pytest.mark.parametrize("person", PEOPLE)
def test_a_chinese_colleague_is_known_by_the_family_name(desk: Callable[[str], Desk], person: str, form: str) -> None:
    expected = {other for other in PEOPLE if other[0] == person[0]}

    assert named(desk("chinese"), f"{form.format(person[0])}去年赢了多少单") == expected


@pytest.mark.parametrize("person", PEOPLE)
def test_a_chinese_colleague_is_known_by_the_given_name(desk: Callable[[str], Desk], person: str) -> None:
    assert named(desk("chinese"), f"{person[1:]}去年赢了多少单") == {person}


@pytest.mark.parametrize("company", CHINESE_ACCOUNTS)
@pytest.mark.parametrize("asked", ["{}去年买了多少", "去年{}的销售额", "{}有多少未结商机"])
def test_a_chinese_company_is_known_by_its_first_characters(
    desk: Callable[[str], Desk], company: str, asked: str
) -> None:
    world = desk("chinese")

    assert named(world, asked.format(company[:2])) == {company}
    assert world.spec(asked.format(company[:2])) == world.spec(asked.format(company))


@pytest.mark.parametrize("text", ["小马去年赢了多少单", "老黄去年赢了多少单", "林总的商机"])
def test_a_family_name_that_nobody_has_is_nobody(desk: Callable[[str], Desk], text: str) -> None:
    assert named(desk("chinese"), text) == set()
    assert not isinstance(desk("chinese").plan(text), Query)


@pytest.mark.parametrize("text", ["小单有多少", "老客户有多少", "上海的客户有哪些", "商机总数", "今年的商机总额"])
def test_everyday_chinese_words_are_no_short_names(desk: Callable[[str], Desk], text: str) -> None:
    assert named(desk("chinese"), text) == set()


@pytest.mark.parametrize("company", CHINESE_ACCOUNTS)
def test_a_chinese_beginning_finds_the_company(desk: Callable[[str], Desk], company: str) -> None:
    ((label, *_),) = desk("chinese").rows(f"{company[:2]}开头的客户")

    assert label == company


ENGLISH_BEGINNINGS = ("Kes", "Cal", "Hal", "Tide", "Oka", "Brig", "Zeph", "Mir", "Nord", "Lum")


@pytest.mark.parametrize("start", ENGLISH_BEGINNINGS)
@pytest.mark.parametrize(
    "form",
    ["revenue of {}-something", "deals starting with {}", "deals of the one that starts with {}", "{}开头的商机"],
)
def test_a_beginning_finds_all_that_begin_so(sales: Desk, form: str, start: str) -> None:
    expected = beginning(start)

    assert expected
    assert named(sales, form.format(start)) == expected


@pytest.mark.parametrize("start", ["Kes", "Cal", "Hal", "Ke"])
def test_a_beginning_that_several_share_asks_which(sales: Desk, start: str) -> None:
    plan = sales.plan(f"revenue of {start}-something in 2024")
    expected = beginning(start)

    if len(expected) > 1:
        assert isinstance(plan, Clarify)
        assert set(plan.options) == expected
    else:
        assert isinstance(plan, Query)
        assert sales.spec(f"revenue of {start}-something in 2024") == sales.spec(
            f"revenue of {next(iter(expected))} in 2024"
        )


@pytest.mark.parametrize("text", ["revenue of Qwx-something", "accounts starting with Qwx", "Qwx开头的客户"])
def test_a_beginning_that_nothing_has_is_not_answered(sales: Desk, text: str) -> None:
    assert named(sales, text) == set()
    assert not isinstance(sales.plan(text), Query)


@pytest.mark.parametrize("rep", REPS)
@pytest.mark.parametrize("form", ["how many deals did {} win in 2024", "open deals of {}", "revenue of {} in 2024"])
def test_a_first_name_is_enough_in_any_case(sales: Desk, rep: str, form: str) -> None:
    first = rep.split(" ")[0]

    for typed in (first, first.lower(), first.upper()):
        assert sales.spec(form.format(typed)) == sales.spec(form.format(rep))


@pytest.mark.parametrize("rep", [rep for rep in REPS if not rep.split(" ")[0].endswith("s")])
def test_a_possessive_without_its_apostrophe_is_still_the_name(sales: Desk, rep: str) -> None:
    first = rep.split(" ")[0]

    for typed in (f"{first}s", f"{first.lower()}s", f"{first}'s", f"{first}’s"):
        assert sales.spec(f"{typed} revenue in 2024") == sales.spec(f"revenue of {rep} in 2024")
        assert named(sales, f"{typed} deals") == {rep}
