"""A report as pydantic-evals has it: its tables and comparisons, and whatever else reads its reports, come with it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_evals.reporting import EvaluationReport, ReportCase

Json = Mapping[str, Any]


def as_report(report: Json, *, name: str) -> "EvaluationReport[str, str, None]":
    """The JSON of a report. Our scorers are its assertions; `danger` is its label."""
    from pydantic_evals.reporting import EvaluationReport

    repeats = report["passes"]["k"] > 1
    return EvaluationReport(
        name=name,
        cases=[_case(case, repeats=repeats) for case in report["cases"]],
        experiment_metadata={key: report["about"].get(key) for key in ("solver", "model", "commit")},
    )


def _case(case: Json, *, repeats: bool) -> "ReportCase[str, str, None]":
    from pydantic_evals.evaluators import EvaluationResult, EvaluatorSpec
    from pydantic_evals.reporting import ReportCase

    def result(named: str, value: Any, reason: str | None = None) -> EvaluationResult[Any]:
        return EvaluationResult(
            name=named, value=value, reason=reason, source=EvaluatorSpec(name=named, arguments=None)
        )

    whole = f"{case['file']}/{case['id']}"
    failed = {one: result(one, False, why) for one, why in case.get("failed", {}).items()}
    return ReportCase(
        name=f"{whole} [{case['run'] + 1}]" if repeats else whole,
        inputs=whole,
        metadata=None,
        expected_output=None,
        output=str(case["status"]),
        metrics={},
        attributes={},
        scores={},
        labels={"danger": result("danger", case["danger"])} if "danger" in case else {},
        assertions={"right": result("right", case["verdict"] == "right"), **failed},
        task_duration=0.0,
        total_duration=0.0,
        source_case_name=whole if repeats else None,
    )
