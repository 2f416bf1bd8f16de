"""What must hold between two questions, whatever the answers are: nobody has to know the right figure.

A frame is a sentence with holes for names and values; words between stars carry content. `CI_FILLINGS` fillings of each
frame are tried in every run, `SOAK_FILLINGS` with FARLEY_SOAK=1.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from copilot.offline.plan import Query
from crm_core.query.spec import QuerySpec
from tests.copilot.offline.conftest import Desk
from tests.worlds import ACCOUNTS, COUNTRIES, INDUSTRIES, PRODUCTS, REGIONS, REPS

IN_SOAK = bool(os.environ.get("FARLEY_SOAK"))
CI_FILLINGS, SOAK_FILLINGS = 1, 25
SINGLE = [name for name in ACCOUNTS if name not in ("Palisade Holdings", "Ironhollow")]

HOLES: dict[str, list[str]] = {
    "rep": list(REPS), "region": list(REGIONS), "industry": list(INDUSTRIES), "country": list(COUNTRIES),
    "account": SINGLE, "product": list(PRODUCTS), "year": ["2023", "2024", "2025"], "quarter": ["Q1", "Q2", "Q3", "Q4"],
}  # fmt: skip
NAMES, VALUES = ("rep", "account", "product"), ("region", "industry", "country")

DEALS = (
    "how many deals did {rep} *win* in {year}",
    "*bookings* for {quarter} {year}",
    "*bookings* by *industry* for {year}",
    "*win* *rate* of {rep} in {year}",
    "*win* *rate* by *product* in {year}",
    "*top* *3* *accounts* by *revenue* in {year}",
    "how many *open* deals does {rep} have",
    "average *deal* *size* in {industry} in {year}",
    "*revenue* from {account} in {year}",
    "*lost* deals by *reason* in {year}",
    "*pipeline* by *product*",
    "how much revenue did {product} bring in in {year}",
    "average sales *cycle* for {product}",
    "*wins* per *month* in {year}",
    "list the deals *lost* by {rep} in {year}",
    "*open* deals over *20k* for {rep}",
    "which *rep* *won* the *most* deals in {quarter} 2024",
    "what *share* of *revenue* in {year} came from {industry}",
    "how many *deals* were *started* in {year}",
    "*median* *amount* of *won* deals in {country}",
    "the *biggest* deal that {rep} *won* in {year}",
    "number of deals *lost* to {account}",
)
OTHERS = (
    "list the accounts in {country}",
    "how many *accounts* are in {industry}",
    "which accounts in {country} have *more* than *500* *employees*",
    "which accounts in {industry} have we *never* *won* a deal with",
    "*average* *employees* per *industry*",
    "which product has the *highest* list *price*",
    "accounts *founded* *after* *1995* in {country}",
    "which *reps* are in the {region} region",
)
FRAMES = DEALS + OTHERS
NONSENSE = ("blorptastic", "zwanfel", "frindlewort", "vornakish", "plimbic")


def fillings(frame: str, *, seed: int = 0) -> Iterator[dict[str, str]]:
    """What to put into the holes of a frame, the same in every run."""
    rng = random.Random(f"{frame}{seed}")
    for _ in range(SOAK_FILLINGS if IN_SOAK else CI_FILLINGS):
        yield {hole: rng.choice(choices) for hole, choices in HOLES.items()}


def filled(frame: str, filling: dict[str, str]) -> str:
    return frame.replace("*", "").format(**filling)


def holes(frame: str) -> list[str]:
    return re.findall(r"{(\w+)}", frame)


def with_hole(*kinds: str, among: tuple[str, ...] = FRAMES) -> list[Any]:
    return [pytest.param(f, h, id=f"{h}: {f}") for f in among for h in holes(f) if h in kinds]


def conditions(spec: QuerySpec) -> Counter[str]:
    """Every simple condition of the spec's filter, however it is nested."""
    found: Counter[str] = Counter()

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict):
            if "field" in node:
                found[f"{path}{sorted((k, str(v)) for k, v in node.items())}"] += 1
            for key, value in node.items():
                walk(value, f"{path}not " if key == "not" else path)
        elif isinstance(node, list):
            for value in node:
                walk(value, path)

    walk(spec.model_dump(mode="json", exclude_defaults=True).get("where"), "")
    return found


def spec_of(desk: Desk, text: str) -> QuerySpec | None:
    plan = desk.plan(text)
    return plan.spec if isinstance(plan, Query) else None


def as_text(spec: QuerySpec) -> str:
    return spec.model_dump_json(exclude_defaults=True)


@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_is_answered(sales: Desk, frame: str) -> None:
    """Without this the other tests would hold of a planner that never answers."""
    for filling in fillings(frame):
        sales.spec(filled(frame, filling))


@pytest.mark.parametrize(("frame", "hole"), with_hole(*NAMES, *VALUES))
def test_another_name_changes_only_that_value(sales: Desk, frame: str, hole: str) -> None:
    for filling in fillings(frame):
        other = HOLES[hole][HOLES[hole].index(filling[hole]) - 1]
        one = as_text(sales.spec(filled(frame, filling)))
        two = as_text(sales.spec(filled(frame, filling | {hole: other})))

        assert one.replace(f'"{filling[hole]}"', f'"{other}"') == two


@pytest.mark.parametrize("frame", FRAMES)
def test_a_content_word_cannot_be_left_out_without_effect(sales: Desk, frame: str) -> None:
    for filling in fillings(frame):
        whole = sales.spec(filled(frame, filling))
        for cut in _without_one(frame):
            text = filled(cut, filling)
            assert spec_of(sales, text) != whole, text


def _without_one(frame: str) -> Iterator[str]:
    for found in re.finditer(r"\*\w+\*|{\w+}", frame):
        yield " ".join((frame[: found.start()] + frame[found.end() :]).split())


@pytest.mark.parametrize("ending", ["in the {region}", "in the {region} region"])
@pytest.mark.parametrize("frame", [frame for frame in DEALS if "*share*" not in frame])  # there it may join the part
def test_a_region_adds_exactly_one_condition(sales: Desk, frame: str, ending: str) -> None:
    for filling in fillings(frame):
        bare = sales.spec(filled(frame, filling))
        narrowed = sales.spec(filled(f"{frame} {ending}", filling))

        wanted = str(sorted({"field": "owner.region", "value": filling["region"]}.items()))
        assert conditions(narrowed) - conditions(bare) == Counter({wanted: 1})
        assert not conditions(bare) - conditions(narrowed)
        assert narrowed.model_copy(update={"where": None}) == bare.model_copy(update={"where": None})


@pytest.mark.parametrize("frame", FRAMES)
def test_an_unknown_word_anywhere_means_no_answer(sales: Desk, frame: str) -> None:
    for filling in fillings(frame):
        pieces = re.findall(r"\*\w+\*|{\w+}|\S+", frame)
        for at in range(len(pieces) + 1):
            word = NONSENSE[at % len(NONSENSE)]
            text = filled(" ".join([*pieces[:at], word, *pieces[at:]]), filling)
            assert not isinstance(sales.plan(text), Query), text


SAME: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.capitalize,
    str.swapcase,
    lambda text: f"{text}?",
    lambda text: f"  {text} !!",
    lambda text: f"{text}.",
    lambda text: f"please, {text}",
    lambda text: f"{text} please",
    lambda text: f"hey, {text}",
    lambda text: f"could you tell me {text}",
    lambda text: f"hi Farley, {text} - thanks!",
    lambda text: text.replace(" ", "  "),
    lambda text: f"I would like to know {text}",
    lambda text: f"{text}, thank you",
)


@pytest.mark.parametrize("frame", FRAMES)
def test_case_punctuation_and_politeness_change_nothing(sales: Desk, frame: str) -> None:
    for filling in fillings(frame):
        text = filled(frame, filling)
        plain = sales.spec(text)
        for change in SAME:
            assert sales.spec(change(text)) == plain, change(text)


GROUPS = ("region", "rep", "industry", "country", "product", "product family", "quarter", "stage", "manager", "account")
ADDITIVE = ("bookings", "deals won", "deals lost", "pipeline", "number of deals")
SCOPES = ("", " in 2024", " for {product}", " in {country}", " for {rep} in 2024", " in {industry} in Q3 2024")


@pytest.mark.parametrize("measure", ADDITIVE)
@pytest.mark.parametrize("group", GROUPS)
def test_group_totals_add_up_to_the_total(sales: Desk, group: str, measure: str) -> None:
    dated = measure in ("bookings", "deals won", "deals lost")
    for scope in (s for s in SCOPES if dated or "20" not in s):
        if group == "quarter" and not dated:
            continue
        filling = next(fillings(scope + group))
        text = f"{measure}{filled(scope, filling)}"
        whole = sales.number(text)
        parts = sales.rows(f"{measure} by {group}{filled(scope, filling)}")

        assert sum(float(row[-1] or 0) for row in parts) == pytest.approx(whole), text


@pytest.mark.parametrize("measure", ["bookings", "deals won", "deals lost"])
@pytest.mark.parametrize("scope", ["", " for {rep}", " in {industry}", " from {account}", " in the {region}"])
def test_a_year_is_the_sum_of_its_quarters_and_months(sales: Desk, measure: str, scope: str) -> None:
    for filling in fillings(measure + scope):
        base, year = measure + filled(scope, filling), filling["year"]
        whole = sales.number(f"{base} in {year}")

        assert sum(sales.number(f"{base} in Q{q} {year}") for q in (1, 2, 3, 4)) == pytest.approx(whole)
        months = (
            "January",
            "Feb",
            "March",
            "Apr",
            "May",
            "June",
            "July",
            "August",
            "Sept",
            "October",
            "Nov",
            "December",
        )
        assert sum(sales.number(f"{base} in {month} {year}") for month in months) == pytest.approx(whole)


COUNTS = ("how many deals did we win in 2024", "how many open deals are there", "number of deals we lost in 2024")
EXCLUSIONS = ("excluding {v}", "not in {v}", "outside {v}", "except {v}", "other than {v}", "without {v}",
"except for {v}",
              "not counting {v}", "leaving out {v}", "but not {v}")  # fmt: skip


@pytest.mark.parametrize("exclusion", EXCLUSIONS)
@pytest.mark.parametrize("base", COUNTS)
def test_an_exclusion_leaves_the_complement(sales: Desk, base: str, exclusion: str) -> None:
    rng = random.Random(base + exclusion)
    for kind in ("country", "industry", "region"):
        value = rng.choice(HOLES[kind])
        inside = sales.number(f"{base} in {value}")
        outside = sales.number(f"{base} {exclusion.format(v=value)}")

        assert inside + outside == sales.number(base), (base, exclusion, value)


@pytest.mark.parametrize(
    "exclusion", ["excluding {v}", "except {v}", "without {v}", "other than {v}", "except those of {v}"]
)
@pytest.mark.parametrize("kind", NAMES)
def test_an_excluded_record_leaves_the_complement(sales: Desk, kind: str, exclusion: str) -> None:
    for base in COUNTS:
        value = random.Random(base + kind + exclusion).choice(HOLES[kind])
        inside = sales.number(f"{base} for {value}")
        outside = sales.number(f"{base} {exclusion.format(v=value)}")

        assert inside + outside == sales.number(base), (base, exclusion, value)


RANKINGS = (
    "top {n} reps by revenue in 2024", "the {n} biggest accounts by bookings", "{n} products with the most wins",
    "top {n} accounts by number of deals won", "the {n} oldest open deals", "the {n} largest customers by headcount",
    "bottom {n} reps by win rate", "the {n} most recent wins",
)  # fmt: skip


@pytest.mark.parametrize("ranking", RANKINGS)
def test_a_shorter_ranking_is_the_beginning_of_a_longer_one(sales: Desk, ranking: str) -> None:
    for n in range(2, 9 if IN_SOAK else 5):
        shorter, longer = (sales.rows(ranking.format(n=k)) for k in (n, n + 1))

        assert len(shorter) >= n
        assert longer[:n] == shorter[:n]


TWINS = (
    ("how many deals did {rep} win in {year}", "{rep} {year}年赢了多少单"),
    ("bookings by region for {year}", "{year}年各大区的销售额"),
    ("win rate of {rep} in {year}", "{rep} {year}年的赢单率"),
    ("top 3 accounts by revenue in {year}", "{year}年销售额前三的客户"),
    ("how many open deals does {rep} have", "{rep} 有多少个未结商机"),
    ("revenue from {account} in {year}", "{account} {year}年的销售额"),
    ("average sales cycle for {product}", "{product} 的平均销售周期"),
    ("wins per month in {year}", "{year}年每月的赢单数"),
    ("which rep won the most deals in {year}", "{year}年哪个销售赢单最多"),
    ("pipeline by product", "各产品的在谈金额"),
    ("loss rate by industry in {year}", "{year}年各行业的丢单率"),
    ("which reps are in the {region} region", "{region} 大区有哪些销售"),
    ("which product has the highest list price", "哪个产品的标价最高"),
    ("how many accounts have more than 500 employees", "员工超过500人的客户有多少家"),
    ("open deals over 20k", "金额超过2万的未结商机"),
    ("bookings in the first half of 2024", "2024年上半年的销售额"),
    ("deals won last month", "上个月赢了多少单"),
    ("how many deals have no account", "有多少商机没有客户"),
)  # fmt: skip


@pytest.mark.parametrize(("english", "chinese"), TWINS)
def test_a_question_in_chinese_is_the_same_question(sales: Desk, english: str, chinese: str) -> None:
    for filling in fillings(english):
        one, two = sales.spec(filled(english, filling)), sales.spec(filled(chinese, filling))

        assert _answer(sales, one) == _answer(sales, two)


def _answer(desk: Desk, spec: QuerySpec) -> list[tuple[object, ...]]:
    return [row.values for row in desk.run(spec).rows]


NO_START = tuple(
    f for f in DEALS if "cycle" not in f and "started" not in f
)  # the other company's start is a new field


@pytest.mark.parametrize("frame", NO_START + OTHERS)
def test_columns_of_other_names_give_the_same_answers(desk: Callable[[str], Desk], frame: str) -> None:
    plain, other = desk("sales"), desk("renamed")
    for filling in fillings(frame):
        text = filled(frame, filling)
        assert _comparable(plain, text) == _comparable(other, text)


@pytest.mark.parametrize("frame", FRAMES)
def test_misleading_columns_change_no_answer(desk: Callable[[str], Desk], frame: str) -> None:
    plain, other = desk("sales"), desk("distracted")
    for filling in fillings(frame):
        text = filled(frame, filling)
        assert plain.spec(text) == other.spec(text)


def _comparable(desk: Desk, text: str) -> list[tuple[str, ...]]:
    spec = desk.spec(text)
    if not spec.measures and spec.entity == "deal":
        spec = spec.model_copy(update={"columns": ["external_id", "amount"]})
    return sorted(tuple(map(str, row)) for row in _answer(desk, spec))
