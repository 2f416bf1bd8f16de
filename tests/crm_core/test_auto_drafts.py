from datetime import UTC, date, datetime

import pytest

from crm_core.access import ADMIN, Scope
from crm_core.auto_drafts import Rules, choose, rules_of
from crm_core.errors import Forbidden, Invalid
from tests.factories import actor_for, make_user


def rules(store, user):
    with store.read() as connection:
        return rules_of(connection, user, time_zone="UTC")


def at(hour, minute=0):
    return datetime(2017, 11, 15, hour, minute, tzinfo=UTC)


def test_the_nearest_choice_counts(store):
    ada = make_user(store, "Ada", team="East")
    bo = make_user(store, "Bo", team="East")
    cy = make_user(store, "Cy", team="West")
    choose(store, "all", {"is_on": False, "unanswered_days": 5}, actor=ADMIN)
    choose(store, "team:East", {"is_on": True}, actor=ADMIN)
    choose(store, f"user:{ada}", {"unanswered_days": 2}, actor=actor_for(ada))

    found = [(one.is_on, one.unanswered_days) for one in (rules(store, ada), rules(store, bo), rules(store, cy))]

    assert found == [(True, 2), (True, 5), (False, 5)]


def test_a_later_choice_leaves_the_rest_as_it_was(store):
    ada = make_user(store, "Ada")
    choose(store, f"user:{ada}", {"unanswered_days": 2, "time_zone": "Asia/Shanghai"}, actor=actor_for(ada))
    choose(store, f"user:{ada}", {"is_on": False}, actor=actor_for(ada))

    assert rules(store, ada) == Rules(is_on=False, unanswered_days=2, time_zone="Asia/Shanghai")


@pytest.mark.parametrize(
    ("quiet", "zone", "moment", "is_quiet"),
    [
        (("19:00", "07:00"), "UTC", at(23), True), (("19:00", "07:00"), "UTC", at(6, 59), True),
        (("19:00", "07:00"), "UTC", at(7), False), (("19:00", "07:00"), "UTC", at(18, 59), False),
        (("12:00", "13:00"), "UTC", at(12, 30), True), (("12:00", "13:00"), "UTC", at(13), False),
        (("19:00", "07:00"), "Asia/Shanghai", at(12), True), (("19:00", "07:00"), "Asia/Shanghai", at(0), False),
        (("00:00", "00:00"), "UTC", at(0), False),
    ],
)  # fmt: skip
def test_quiet_hours_are_those_of_the_persons_clock(quiet, zone, moment, is_quiet):
    assert Rules(quiet_from=quiet[0], quiet_until=quiet[1], time_zone=zone).is_quiet(moment) is is_quiet


@pytest.mark.parametrize(
    ("days", "zone", "moment", "is_quiet"),
    [
        ("mon-fri", "UTC", date(2017, 11, 17), False), ("mon-fri", "UTC", date(2017, 11, 18), True),
        ("sun-thu", "UTC", date(2017, 11, 19), False), ("sun-thu", "UTC", date(2017, 11, 17), True),
        ("Mon, Wed", "UTC", date(2017, 11, 21), True), ("mon-sun", "UTC", date(2017, 11, 19), False),
        ("mon-fri", "Pacific/Kiritimati", date(2017, 11, 17), True),
    ],
)  # fmt: skip
def test_days_without_work_are_quiet_by_the_persons_clock(days, zone, moment, is_quiet):
    at_ten = datetime(moment.year, moment.month, moment.day, 10, 30, tzinfo=UTC)

    assert (
        Rules(working_days=days, time_zone=zone, quiet_from="00:00", quiet_until="00:00").is_quiet(at_ten) is is_quiet
    )


def test_what_fell_due_on_days_without_work_is_made_up_for():
    monday, tuesday = date(2017, 11, 20), date(2017, 11, 21)

    assert [Rules().days_off_before(day) for day in (monday, tuesday)] == [2, 0]
    assert Rules(working_days="wed").days_off_before(tuesday) == 5


@pytest.mark.parametrize("days", ["", "someday", "1-5"])
def test_days_are_named(store, days):
    ada = make_user(store, "Ada")

    with pytest.raises(Invalid, match="mon-fri"):
        choose(store, f"user:{ada}", {"working_days": days}, actor=actor_for(ada))


def test_nobody_chooses_for_others_without_the_right(store):
    boss = make_user(store, "Boss", team="East")
    ada = make_user(store, "Ada", team="East", manager=boss)
    cy = make_user(store, "Cy", team="West")
    manager = actor_for(boss, team=[ada], writes=Scope.TEAM)
    choose(store, f"user:{ada}", {"is_on": False}, actor=manager)
    choose(store, "team:East", {"is_on": False}, actor=manager)

    for scope, actor in (
        (f"user:{cy}", manager), ("team:West", manager), ("all", manager), (f"user:{boss}", actor_for(ada)),
        ("team:East", actor_for(ada)),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            choose(store, scope, {"is_on": True}, actor=actor)


@pytest.mark.parametrize(
    "given",
    [{"unanswered_days": 0}, {"unanswered_days": 61}, {"quiet_from": "7"}, {"quiet_until": "25:00"},
     {"quiet_from": "19:00+01:00"}, {"time_zone": "Mars/Base"}, {"time_zone": "../etc"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(sqlite_store, given):
    ada = make_user(sqlite_store, "Ada")

    with pytest.raises(Invalid):
        choose(sqlite_store, f"user:{ada}", given, actor=actor_for(ada))


def test_a_team_that_nobody_is_in_is_no_team(sqlite_store):
    with pytest.raises(Invalid, match="Nobody"):
        choose(sqlite_store, "team:East", {"is_on": True}, actor=ADMIN)
