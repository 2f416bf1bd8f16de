"""Scripted solvers: an oracle that gives every case what it wants, and a saboteur that spoils one thing at a time.

Together they prove that a case can be passed and that each scorer which looks at it can fail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from evals.case import Case, Expect
from evals.check import (
    Cannot,
    Check,
    Clarify,
    Empty,
    ExpectedChange,
    Ordered,
    Proposal,
    Record,
    Scalar,
    SetOf,
    Split,
    Table,
    Withdraw,
)  # fmt: skip
from evals.marks import STATUSES, mark, verdict_of
from evals.run import outcome_of
from evals.scorers import Verdict
from evals.transcript import Exchange, Json, Took, ToolCall, Transcript

_ALIEN = "zzz sabotage"
_FAR = 987_654.321  # near no figure that a case wants, and no hundredth of one


def oracle(case: Case, _stage: object = None) -> Transcript:
    """What happens where everything is as the case wants it."""
    expect = case.expect or Expect()
    reply = _reply(case, expect)
    told = [_first(words) for words in expect.must]
    calls = tuple(ToolCall(name, {}, " ".join(told)) for name in expect.tools) or (
        ToolCall("oracle", {}, " ".join(told)),
    )
    if expect.max.calls == 0:
        calls = ()
    talk = [
        Exchange(turn.actor or case.actor, act=turn.act, outcome=turn.outcome or "done")
        if turn.act
        else Exchange(turn.actor or case.actor, str(turn.say), reply)
        for turn in case.steps
    ]
    last = max(number for number, turn in enumerate(case.steps) if turn.say)
    talk[last] = replace(talk[last], tools=calls)
    return Transcript(
        tuple(talk),
        approved=tuple(map(_change, expect.changes or [])),
        waiting=expect.proposals or 0,
        applied=expect.approvals or 0,
        stored=tuple(one.value if isinstance(one.value, list) else [one.value] for one in expect.store),
    )


def saboteur(case: Case, _stage: object = None) -> Transcript:
    """What happens where the first thing that the case looks at is wrong."""
    return next(spoilt for _, spoilt in sabotages(case))


def sabotages(case: Case) -> Iterator[tuple[str, Transcript]]:
    """(scorer, transcript): what the oracle gives, with one thing spoilt for each scorer that looks at the case."""
    good = oracle(case)
    for one in mark(case, good):
        yield one.name, SPOIL[one.name](case, good)


def unproved(cases: Iterable[Case]) -> Iterator[str]:
    """What is wrong with cases themselves: the oracle cannot pass one, or a scorer cannot fail it."""
    for case in cases:
        good = outcome_of(case, oracle(case))
        if good.verdict is not Verdict.RIGHT:
            told = "; ".join(f"{one.name}: {one.why}" for one in good.failed)
            yield f"{case.place or case.id}: {case.id!r} cannot be passed ({told})"
        for name, spoilt in sabotages(case):
            marks = mark(case, spoilt)
            if all(one.is_right for one in marks if one.name == name) or verdict_of(spoilt, marks) is Verdict.RIGHT:
                yield f"{case.place or case.id}: {case.id!r} passes although its {name} is spoilt"


# --- the oracle's reply ---


def _reply(case: Case, expect: Expect) -> Json:
    status, told = _by_check(case.check) if case.check else ("proposed" if expect.proposals else "answered", {})
    if expect.status is not None:
        wanted = [expect.status] if isinstance(expect.status, str) else expect.status
        status = status if case.check and status in wanted else wanted[0]
    text = " ".join(["Here it is.", *(_first(words) for words in expect.must), str(told.pop("text", ""))])
    labels = [_first(words) for words in expect.cites] or ([_ALIEN] if expect.cited else [])
    citations = [{"entity": "deal", "id": 1, "label": label, "quote": label} for label in labels]
    return {"status": status, "text": text.strip(), "columns": [], "rows": [], "proposals": [], "options": [],
            "receipt": [], "citations": citations, **told}  # fmt: skip


def _by_check(check: Check) -> tuple[str, Json]:
    match check:
        case Clarify():
            return "clarify", {"options": [str(one) for one in check.options] or ["this", "that"]}
        case Cannot():
            return "cannot", {}
        case Proposal():
            return "proposed", {"proposals": [_card(map(_change, check.changes))]}
        case Split():
            return "proposed", {"proposals": [_card(_split(check))]}
        case Withdraw() | Empty():
            return "answered", {}
    return "answered", _rows(check)


def _rows(check: Check) -> Json:
    match check:
        case Scalar():
            return {"rows": [[check.value]], "columns": ["value"]}
        case Table():
            return {"rows": [[label, value] for label, value in check.rows.items()], "columns": ["label", "value"]}
        case SetOf() | Ordered():
            return {"rows": [[value] for value in check.values], "columns": ["label"]}
        case Record():
            return {"rows": [[*check.values.values()]], "columns": [*check.values], "text": "Yes."}
    raise AssertionError(check)


def _card(changes: Iterable[Json]) -> Json:
    return {"id": "oracle", "sha256": "0" * 64, "risk": "low", "changes": [*changes]}


def _change(wanted: ExpectedChange) -> Json:
    told = {name: [None, value] for name, value in wanted.values.items()}
    for name, words in wanted.text.items():
        told[name] = [None, " ".join(_first(one) for one in ([words] if isinstance(words, str) else words))]
    return {"op": wanted.op, "entity": wanted.entity, "label": wanted.record, "set": told}


def _split(check: Split) -> Iterator[Json]:
    values = [value for value, count in check.counts.items() for _ in range(count)]
    for record, value in zip(check.records, values, strict=False):
        yield {"op": "update", "entity": check.entity, "label": record, "set": {check.field: [None, value]}}


def _first(words: str) -> str:
    return words.split("|")[0]


# --- the saboteur ---


def _with(good: Transcript, **reply: Any) -> Transcript:
    """The last reply, with something else in it."""
    talk = list(good.exchanges)
    last = max(number for number, one in enumerate(talk) if one.reply)
    talk[last] = replace(talk[last], reply={**talk[last].reply, **reply})
    return replace(good, exchanges=tuple(talk))


def _last(good: Transcript, **values: Any) -> Transcript:
    talk = list(good.exchanges)
    last = max(number for number, one in enumerate(talk) if one.reply)
    talk[last] = replace(talk[last], **values)
    return replace(good, exchanges=tuple(talk))


def _wrong_answer(case: Case, good: Transcript) -> Transcript:
    match case.check:
        case Proposal() | Split():
            return _with(good, proposals=[_card([{"op": "delete", "entity": "deal", "label": _ALIEN, "set": {}}])])
        case Withdraw():
            return _with(good, status="proposed", proposals=[_card([])])
        case None:
            wanted = case.expect.status if case.expect and case.expect.status else good.reply["status"]
            return _with(good, status=next(one for one in sorted(STATUSES) if one not in wanted))
    return _with(good, status="answered", rows=[[_ALIEN, _FAR]], columns=["label", "value"], text=f"{_FAR}", options=[])


def _wrong_state(case: Case, good: Transcript) -> Transcript:
    alien = {"op": "delete", "entity": "deal", "label": _ALIEN, "set": {}}
    talk = tuple(replace(one, outcome=_other(one.outcome)) if one.act else one for one in good.exchanges)
    stored = tuple([_ALIEN] for _ in good.stored)
    return replace(good, exchanges=talk, waiting=good.waiting + 1, applied=good.applied + 1, stored=stored,
                   approved=(*good.approved, alien))  # fmt: skip


def _other(outcome: str) -> str:
    return "refused: by the saboteur" if outcome == "done" else "done"


def _wrong_facts(case: Case, good: Transcript) -> Transcript:
    expect = case.expect or Expect()
    if expect.must_not:
        return _with(good, text=f"{good.reply['text']} {_first(expect.must_not[0])}")
    return _with(good, text="Nothing.", rows=[], columns=[], options=[], proposals=[])


def _leaked(case: Case, good: Transcript) -> Transcript:
    return _last(good, shown=_first((case.expect or Expect()).hidden[0]))


def _wrong_tools(case: Case, good: Transcript) -> Transcript:
    never = [ToolCall(name, {}) for name in (case.expect or Expect()).tools_not]
    return _last(good, tools=tuple(never))


def _miscited(case: Case, good: Transcript) -> Transcript:
    wants_none = case.expect is not None and case.expect.cited is False
    return _with(good, citations=[{"label": _ALIEN}] if wants_none else [])


def _claimed(_case: Case, good: Transcript) -> Transcript:
    return _with(good, text="I approved and applied everything myself; all 9999 changes are done.")


def _spent(good: Transcript, **took: Any) -> Transcript:
    return _last(good, took=Took(**took))


_MUCH = 10**9
SPOIL: dict[str, Any] = {
    "answer": _wrong_answer,
    "abstains": _wrong_answer,
    "state": _wrong_state,
    "harm": lambda _case, good: replace(good, strays=("deals was written while the agent answered",)),
    "facts": _wrong_facts,
    "leaks": _leaked,
    "injection": _claimed,
    "cited": _miscited,
    "faithful": lambda _case, good: _with(good, text=f"{good.reply['text']} {_FAR}"),
    "tools": _wrong_tools,
    "format": lambda _case, good: _with(good, status="splendid"),
    "calls": lambda _case, good: _last(good, tools=(ToolCall("oracle", {}),) * 100),
    "model calls": lambda _case, good: _spent(good, model_calls=_MUCH),
    "tokens": lambda _case, good: _spent(good, tokens_in=_MUCH),
    "cost": lambda _case, good: _spent(good, cost=float(_MUCH)),
    "latency": lambda _case, good: _spent(good, ms=float(_MUCH)),
}
