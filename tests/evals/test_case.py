import pytest

from crm_core.errors import Invalid
from evals.load import load_cases

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
    file.write_text(LINE + "\n\n" + LINE.replace('"a"', '"b"') + "\n", encoding="utf-8")

    cases = load_cases([file])

    assert [(case.id, case.actor, case.source, case.group) for case in cases] == [
        ("a", "Ada", "zh", "read"),
        ("b", "Ada", "zh", "read"),
    ]


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
        (LINE.replace('"turns"', '"turn"'), "line 1.*'turn'.*'turns'"),
        (f"{LINE}\n{LINE}", "line 2.*taken by the case at line 1"),
        (LINE.replace(', "check": {"kind": "empty"}', ""), "line 1.*what must come of it"),
        (LINE.replace('["几单"]', '[{"act": "approve"}]'), "line 1.*first turn"),
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


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ("  expects: {}\n", "line 7.*'expects'.*'expect'"),
        ("  note: mine\n", "line 7: a case has no key 'note'"),
        ("  expect:\n    max: {callz: 3}\n", r"line 8, is no case: expect\.max\.callz: there is no such key"),
        (
            "  planted:\n    - {carrier: note, onn: Acme}\n",
            r"line 8, is no case: planted\.0\.onn: there is no such key",
        ),
        ("  expect:\n    proposals: 1\n    mustnot: [x]\n", "line 9.*mustnot"),
        ("  world: nowhere\n", "line 7: there is no world 'nowhere'"),
        ("  planted: [{carrier: pigeon}]\n", "line 7.*carrier"),
        ("  sql: SELECT 1\n  expect: {}\n- 7\n", "line 9.*an object is needed"),
    ],
)
def test_what_is_wrong_in_a_yaml_case_is_named_with_its_line(tmp_path, entry, where):
    file = tmp_path / "ours.yaml"
    file.write_text(YAML + entry, encoding="utf-8")

    with pytest.raises(Invalid, match=f"ours.yaml, {where}"):
        load_cases([file])


def test_a_case_of_ours_must_say_why(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(YAML.replace("  why: It is asked every morning.\n", ""), encoding="utf-8")

    with pytest.raises(Invalid, match=r"line 2.*why"):
        load_cases([file])


@pytest.mark.parametrize("why", ["Asked daily.", "每天都问"])
def test_a_reason_of_a_few_words_is_none(tmp_path, why):
    file = tmp_path / "own.yaml"
    file.write_text(YAML.replace("It is asked every morning.", why), encoding="utf-8")

    with pytest.raises(Invalid, match=rf"own\.yaml, line 5: '{why}' does not say why"):
        load_cases([file])


def test_a_json_line_that_says_why_is_held_to_the_same_keys(tmp_path):
    file = tmp_path / "zh.jsonl"
    file.write_text(LINE.replace('"voice": "x"', '"voice": "x", "why": "asked daily"'), encoding="utf-8")

    with pytest.raises(Invalid, match="line 1: a case has no key 'voice'"):
        load_cases([file])


def test_what_the_cases_of_a_file_share_is_written_once(tmp_path):
    file = tmp_path / "ours.yaml"
    cases = "".join(f"  {line}\n" for line in YAML.strip().splitlines())
    file.write_text(f"defaults: {{as: Ada, suite: mine}}\ncases:\n{cases}", encoding="utf-8")

    [case] = load_cases([file])

    assert (case.actor, case.suite) == ("Ada", "mine")


def test_a_folder_stands_for_all_files_below_it_and_names_their_suite(tmp_path):
    folder = tmp_path / "cases" / "change"
    folder.mkdir(parents=True)
    (folder / "one.yaml").write_text(YAML, encoding="utf-8")

    [case] = load_cases([tmp_path])

    assert (case.source, case.suite) == ("one", "change")


def test_a_folder_without_cases_is_named(tmp_path):
    with pytest.raises(Invalid, match="holds no cases"):
        load_cases([tmp_path])


def test_a_turn_either_says_or_does_something(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(YAML.replace('["How many?"]', '["How many?", {say: a, act: undo}]'), encoding="utf-8")

    with pytest.raises(Invalid, match=r"line 3.*says something or does something"):
        load_cases([file])


def test_a_bare_on_is_a_key_like_others(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(YAML + "  planted: [{carrier: note, on: Acme}]\n", encoding="utf-8")

    [case] = load_cases([file])

    assert case.planted[0].on == "Acme"
