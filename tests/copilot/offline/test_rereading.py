"""Words read otherwise where the first reading makes no sense, verbs that only bring about a call, what rivals took."""

from dataclasses import replace
from datetime import date

import pytest

from copilot.offline.compose.reading import Reading
from copilot.offline.plan import Clarify, PastTurn, Query
from copilot.offline.planner import Planner
from copilot.offline.prepare import Prepared
from copilot.offline.reader import Read
from copilot.offline.rereading import read_again
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.verdict import Verdict
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import
from crm_core.users import actor_for

TODAY = date(2026, 11, 18)
FILES = {
    "users.csv": "Name,Manager\nDora Oak,\nTom Birch,Dora Oak\nRea Pine,Dora Oak\n",
    "accounts.csv": "Account Name,Owner\nMercy Clinic,Tom Birch\nGary Mill,Rea Pine\nOtto Works,Rea Pine\n",
    "deals.csv": (
        "Deal Name,Account Name,Owner,Stage,Amount,Lost To,Created,Closing Date\n"
        "D1,Mercy Clinic,Tom Birch,Won,900,,2026-08-01,2026-10-05\n"
        "D2,Gary Mill,Rea Pine,Lost,400,Zentro,2026-08-02,2026-10-09\n"
        "D3,Gary Mill,Rea Pine,Lost,300,Zentro,2026-09-02,2026-11-10\n"
        "D4,Otto Works,Rea Pine,Lost,250,Baxley,2026-01-05,2026-06-01\n"
        "D5,Otto Works,Tom Birch,Negotiation,700,,2026-09-02,2026-12-20\n"
        "D6,Mercy Clinic,Rea Pine,Negotiation,100,,2026-11-03,2026-12-15\n"
    ),
    "activities.csv": (
        "Activity Type,Account Name,Owner,Date\nCall,Mercy Clinic,Tom Birch,2026-10-02\n"
        "Call,Mercy Clinic,Tom Birch,2026-10-12\nCall,Gary Mill,Rea Pine,2026-10-20\n"
        "Meeting,Gary Mill,Rea Pine,2026-11-03\nMeeting,Mercy Clinic,Tom Birch,2026-09-03\n"
    ),
    "tasks.csv": (
        "Subject,Deal Name,Owner,Due Date,Status\nSend quote,D5,Tom Birch,2026-11-25,Open\n"
        "Ring back,D6,Rea Pine,2026-11-02,Done\n"
    ),
    "leads.csv": (
        "ID,Title,Person,Owner,Source,Status,Created\nL1,Acme lead,Ada Byron,Tom Birch,Web,New,2026-10-03\n"
        "L2,Corvus lead,Cyd Corm,Tom Birch,Web,New,2026-10-21\nL3,Elm lead,Eve Dole,Rea Pine,Fair,New,2026-11-04\n"
    ),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rereading")
    store = create_store(f"sqlite:///{folder}/farley.db")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    apply_import(store, plan_import(store, [folder / name for name in FILES], today=TODAY), actor=ADMIN)
    yield store
    store.close()


@pytest.fixture(scope="module")
def planner(store):
    return Planner(store)


def plan_of(store, planner, text, *, said_by="Dora Oak", after=()):
    return planner.plan(text, dialogue=after, actor=actor_for(store, said_by), today=TODAY)


def rows_of(store, planner, text, *, said_by="Dora Oak"):
    plan = plan_of(store, planner, text, said_by=said_by)
    assert isinstance(plan, Query), plan
    return [tuple(row.values) for row in run_query(store, plan.spec, actor=ADMIN, today=TODAY).rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how many calls did Tom Birch make in october", 2),
        ("how many calls has Tom Birch had in october", 2),
        ("how many calls did we put in in october", 3),
        ("number of meetings Rea Pine held this month", 1),
        ("how many meetings did we run this year", 2),
        ("Tom Birch 10月打了几个电话", 2),
        ("10月我们做了多少个电话", 3),
    ],
)
def test_a_verb_that_brings_a_call_about_measures_nothing(store, planner, text, expected) -> None:
    assert rows_of(store, planner, text) == [(expected,)]


def test_who_made_the_most_calls_is_told_by_calls_and_not_by_money(store, planner) -> None:
    assert rows_of(store, planner, "who made the most calls in october") == [("Tom Birch", 2)]
    assert rows_of(store, planner, "calls made per rep in october") == [("Tom Birch", 2), ("Rea Pine", 1)]


def test_what_is_made_of_deals_is_money_still(store, planner) -> None:
    assert rows_of(store, planner, "how much did we make in october") == [(900,)]


def test_a_verb_that_is_said_of_something_else_keeps_its_sense(store, planner) -> None:
    plan = plan_of(store, planner, "how many calls did it take to win Mercy Clinic")

    assert not isinstance(plan, Query) or plan.spec.entity != "interaction" or plan.spec.where is not None


@pytest.mark.parametrize(
    "text", ["how many leads did Tom Birch bring in in october", "leads put in by Tom Birch in october, how many"]
)
def test_leads_that_are_brought_in_are_counted(store, planner, text) -> None:
    assert rows_of(store, planner, text) == [(2,)]


def test_leads_go_by_their_own_day_and_not_by_that_of_deals(store, planner) -> None:
    assert rows_of(store, planner, "how many leads were created in october") == [(2,)]
    assert rows_of(store, planner, "leads created per month this year") == [("2026-10", 2), ("2026-11", 1)]


def test_tasks_that_were_made_on_days_nobody_noted_are_asked_about(store, planner) -> None:
    assert isinstance(plan_of(store, planner, "how many tasks were created last month"), Clarify)


@pytest.mark.parametrize("text", ["how much is open in Negotiation", "my team's open pipeline"])
def test_what_is_open_in_the_pipeline_is_no_task(store, planner, text) -> None:
    assert rows_of(store, planner, text) == [(800,)]


def test_open_tasks_are_tasks_still(store, planner) -> None:
    plan = plan_of(store, planner, "what tasks are open")

    assert isinstance(plan, Query)
    assert plan.spec.entity == "task"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how many deals did Zentro take off us", 2),
        ("How many did Zentro take off us in november?", 1),
        ("how many deals has Zentro stolen from us this year", 2),
        ("how many deals did Baxley take away from us", 1),
    ],
)
def test_what_a_competitor_took_off_us_was_lost_to_it(store, planner, text, expected) -> None:
    assert rows_of(store, planner, text) == [(expected,)]


def test_a_column_of_whom_deals_were_lost_to_holds_the_competitors(store, planner) -> None:
    assert rows_of(store, planner, "which competitor takes the most deals off us") == [("Zentro", 2)]


def test_what_takes_off_grows_where_no_competitor_is_named(store, planner) -> None:
    assert isinstance(plan_of(store, planner, "did sales take off"), Clarify)


def test_a_word_that_may_mean_nothing_is_read_as_what_it_means_where_the_rest_makes_no_sense(store, planner) -> None:
    names = [row[0] for row in rows_of(store, planner, "which customers haven't heard from us since october")]

    assert names == ["Otto Works"]


def test_a_second_reading_is_taken_in_a_conversation_too(store, planner) -> None:
    before = plan_of(store, planner, "how many deals did we win this year")
    assert isinstance(before, Query)
    turn = PastTurn("how many deals did we win this year", spec=before.spec, shape=before.shape)

    plan = plan_of(store, planner, "which customers haven't heard from us since october", after=(turn,))

    assert isinstance(plan, Query)
    assert [row.values[0] for row in run_query(store, plan.spec, actor=ADMIN, today=TODAY).rows] == ["Otto Works"]


@pytest.mark.parametrize(
    "text",
    [
        "who is the best",  # which measure
        "how many deals did we frobnicate",  # an unknown word
        "by how much did it change",  # between what
    ],
)
def test_what_is_truly_in_doubt_is_asked_still(store, planner, text) -> None:
    assert not isinstance(plan_of(store, planner, text), Query)


def tag(text, *senses):
    return Tag(0, 1, text, tuple(Sense(kind, value) for kind, value in senses), 1.0)


class Readings:
    """Reads any tags, and judges each reading by the senses of its first word."""

    def __init__(self, first: Tag, answers: dict[tuple[T, ...], QuerySpec]) -> None:
        self.read = Read(Prepared((), ()), (first,), Reading(), "en")
        self.answers = answers

    def read_as(self, read, tags):
        return replace(read, tags=tags)

    def judge(self, read):
        spec = self.answers.get(tuple(sense.type for sense in read.tags[0].senses))
        plan = Query(spec, "list") if spec else Clarify("how?")
        return Verdict(plan, read.reading, read.tags, lacks_sense=spec is None)

    def again(self):
        return read_again(self.judge(self.read), self.read, self, self.judge)


DEALS, TASKS = QuerySpec(entity="deal"), QuerySpec(entity="task")


def test_one_query_of_all_second_readings_is_taken() -> None:
    first = tag("led", (T.MANAGES, "user.manager"), (T.SUP, "max_rank"), (T.OWNS, "deal.owner"))
    readings = Readings(first, {(T.SUP, T.OWNS): DEALS, (T.MANAGES, T.OWNS): DEALS})

    assert readings.again().plan == Query(DEALS, "list")


def test_two_queries_of_two_second_readings_are_a_doubt() -> None:
    first = tag("led", (T.MANAGES, "user.manager"), (T.SUP, "max_rank"), (T.OWNS, "deal.owner"))

    assert Readings(first, {(T.SUP, T.OWNS): DEALS, (T.MANAGES, T.OWNS): TASKS}).again() is None


@pytest.mark.parametrize("kind", [T.ENTITY, T.RECORD, T.VALUE, T.STATE, T.METRIC, T.NEG, T.DATE])
def test_what_is_named_bounded_or_denied_is_never_read_away(kind) -> None:
    assert Readings(tag("word", (kind, "x"), (T.OWNS, "deal.owner")), {(T.OWNS,): DEALS}).again() is None


def test_no_word_is_read_as_meaning_nothing() -> None:
    assert Readings(tag("led", (T.SUP, "max_rank"), (T.FILLER, "words")), {(T.FILLER,): DEALS}).again() is None


def test_a_reading_that_makes_sense_is_not_read_again() -> None:
    first = tag("led", (T.SUP, "max_rank"), (T.OWNS, "deal.owner"))

    assert Readings(first, {(T.SUP, T.OWNS): DEALS, (T.OWNS,): TASKS}).again() is None


def test_a_value_of_several_columns_is_a_doubt_of_its_own() -> None:
    first = tag("food", (T.VALUE, ("user.team", "Food")), (T.VALUE, ("account.industry", "Food")), (T.SUP, "max_rank"))

    assert Readings(first, {(T.VALUE, T.VALUE): DEALS}).again() is None
