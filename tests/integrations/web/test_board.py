"""The board: what stands in each stage, as far as the person may see it, and moves that can be taken back."""

from datetime import date

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.changes import undo
from crm_core.errors import Forbidden, NotFound
from crm_core.health import AT_RISK, set_limit
from integrations.records import Stale
from integrations.web.board import Shown, read_board, this_quarter
from integrations.web.moving import lost_reasons, move_deal
from integrations.web.reader import Reader
from tests.factories import actor_for, make_account, make_deal, make_pipeline, make_user, stage_named

TODAY = date(2017, 11, 15)


def reader(store, actor=ADMIN, lang="en"):
    return Reader(store, actor, TODAY, lang)


def lane(board, name):
    return next(one for one in board.lanes if one.name == name)


def names(board, stage):
    return [card.name for card in lane(board, stage).cards]


def test_each_stage_tells_its_deals_their_number_and_their_sum(store):
    acme = make_account(store, "Acme")
    make_deal(store, "Late", amount=1000, account=acme, closes_on=date(2017, 11, 1), currency="USD")
    make_deal(store, "Soon", amount=250.5, closes_on=date(2017, 12, 1), currency="USD")
    make_deal(store, "Other", stage="Engaging", currency="USD")

    board = read_board(reader(store), Shown())

    first = lane(board, "Prospecting")
    assert [one.name for one in board.lanes] == ["Prospecting", "Engaging", "Won", "Lost"]
    assert (first.count, first.totals, names(board, "Prospecting")) == (2, ("$1,250.50",), ["Late", "Soon"])
    assert [(card.is_overdue, card.account.text) for card in first.cards] == [(True, "Acme"), (False, "")]
    assert (lane(board, "Engaging").count, lane(board, "Engaging").totals) == (1, ())


def test_sums_of_several_currencies_stand_side_by_side(sqlite_store):
    for amount, currency in ((100, "USD"), (70, "EUR"), (30, "EUR")):
        make_deal(sqlite_store, currency, amount=amount, currency=currency)

    first = lane(read_board(reader(sqlite_store), Shown()), "Prospecting")

    assert first.totals == ("€100", "$100")
    assert sorted(card.amount for card in first.cards) == ["$100", "€30", "€70"]


def test_closed_deals_are_those_of_this_quarter(sqlite_store):
    for name, closed_on in (("New", date(2017, 10, 1)), ("Old", date(2017, 9, 30))):
        make_deal(sqlite_store, name, stage="Won", closed_on=closed_on)

    board = read_board(reader(sqlite_store), Shown())

    assert names(board, "Won") == ["New"]
    assert lane(board, "Won").count == 1


def test_a_person_sees_and_counts_only_what_is_theirs_to_see(store):
    ada, bo = make_user(store, "Ada"), make_user(store, "Bo")
    make_deal(store, "Mine", owner=ada, amount=10, currency="USD")
    make_deal(store, "Secret", owner=bo, amount=99, currency="USD")

    first = lane(read_board(reader(store, actor_for(ada, reads=Scope.OWN)), Shown()), "Prospecting")

    assert ([card.name for card in first.cards], first.count, first.totals) == (["Mine"], 1, ("$10",))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Shown(words="alph"), ["Alpha"]),
        (Shown(words="acm"), ["Alpha"]),
        (Shown(closes_soon=True), ["Beta"]),
        (Shown(at_risk=True), ["Beta"]),
    ],
)
def test_the_board_narrows_to_what_is_looked_for(sqlite_store, shown, expected):
    acme = make_account(sqlite_store, "Acme")
    make_deal(sqlite_store, "Alpha", account=acme, closes_on=date(2018, 3, 1), started_on=TODAY, next_step="call")
    make_deal(sqlite_store, "Beta", closes_on=date(2017, 10, 1), started_on=date(2017, 1, 1), amount=5, currency="USD")

    set_limit(sqlite_store, AT_RISK.name, 1, actor=ADMIN, door="web")

    board = read_board(reader(sqlite_store), shown)

    assert names(board, "Prospecting") == expected
    assert lane(board, "Prospecting").count == 1


def test_the_board_narrows_to_an_owner_and_to_a_managers_people(sqlite_store):
    boss = make_user(sqlite_store, "Boss")
    ada, bo = make_user(sqlite_store, "Ada", manager=boss), make_user(sqlite_store, "Bo")
    make_deal(sqlite_store, "A", owner=ada)
    make_deal(sqlite_store, "B", owner=bo)

    at = reader(sqlite_store)

    assert names(read_board(at, Shown(owner=bo)), "Prospecting") == ["B"]
    assert names(read_board(at, Shown(team=boss)), "Prospecting") == ["A"]
    assert list(read_board(at, Shown()).managers.values()) == ["Boss"]


def test_a_deal_at_risk_is_marked_with_its_warnings(sqlite_store):
    make_deal(sqlite_store, "Beta", closes_on=date(2017, 10, 1), started_on=date(2017, 1, 1))
    set_limit(sqlite_store, AT_RISK.name, 1, actor=ADMIN, door="web")

    (card,) = lane(read_board(reader(sqlite_store), Shown()), "Prospecting").cards
    (chinese,) = lane(read_board(reader(sqlite_store, lang="zh"), Shown()), "Prospecting").cards

    assert card.is_at_risk
    assert "overdue close date" in card.risks
    assert "预计成交日已过" in chinese.risks


def test_a_long_stage_comes_in_parts(sqlite_store):
    with sqlite_store.write() as connection:
        for number in range(55):
            make_deal(connection, f"Deal {number}")
    at = reader(sqlite_store)
    stage = stage_named(sqlite_store, "Prospecting")

    first, deeper = (lane(read_board(at, Shown(), depth=depth), "Prospecting") for depth in ({}, {stage: 100}))

    assert (len(first.cards), first.count, first.has_more) == (50, 55, True)
    assert (len(deeper.cards), deeper.has_more) == (55, False)


def test_each_pipeline_is_a_board_of_its_own(sqlite_store):
    make_deal(sqlite_store, "Sale")
    stages = make_pipeline(sqlite_store, "Renewals", stages=(("Due", 50, "open"), ("Kept", 100, "won")))
    make_deal(sqlite_store, "Renewal", stage=stages["Due"])
    at = reader(sqlite_store)
    pipelines = read_board(at, Shown()).pipelines

    renewals = next(key for key, name in pipelines.items() if name == "Renewals")

    assert [one.name for one in read_board(at, Shown(pipeline=renewals)).lanes] == ["Due", "Kept"]
    assert names(read_board(at, Shown(pipeline=renewals)), "Due") == ["Renewal"]
    with pytest.raises(NotFound):
        read_board(at, Shown(pipeline=7))


def test_a_move_is_the_persons_own_change_and_its_undo_puts_the_deal_back(store):
    ada = make_user(store, "Ada")
    deal = make_deal(store, "Alpha", owner=ada)
    at = reader(store, actor_for(ada))
    won = stage_named(store, "Won")

    done = move_deal(at, deal, 1, won, closed_on="2017-11-10")
    board = read_board(at, Shown())
    undo(store, done, actor=at.actor, door="web")

    assert (names(board, "Won"), names(board, "Prospecting")) == (["Alpha"], [])
    assert lane(board, "Won").cards[0].closes_on == date(2017, 11, 10)
    assert names(read_board(at, Shown()), "Prospecting") == ["Alpha"]


def test_a_move_of_what_has_changed_since_or_is_anothers_is_refused(sqlite_store):
    ada, bo = make_user(sqlite_store, "Ada"), make_user(sqlite_store, "Bo")
    deal = make_deal(sqlite_store, "Alpha", owner=ada)
    engaging = stage_named(sqlite_store, "Engaging")
    move_deal(reader(sqlite_store, actor_for(ada)), deal, 1, engaging)

    with pytest.raises(Stale):
        move_deal(reader(sqlite_store, actor_for(ada)), deal, 1, stage_named(sqlite_store, "Won"))
    with pytest.raises(Forbidden):
        move_deal(reader(sqlite_store, actor_for(bo)), deal, 2, stage_named(sqlite_store, "Won"))
    with pytest.raises(NotFound):
        move_deal(reader(sqlite_store, actor_for(bo, reads=Scope.OWN)), deal, 2, engaging)


def test_a_lost_deal_keeps_the_reason_and_the_board_knows_the_usual_ones(sqlite_store):
    for reason in ("Price", "Price", "Timing"):
        make_deal(sqlite_store, reason, stage="Lost", lost_reason=reason)
    deal = make_deal(sqlite_store, "Alpha")
    at = reader(sqlite_store)

    move_deal(at, deal, 1, stage_named(sqlite_store, "Lost"), lost_reason="Budget", closed_on=None)

    assert at.records("deal").get(deal, ["lost_reason", "closed_on"])["closed_on"] == TODAY.isoformat()
    assert lost_reasons(at) == ("Price", "Budget", "Timing")


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2017, 1, 1), date(2017, 1, 1), date(2017, 3, 31)),
        (date(2017, 11, 15), date(2017, 10, 1), date(2017, 12, 31)),
        (date(2016, 6, 30), date(2016, 4, 1), date(2016, 6, 30)),
    ],
)
def test_a_quarter_has_its_first_and_last_day(day, first, last):
    assert this_quarter(day) == (first, last)


def test_a_new_store_has_an_empty_board_and_another_pipeline_is_not_there(sqlite_store):
    assert read_board(reader(sqlite_store), Shown()).lanes == ()

    with pytest.raises(NotFound):
        read_board(reader(sqlite_store), Shown(pipeline=7))
