"""The eval of the scorer: its figures, its command, and what it says of files that are not as they should be."""

import csv
import json
from datetime import date

import pytest
from typer.testing import CliRunner

from crm_core.errors import Invalid
from evals.scoring import measure
from integrations.cli.evaluating import app
from tests.crm_core.scoring.conftest import leads

TODAY = date(2017, 11, 15)
FIGURES = ("auc", "pr_auc", "brier", "ece", "lift@10%")


@pytest.fixture
def table(tmp_path):
    def write(name, rows, outcomes, target="y"):
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0], target])
            writer.writeheader()
            writer.writerows({**row, target: said} for row, said in zip(rows, outcomes, strict=True))
        return path

    return write


@pytest.fixture
def tables(table):
    def write(say=lambda won: int(won), **extra):
        parts = (("train", *leads(700, **extra)), ("test", *leads(300, seed=2)))
        return [table(name, rows, [say(won) for won in outcomes]) for name, rows, outcomes in parts]

    return write


def test_it_measures_on_rows_that_were_not_learned_from(tables):
    train, test = tables(say=lambda won: "Won" if won else "Lost", leak=lambda won, _dice: "x" if won else "")

    report = measure(train, test, "y", today=TODAY).to_json()

    assert all(report[name] > 0 for name in FIGURES)
    assert report["auc"] > 0.75
    assert report["lift@10%"] > 1.5
    assert (report["refused_columns"], report["rows"]) == (["leak"], 300)
    assert report["rung"] in ("points", "scorecard", "boosting")


def test_without_history_it_ranks_and_tells_no_probability(table):
    rows, outcomes = leads(60)
    path = table("small", rows, [int(won) for won in outcomes])

    report = measure(path, path, "y", today=TODAY).to_json()

    assert (report["rung"], report["status"]) == ("points", "not enough history")
    assert report["auc"] is not None
    assert (report["brier"], report["ece"]) == (None, None)


def test_noise_has_no_figures(table):
    rows, outcomes = leads(600, strength=0.0)
    path = table("noise", rows, [int(won) for won in outcomes])

    report = measure(path, path, "y", today=TODAY).to_json()

    assert (report["rung"], [report[name] for name in FIGURES]) == ("none", [None] * 5)
    assert "no signal" in report["why"]


def test_a_test_file_that_ends_one_way_has_no_auc(table, tables):
    train, _ = tables()
    rows, _ = leads(50)

    report = measure(train, table("won", rows, [1] * 50), "y", today=TODAY).to_json()

    assert report["auc"] is None
    assert report["brier"] > 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"target": "won"}, "has no column 'won'; it has lead id"),
        ({"trusted": ["colour"]}, "has no column 'colour'"),
        ({"target": "city"}, "not two-valued .* it says Oslo, Rome"),
    ],
)
def test_a_wrong_column_is_named(tables, change, told):
    train, test = tables()

    with pytest.raises(Invalid, match=told):
        measure(train, test, **{"target": "y", "today": TODAY} | change)


@pytest.mark.parametrize(
    ("text", "told"), [(None, "cannot be read"), (b"", "has no row"), (b"y\n\xff\n", "cannot be read")]
)
def test_a_wrong_file_is_named(tmp_path, text, told):
    path = tmp_path / "train.csv"
    if text is not None:
        path.write_bytes(text)

    with pytest.raises(Invalid, match=told):
        measure(path, path, "y", today=TODAY)


def test_the_command_tells_and_writes_the_report(tables, tmp_path, monkeypatch):
    monkeypatch.setenv("FARLEY_HOME", str(tmp_path))
    train, test = tables(leak=lambda won, _dice: "x" if won else "")

    done = CliRunner().invoke(
        app, ["scoring", "--train", str(train), "--test", str(test), "--target", "y", "--json", str(tmp_path / "out")]
    )

    assert done.exit_code == 0, done.output
    assert "refused: leak: it is given" in done.output
    assert set(FIGURES) < set(json.loads((tmp_path / "out").read_text("utf-8")))
