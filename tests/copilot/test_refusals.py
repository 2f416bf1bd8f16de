"""Whatever the core refuses or remarks has a text in every language that Farley speaks: the code itself is read."""

import ast
import re
from itertools import product
from pathlib import Path

import pytest

from copilot.language import language_of
from copilot.refusals import translate
from crm_core import errors, reaching
from crm_core.changes import State
from crm_core.changes.draft import given
from crm_core.faults import reason_of
from crm_core.query.compile import values
from crm_core.sending.claim import _AGAIN, _TOLD
from crm_core.transfer import encoding

ROOT = Path(__file__).parents[2]
PLACES = ("crm_core", "copilot", "integrations/web", "integrations/webhooks", "integrations/stored.py",
          "integrations/records.py", "integrations/filters.py")  # fmt: skip
REFUSALS = {name for name, one in vars(errors).items() if isinstance(one, type)}
SAID = {"Problem": 2, "Left": 3, "offer": 2, "_leave": 2, "_remark": 1}  # a reason is that argument
KEPT = re.compile("ada@example.com|CSV|Excel|Word|Parquet|gzip|true|false")  # what is called so in Chinese too
QUOTED = re.compile(r"⟨\d+⟩")


def _texts(node, constants):
    """Every text that an expression of the code may come to, with ⟨n⟩ where it quotes something."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        parts = [_texts(getattr(part, "value", part) if isinstance(part, ast.FormattedValue) else part, constants)
                 for part in node.values]  # fmt: skip
        marks = ["'⟨⟩'" if getattr(part, "conversion", -1) == ord("r") else None for part in node.values]
        return ["".join(some) for some in product(*([m] if m else p for m, p in zip(marks, parts, strict=True)))]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return ["".join(pair) for pair in product(_texts(node.left, constants), _texts(node.right, constants))]
    if isinstance(node, ast.IfExp):
        return _texts(node.body, constants) + _texts(node.orelse, constants)
    if isinstance(node, ast.Name) and node.id in constants:
        return [constants[node.id]]
    return ["⟨⟩"]


def _constants(tree):
    """Texts that a file gives a name to."""
    given = [one for one in tree.body if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)]
    return {ast.unparse(one.targets[0]): one.value.value for one in given if isinstance(one.value.value, str)}


def _said(path, tree):
    """The nodes of a file that make what a person is told."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            is_note = name == "append" and ast.unparse(node.func).endswith("notes.append")
            is_reason = name == "ValueError" and "transfer" in path.parts
            at = 0 if name in REFUSALS or is_note or is_reason else SAID.get(name)
            if at is not None and len(node.args) > at:
                yield node.args[at]
        if isinstance(node, ast.AugAssign) and ast.unparse(node.target).endswith("notes"):
            yield from (one.elt for one in ast.walk(node.value) if isinstance(one, ast.ListComp))


def _numbered(text):
    numbers = iter(range(1, 100))
    return re.sub("⟨⟩", lambda _: f"⟨{next(numbers)}⟩", text)


def made_in_code():
    """(file, text) for each; what is only quoted has no words of its own, see `BUILT`."""
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in _said(file, tree):
                for text in map(_numbered, _texts(node, _constants(tree))):
                    if re.search("[a-z]{2}", QUOTED.sub("", text)):
                        yield pytest.param(text, id=f"{file.stem}: {text[:50]}")


def _fault(text):
    return reason_of(type("Fault", (), {"orig": text})())


BUILT = [  # by tables and functions, of which an error quotes one
    *(told.format(name="⟨1⟩") for told in reaching._TOLD.values()),
    *(told.format(at="⟨1⟩") + _AGAIN for told in _TOLD.values()),
    *(f"The proposal ⟨1⟩ (⟨2⟩) is {state}." for state in State),
    *(f"The change ⟨1⟩ (⟨2⟩) is {state}, not applied." for state in State),
    *(f"'⟨1⟩' is not {right}." for right in given._RIGHT.values()),
    *(f"deal.amount is {kind}; '⟨1⟩' is not. {values._RIGHT[name]}" for name, kind in values._KINDS.items()),
    *(f"⟨1⟩ is {what}, not a CSV file." for _, what in encoding._MAGIC),
    *(f"The store ⟨1⟩ {_fault(text)}" for text in ("locked", "readonly", "disk full", "connect", "malformed")),
]


@pytest.mark.parametrize("text", [*made_in_code(), *BUILT])
def test_every_refusal_has_a_text_in_chinese_that_quotes_the_same(text):
    told = translate(text, "zh")

    assert language_of(told) == "zh", "give it a text in prompts/refusals.yaml"
    assert set(QUOTED.findall(told)) == set(QUOTED.findall(text))


def test_no_english_is_left_of_kinds_states_and_reasons():
    left = [text for text in BUILT if re.search("[a-z]{3}", KEPT.sub("", translate(text, "zh")))]

    assert left == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("deal Acme renewal has changed since; look at it again.", "商机“Acme renewal”此后已有改动，请重新查看。"),
        ("A new deal needs a close date.", "新建商机需要填写关闭日期。"),
        ("The role rep may not change stages.", "角色“销售代表”不能修改阶段。"),
        ("There is no field of deal 'amuont'; did you mean amount?", "商机没有字段“amuont”；您是指 amount 吗？"),
        ("There is no account called 'deal'.", "没有名为“deal”的客户。"),
        (
            "The change 12345678 did not change 'x'; it changed amount, name.",
            "修改 12345678 没有改动“x”；它改动了金额、名称。",
        ),
        ("a.eml: nobody wrote this", "a.eml: nobody wrote this"),
    ],
)
def test_words_of_ours_are_told_in_the_language_and_quotes_stay(text, told):
    assert translate(text, "zh") == told


def test_english_is_left_as_it_was_made():
    assert translate(errors.NotFound("There is no such stage."), "en") == "There is no such stage."


def test_a_hostile_name_costs_no_time():
    text = "There is no user '" + "did you mean; " * 290 + "'."

    assert translate(text, "zh") == text or language_of(translate(text, "zh")) == "zh"
