import pytest

from crm_core.errors import Invalid
from evals.case import load_cases

LINE = (
    '{"id": "a", "lang": "zh", "turns": ["几单"], "as": "Ada", "today": "2017-12-31", "skill": "read.count",'
    ' "voice": "x", "check": {"kind": "empty"}}'
)
YAML = """
- id: a
  turns: ["How many?"]
  today: 2017-12-31
  why: It is asked every morning.
  check: {kind: scalar, value: 3}
"""


def test_a_file_of_json_lines_holds_a_case_a_line(tmp_path):
    file = tmp_path / "zh.jsonl"
    file.write_text(f"{LINE}\n\n{LINE}\n", encoding="utf-8")

    cases = load_cases([file])

    assert [(case.id, case.actor, case.source, case.group) for case in cases] == [("a", "Ada", "zh", "read")] * 2


def test_a_yaml_file_holds_a_list_of_cases(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(YAML, encoding="utf-8")

    [case] = load_cases([file])

    assert (case.actor, case.check.value, case.why) == ("admin", 3, "It is asked every morning.")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "cannot be read"),
        ("7", "line 1"),
        (LINE.replace("empty", "magic"), "line 1"),
        (LINE.replace('"kind": "empty"', '"kind": "empty", "tolerance": 1'), "tolerance"),
        (LINE.replace('["几单"]', "[]"), "turns"),
    ],
)
def test_what_is_no_case_is_named_with_its_place(tmp_path, text, where):
    file = tmp_path / "bad.jsonl"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid, match=f"bad.jsonl.*{where}"):
        load_cases([file])


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Invalid, match=r"none\.jsonl"):
        load_cases([tmp_path / "none.jsonl"])
