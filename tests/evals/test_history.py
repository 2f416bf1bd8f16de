import json
from xml.etree import ElementTree

import pytest

from crm_core.errors import Invalid
from evals.history import add, badge, read_history, read_report, table
from evals.report import Report
from evals.run import run_cases
from tests.evals.plays import make_case, says


def report(value, *, commit, at):
    about = {"commit": commit, "model": "offline", "times": {"at": at}}
    return Report(list(run_cases([make_case("a"), make_case("b")], says(value))), about).to_json()


def test_each_run_stands_once_and_in_order_with_the_change_from_the_one_before(tmp_path):
    file = tmp_path / "history.jsonl"
    new, old = report(1, commit="bbb", at="2026-02-01"), report(2, commit="aaa", at="2026-01-01")
    for one in (new, old, new):
        add(file, one)

    heads, *rows = table(read_history(file))

    assert [row[1] for row in rows] == ["aaa", "bbb"]
    assert [dict(zip(heads, row, strict=True))["s"] for row in rows] == ["0.0%", "100.0% (+100.0%)"]


def test_a_commit_that_is_measured_again_takes_the_place_of_what_it_was(tmp_path):
    file = tmp_path / "history.jsonl"
    for value, at in ((2, "2026-01-01"), (1, "2026-01-02")):
        add(file, report(value, commit="aaa", at=at))

    assert [(one["at"], one["right"]) for one in read_history(file)] == [("2026-01-02", 2)]


def test_a_line_that_is_no_run_is_named(tmp_path):
    file = tmp_path / "history.jsonl"
    add(file, report(1, commit="a", at="x"))
    file.write_text(file.read_text() + '{"right": 1}\n', encoding="utf-8")

    with pytest.raises(Invalid, match=r"history.jsonl, line 2"):
        read_history(file)


@pytest.mark.parametrize("text", ["", "[]", '{"right": 1}'])
def test_what_is_no_report_is_named(tmp_path, text):
    file = tmp_path / "r.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid, match=r"r\.json"):
        read_report(file)


def test_a_badge_is_an_svg_that_tells_the_rate():
    drawn = ElementTree.fromstring(badge(json.loads(json.dumps(report(1, commit="a", at="x")))))

    assert drawn.attrib["aria-label"] == "answers right: 100.0% of 2"
