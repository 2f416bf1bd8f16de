"""Words for results: one expectation a form, in both languages, and no figure without a source in any of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from copilot.faithful import sources_of, unsourced
from copilot.labels import column_label
from copilot.offline.say import Part, say
from copilot.offline.say.periods import period_of
from copilot.offline.say.values import value_in_words
from copilot.reply import Answer
from crm_core.models import Kind
from tests.results import DAYS, MONEY, RATE, a_turn, answer, column, scalar

BY_REP = {"group_by": [{"field": "owner"}], "measures": [{"metric": "bookings"}]}
REP, BOOKINGS = column("owner", Kind.REFERENCE, entity="user"), column("bookings", **MONEY)
NAMES = [column("name")]
BIGGEST = {"columns": ["name", "amount"], "order_by": [{"by": "amount", "descending": True}], "limit": 1}
NAME_AND_AMOUNT = [column("name"), column("amount", **MONEY)]


def closed(since: str, until: str) -> dict[str, object]:
    return {"field": "closed_on", "op": "between", "value": [since, until]}


ENGLISH: list[tuple[Answer, str]] = [
    (scalar(Decimal("2802496"), where=closed("2017-10-01", "2017-12-31")), "Bookings in Q4 2017: $2,802,496."),
    (scalar(Decimal("0.631501"), "win_rate", **RATE), "Win rate: 63.2%."),
    (scalar(51.782, "sales cycle", **DAYS), "Sales cycle: 51.8 days."),
    (scalar(0, "number of deals", kind=Kind.INTEGER), "Number of deals: 0."),
    (scalar(None), "None: no deals match, so there is no figure for bookings."),
    (scalar(None, "amount", missing=9), "Not recorded: amount is empty for “the amount”."),
    (scalar(Decimal(600), "pipeline", missing=12), "Pipeline: $600. Left out: 12 deals without a value for pipeline."),
    (answer(BY_REP, [REP, BOOKINGS], ("Ann Lee", Decimal("1153214"))), "Ann Lee: $1,153,214."),
    (
        answer(BY_REP, [REP, BOOKINGS], ("Ann", Decimal(2)), ("Bob", Decimal("1.5")), (None, None)),
        "Ann: $2; Bob: $1.50; (none): none.",
    ),
    (
        answer(BY_REP, [REP, BOOKINGS], *[(f"Rep {i}", Decimal(i)) for i in range(12)]),
        "12 rows: Rep 0: $0; Rep 1: $1; Rep 2: $2; …",
    ),
    (answer({}, NAMES), "None: no deals match."),
    (answer(BY_REP, [REP, BOOKINGS]), "None: no deals match."),
    (answer({}, NAMES, ("North",), total=1), "North."),
    (answer({}, NAMES, ("North",), ("South",), total=2), "2 deals: North, South."),
    (answer({}, NAMES, *[(f"D{i}",) for i in range(9)], total=9), "9 deals."),
    (answer({"limit": 50}, NAMES, *[(f"D{i}",) for i in range(50)], total=1479), "The first 50 of 1,479 deals."),
    (answer({"limit": 2}, NAMES, ("A",), ("B",), total=7), "The first 2 of 7 deals: A, B."),
    (answer(BIGGEST, NAME_AND_AMOUNT, ("North", Decimal(500)), total=3), "North: $500."),
    (
        answer(BIGGEST | {"with_ties": True}, NAME_AND_AMOUNT, ("A", Decimal(5)), ("B", Decimal(5)), total=2),
        "2 deals: A: $5; B: $5. The last ones tie, so all of them are shown.",
    ),
    (
        answer(BIGGEST, NAME_AND_AMOUNT, ("North", None), total=3),
        "Not recorded: amount is empty for “the query”.",
    ),
    (
        answer({"columns": ["name", "phone"]}, [column("name"), column("phone")], ("Acme", None), total=1),
        "Acme: not recorded.",
    ),
    (
        answer({"columns": ["closed_on"]}, [column("closed_on", Kind.DATE)], (date(2017, 3, 1),), total=1),
        "2017-03-01.",
    ),
]


@pytest.mark.parametrize(("answered", "text"), ENGLISH, ids=[text for _, text in ENGLISH])
def test_a_result_reads(answered, text):
    assert say([Part(answered)], a_turn()).text == text


@pytest.mark.parametrize(
    ("answered", "text"),
    [
        (scalar(Decimal("0.6315"), "win rate", **RATE), "赢单率：63.2%。"),
        (
            scalar(5, "number of deals", kind=Kind.INTEGER, where=closed("2017-03-01", "2017-03-31")),
            "2017年3月的商机数：5。",
        ),
        (scalar(51.78, "average duration", **DAYS), "平均用时（天）：51.8 天。"),
        (answer({}, NAMES), "没有符合条件的商机。"),
        (scalar(None), "没有符合条件的商机，因此没有业绩（赢单金额）。"),
        (answer(BY_REP, [REP, BOOKINGS], ("Ann", Decimal(2)), ("Bob", Decimal(1))), "Ann：$2；Bob：$1。"),
        (answer({}, NAMES, ("A",), ("B",), total=2), "2 个商机：A、B。"),
        (scalar(None, "total amount", missing=3), "没有记录：“the total amount”的金额合计为空。"),
    ],
)
def test_a_result_reads_in_chinese(answered, text):
    assert say([Part(answered)], a_turn("zh")).text == text


COMPARED = answer(
    {
        "measures": [{"metric": "bookings"}],
        "compare_to": {
            "base": {"field": "closed_on", "since": "2017-07-01", "until": "2017-09-30"},
            "against": {"field": "closed_on", "since": "2017-10-01"},
        },
    },
    [
        column("bookings@base", label="bookings 2017-07-01 – 2017-09-30", **MONEY),
        column("bookings@against", label="bookings since 2017-10-01", **MONEY),
        column("bookings@difference", label="difference of bookings", **MONEY),
        column("bookings@change", label="change of bookings", **RATE),
    ],
    (Decimal(200), Decimal(190), Decimal(-10), -0.05),
)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Bookings in Q3 2017: $200; since 2017-10-01: $190; change: -$10 (-5.0%)."),
        ("zh", "业绩（赢单金额）：2017年第3季度 $200；2017-10-01起 $190；变化 -$10（-5.0%）。"),
    ],
)
def test_two_periods_are_told_side_by_side(lang, text):
    turn = a_turn(lang)

    assert say([Part(COMPARED)], turn).text == text
    assert unsourced(text, sources_of([COMPARED], turn)) == []


def test_several_measures_are_told_by_name():
    columns = [REP, BOOKINGS, column("win_rate", **RATE)]
    answered = answer(BY_REP, columns, ("Ann", Decimal(2), 0.5))

    assert say([Part(answered)], a_turn()).text == "Ann: bookings $2, win rate 50.0%."


def test_what_was_assumed_stands_below_once():
    part = Part(scalar(Decimal(1)), notes=("I read x as y.",))

    assert say([part, part], a_turn()).text.splitlines()[2:] == ["I read x as y."]


@pytest.mark.parametrize("answered", [answered for answered, _ in ENGLISH], ids=[text for _, text in ENGLISH])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_figure_is_said_that_the_result_does_not_hold(answered, lang):
    turn = a_turn(lang)

    assert unsourced(say([Part(answered)], turn).text, sources_of([answered], turn)) == []


@pytest.mark.parametrize(
    ("answered", "is_answer"),
    [
        (scalar(None), True),
        (scalar(None, missing=3), False),
        (scalar(0), True),
        (answer({}, NAMES), True),
        (answer(BY_REP, [REP, BOOKINGS], ("Ann", None), ("Bob", None)), True),
        (answer(BY_REP, [REP, BOOKINGS], ("Ann", None), ("Bob", None), missing={"bookings": 2}), False),
        (answer(BY_REP, [REP, BOOKINGS], ("Ann", None), ("Bob", Decimal(1))), True),
        (answer(BIGGEST, NAME_AND_AMOUNT, ("North", None), total=3), False),
    ],
)
def test_blank_is_no_answer_but_empty_is(answered, is_answer):
    assert say([Part(answered)], a_turn()).is_answer is is_answer


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        ("2017-01-01", "2017-12-31", "in 2017"),
        ("2017-04-01", "2017-06-30", "in Q2 2017"),
        ("2017-07-01", "2017-12-31", "in H2 2017"),
        ("2016-02-01", "2016-02-29", "in February 2016"),
        ("2017-02-01", "2017-04-30", "from 2017-02-01 to 2017-04-30"),
        ("2017-03-05", "2017-03-05", "on 2017-03-05"),
        ("2016-12-01", "2017-02-28", "from 2016-12-01 to 2017-02-28"),
    ],
)
def test_a_period_is_told_by_its_name(since, until, text):
    parts = [{"field": "closed_on", "op": "ge", "value": since}, {"field": "closed_on", "op": "le", "value": until}]

    for where in (closed(since, until), {"all": parts}):
        assert period_of(scalar(1, where=where).result.spec, "en") == text


def test_an_open_or_a_second_period_is_not_told():
    after = {"field": "closed_on", "op": "ge", "value": "2017-01-01"}
    other = {"field": "started_on", "op": "between", "value": ["2016-01-01", "2016-12-31"]}

    for where in (after, {"all": [closed("2017-01-01", "2017-12-31"), other]}, None):
        assert period_of(scalar(1, where=where).result.spec, "en") is None


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("bookings", "业绩（赢单金额）"),
        ("number of line items", "商机明细数"),
        ("average annual revenue", "平均年营收"),
        ("bookings 2017-01-01 – 2017-03-31", "业绩（赢单金额）（2017-01-01 – 2017-03-31）"),
        ("total amount per number of deals", "金额合计／商机数"),
        ("kennel size", "kennel size"),
    ],
)
def test_a_label_is_told_in_chinese(label, told):
    assert column_label(label, "deal", "zh") == told


@pytest.mark.parametrize(
    ("value", "given", "text"),
    [
        (Decimal("1250.5"), {"kind": Kind.MONEY, "currency": "EUR"}, "€1,250.50"),
        (Decimal("-3"), {"kind": Kind.MONEY, "currency": "CHF"}, "-CHF 3"),
        (Decimal("1234567"), {"kind": Kind.MONEY}, "1,234,567"),
        (45, {"kind": Kind.PERCENT}, "45%"),
        (1996, {"kind": Kind.YEAR}, "1996"),
        (12000, {"kind": Kind.INTEGER}, "12,000"),
        (Decimal("2.345"), {"kind": Kind.DECIMAL}, "2.35"),
        (True, {"kind": Kind.BOOLEAN}, "yes"),
        (date(2017, 3, 1), {"kind": Kind.DATE}, "2017-03-01"),
        (datetime(2017, 3, 1, 9, 5, tzinfo=UTC), {"kind": Kind.DATETIME}, "2017-03-01 09:05"),
        (None, {"kind": Kind.MONEY}, "not recorded"),
        (-0.0493, RATE, "-4.9%"),
    ],
)
def test_a_value_reads(value, given, text):
    assert value_in_words(value, column("x", **given), "en") == text


def test_how_many_groups_differ_is_told_as_a_number():
    spec = {
        "measures": [{"fn": "count", "name": "count"}],
        "group_by": [{"field": "owner"}],
        "compare_to": {
            "base": {"field": "closed_on", "since": "2017-07-01", "until": "2017-09-30"},
            "against": {"field": "closed_on", "since": "2017-10-01", "until": "2017-12-31"},
        },
        "having": [{"measure": "count@difference", "op": "gt", "value": 0}],
        "summary": "count",
    }
    counted = answer(spec, [column("count_count@base", label="number of owners", kind=Kind.INTEGER)], (13,))

    assert "13" in say([Part(counted)], a_turn("en")).text
