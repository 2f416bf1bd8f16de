"""Activities with tasks among them: the rows of tasks become tasks, the others what they were."""

import pytest
from sqlalchemy import select

from crm_core.models import Interaction, Task
from crm_core.transfer import ImportMap, plan_import
from tests.crm_core.transfer.conftest import TODAY

HEADER = "Activity ID,Activity Type,Subject,Activity Date,Due Date,Status,Notes\n"
CALL = "A1,Call,Asked for a price,2017-11-02,,Done,cheaper please\n"
OPEN_TASK = "A2,Task,Send the quote,2017-11-02,2017-11-20,Open,\n"
DONE_TASK = "A3,To-do,Check the drawings,2017-11-03,2017-11-04,Done,\n"


def tasks(store):
    with store.read() as connection:
        rows = connection.execute(select(Task.title, Task.status, Task.due_on).order_by(Task.title))
        return [(title, str(status), str(due)) for title, status, due in rows]


def talks(store):
    with store.read() as connection:
        return list(connection.execute(select(Interaction.subject).order_by(Interaction.subject)).scalars())


def test_rows_that_are_tasks_become_tasks(store, write, take_in):
    report = take_in(write("activities.csv", HEADER + CALL + OPEN_TASK + DONE_TASK))

    assert tasks(store) == [("Check the drawings", "done", "2017-11-04"), ("Send the quote", "open", "2017-11-20")]
    assert talks(store) == ["Asked for a price"]
    assert {name: counts.created for name, counts in report.files.items()} == {
        "activities.csv": 1, "activities (tasks).csv": 2,
    }  # fmt: skip


@pytest.mark.parametrize("word", ["任务", "待办"])
def test_tasks_are_known_by_their_chinese_words_too(store, write, take_in, word):
    header = "编号,类型,主题,日期,截止日期,状态\n"
    take_in(write("活动.csv", f"{header}1,电话,问价,2017-11-02,,完成\n2,{word},发报价,2017-11-02,2017-11-20,未完成\n"))

    assert tasks(store) == [("发报价", "open", "2017-11-20")]


def test_a_file_without_tasks_stays_whole(store, write):
    plan = plan_import(store, [write("activities.csv", HEADER + CALL)], today=TODAY)

    assert [file.name for file in plan.files] == ["activities.csv"]


def test_the_same_file_again_changes_nothing(store, write, take_in):
    path = write("activities.csv", HEADER + CALL + OPEN_TASK)
    take_in(path)

    assert take_in(path).changed == 0


def test_the_saved_map_reads_the_file_in_the_same_two_parts(store, write):
    path = write("activities.csv", HEADER + CALL + OPEN_TASK)
    plan = plan_import(store, [path], today=TODAY)

    again = plan_import(store, [path], today=TODAY, mapping=plan.mapping)

    assert [(f.name, f.entity, f.map) for f in again.files] == [(f.name, f.entity, f.map) for f in plan.files]


def test_a_map_that_reads_the_file_whole_is_kept(store, write):
    path = write("activities.csv", HEADER + CALL + OPEN_TASK)
    whole = plan_import(store, [path], today=TODAY).mapping.files["activities.csv"]

    plan = plan_import(store, [path], today=TODAY, mapping=ImportMap(files={"activities.csv": whole}))

    assert [(file.name, file.profile.rows) for file in plan.files] == [("activities.csv", 2)]


def test_each_part_has_an_error_file_of_its_own(store, write, take_in, tmp_path):
    bad = "A4,Call,Asked again,no day,,Done,\nA5,Task,Send it again,2017-11-02,soon,Open,\n"

    take_in(write("activities.csv", HEADER + CALL + OPEN_TASK + bad))

    kept = {path.name: path.read_text("utf-8") for path in (tmp_path / "errors").iterdir()}
    assert sorted(kept) == ["activities (tasks).errors.csv", "activities.errors.csv"]
    assert "A5" in kept["activities (tasks).errors.csv"]
    assert "A4" in kept["activities.errors.csv"]


PLANNED_EN = (
    "Ref,Type,Subject,Customer,Assigned to,Due date,Completed,Finished at\n"
    "1,Phone call,Asked for a price,Acme,Ana,2017-11-01,Yes,2017-11-03 10:00\n"
    "2,Site visit,Measure the roof,Acme,Ana,2017-11-20,No,\n"
    "3,Email,Send the sheet,Acme,Ana,2017-11-10,No,\n"
)
PLANNED_ZH = (
    "编号,跟进方式,主题,客户名称,负责人,计划日期,状态,实际完成日期\n"
    "1,电话,问价,甲公司,王芳,2017-11-01,已完成,2017-11-03\n"
    "2,上门拜访,量尺寸,甲公司,王芳,2017-11-20,待执行,\n"
    "3,邮件,发资料,甲公司,王芳,2017-11-10,待执行,\n"
)


@pytest.mark.parametrize("rows", [PLANNED_EN, PLANNED_ZH], ids=["en", "zh"])
def test_what_is_planned_is_to_be_done_and_has_not_happened(store, write, take_in, rows):
    report = take_in(write("activities.csv", rows))

    with store.read() as connection:
        happened = connection.execute(select(Interaction.happened_on)).scalars().all()
        custom = connection.execute(select(Task.__table__.c.custom).order_by(Task.due_on)).scalars().all()
    assert [str(day) for day in happened] == ["2017-11-03"]
    assert sorted((status, due) for _, status, due in tasks(store)) == [("open", "2017-11-10"), ("open", "2017-11-20")]
    assert [set(c.values()) & {"Email", "Site visit", "邮件", "上门拜访"} != set() for c in custom] == [True, True]
    assert report.error_files == ()


def test_a_planned_row_without_a_title_is_called_by_its_type(store, write, take_in):
    take_in(
        write(
            "activities.csv",
            "Activity ID,Activity Type,Customer,Activity date,Status,Notes\n"
            "1,Call,Acme,2017-11-02,Held,cheaper\n2,Call,Acme,2017-11-20,Planned,ask again\n",
        )
    )

    assert tasks(store) == [("Call", "open", "2017-11-20")]
    assert len(talks(store)) == 1


def test_a_state_with_a_word_of_another_kind_splits_nothing(store, write):
    rows = "1,Call,Asked,2017-11-02,Reached\n2,Call,Again,2017-11-03,Open\n3,Call,Once more,2017-11-04,Done\n"
    path = write("activities.csv", "Activity ID,Activity Type,Subject,Activity Date,Status\n" + rows)

    assert [file.name for file in plan_import(store, [path], today=TODAY).files] == ["activities.csv"]


def test_when_it_was_due_is_when_it_happened_only_where_nothing_else_says(store, write):
    due = "Activity ID,Activity Type,Subject,Due date{}\n1,Call,Asked,2017-11-02{}\n2,Email,Sent,2017-11-03{}\n"
    alone = plan_import(store, [write("a activities.csv", due.format("", "", ""))], today=TODAY)
    both = plan_import(
        store, [write("activities.csv", due.format(",Completion date", ",2017-11-05", ",2017-11-06"))], today=TODAY
    )

    def day(plan):
        return [header for header, c in plan.files[0].map.columns.items() if c.target == "happened_on"]

    assert (day(alone), day(both)) == (["Due date"], ["Completion date"])
