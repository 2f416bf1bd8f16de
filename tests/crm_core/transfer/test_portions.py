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
