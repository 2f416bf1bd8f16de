"""The offline planner's score in each suite, English and Chinese, as a table with the date and the commit.

python -m benchmarks.scores [--readme]      prints it; with --readme it also takes the place of the one in README.md,
the run is added to evals/history.jsonl and the badge of the README is drawn anew
"""

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from evals import history
from evals.load import load_cases
from evals.run import Outcome
from evals.scorers import Verdict
from integrations.measuring import Run, commit, measure

ROOT = Path(__file__).parents[1]
BADGE = ROOT / "docs" / "answers.svg"
BEGIN, END = "<!-- scores -->", "<!-- /scores -->"


def table(outcomes: list[Outcome], *, told: str) -> str:
    """A Markdown table: right of all, and how many were told with confidence and were wrong."""
    count: Counter[tuple[str, str, str]] = Counter()
    for one in outcomes:
        for suite in (one.case.suite, "**all**"):
            count[suite, one.case.lang, "n"] += 1
            count[suite, one.case.lang, str(one.verdict)] += 1
    suites = sorted({suite for suite, _, _ in count}, key=lambda name: (name == "**all**", name))
    rows = [f"| {suite} | {_cell(count, suite, 'en')} | {_cell(count, suite, 'zh')} |" for suite in suites]
    head = ["| suite | English: right, wrong | Chinese: right, wrong |", "|---|---|---|"]
    return "\n".join([*head, *rows, "", told])


def _cell(count: Counter[tuple[str, str, str]], suite: str, lang: str) -> str:
    n = count[suite, lang, "n"]
    right, wrong = count[suite, lang, str(Verdict.RIGHT)], count[suite, lang, str(Verdict.WRONG)]
    return f"{right / n:.0%} of {n}, {wrong / n:.0%}" if n else "-"


def into(readme: str, scores: str) -> str:
    """The README with the new table between its marks."""
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}\n{scores}\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Play all of our cases with the offline planner."""
    report = measure(load_cases([ROOT / "evals" / "cases"]), Run("demo", workers=2))
    day = datetime.now(UTC).date().isoformat()
    told = f"Offline planner, {day}, commit {commit() or 'unknown'}; `make scores` makes the table anew."
    scores = table(list(report.outcomes), told=told)
    print(scores)
    if "--readme" in sys.argv[1:]:
        path = ROOT / "README.md"
        path.write_text(into(path.read_text(encoding="utf-8"), scores), encoding="utf-8")
        history.add(history.FILE, report.to_json())
        BADGE.write_text(history.badge(history.read_history(history.FILE)[-1]), encoding="utf-8")


if __name__ == "__main__":
    main()
