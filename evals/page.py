"""A report as one page: a single HTML file with nothing to load, made of the report's JSON alone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from evals.report import wilson

Json = Mapping[str, Any]

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b2733;background:#fff}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem;
border-bottom:1px solid #dde3e9}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{background:#e8edf2;width:12rem;height:.7rem;position:relative}
.bar i{position:absolute;top:0;bottom:0;background:#2b7a4b}
.bar b{position:absolute;top:.25rem;height:.2rem;background:#1b2733}.bad{color:#a3231f}details{margin:.4rem 0}
pre{white-space:pre-wrap;background:#f4f6f8;padding:.6rem;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{background:#14191f;color:#dfe6ec}th,td{border-color:#2c3742}
.bar{background:#2c3742}.bar b{background:#dfe6ec}pre{background:#1d242c}.bad{color:#ff8a80}}"""


def page(report: Json) -> str:
    """The page of a report as `Report.to_json` gives it."""
    parts = [
        *_head(report),
        *_dangers(report),
        *_rates(report),
        *_scorers(report),
        *_failures(report),
        *_prompts(report),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Farley: evaluation</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _head(report: Json) -> Iterator[str]:
    about, (low, high) = report["about"], report["right_interval"]
    passes, took, latency = report["passes"], report["took"], report["latency_ms"]
    yield f"<h1>Evaluation: {_percent(report['right'] / max(report['n'], 1))} right</h1>"
    yield (
        f"<p>{report['right']} of {report['n']}, 95% interval {_percent(low)} to {_percent(high)}. "
        f"Solver {_text(about.get('solver'))}, model {_text(about.get('model'))}, commit {_text(about.get('commit'))}, "
        f"{_text(report['times'].get('at'))}.</p>"
    )
    if passes["k"] > 1:
        yield f"<p>pass^1 {_percent(passes['pass^1'])}, pass^{passes['k']} {_percent(passes['pass^k'])}.</p>"
    yield (
        f"<p>A turn took {latency['p50']:.0f} ms (p50), {latency['p95']:.0f} ms (p95); "
        f"{took['model_calls']:,} calls of the model, {took['tokens']:,} tokens, cost {took['cost']:g}.</p>"
    )


def _dangers(report: Json) -> Iterator[str]:
    yield "<h2>Failures by danger</h2>" + _table(
        ("class", "failures"), ((_text(name), str(n)) for name, n in report["dangers"].items()), right=(1,)
    )


def _rates(report: Json) -> Iterator[str]:
    kinds = {"suite": "Suites", "skill": "Skills", "lang": "Languages", "kind": "Kinds of check", "file": "Files"}
    for kind, title in kinds.items():
        found = {name.partition(":")[2]: one for name, one in report["by"].items() if name.startswith(f"{kind}:")}
        if found:
            heads = (kind, "n", "right", "95% interval", "", "wrong with confidence", "asked or declined")
            yield f"<h2>{title}</h2>" + _table(
                heads, (_rate(name, one) for name, one in found.items()), right=(1, 2, 5, 6)
            )


def _rate(name: str, one: Json) -> tuple[str, ...]:
    n, (low, high) = max(one["n"], 1), wilson(one["right"], one["n"])
    bar = (
        f'<div class="bar"><i style="width:{100 * one["right"] / n:.1f}%"></i>'
        f'<b style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></b></div>'
    )
    wrong = f'<span class="bad">{one["wrong_confident"]}</span>' if one["wrong_confident"] else "0"
    told = (_text(name), str(one["n"]), _percent(one["right"] / n), f"{_percent(low)} to {_percent(high)}")
    return (*told, bar, wrong, str(one["declined"]))


def _scorers(report: Json) -> Iterator[str]:
    rows = ((_text(name), str(one["n"]), _percent(one["right"] / one["n"])) for name, one in report["scorers"].items())
    yield "<h2>Scorers</h2>" + _table(("scorer", "looked at", "right"), rows, right=(1, 2))


def _failures(report: Json) -> Iterator[str]:
    failed = [case for case in report["cases"] if case["verdict"] != "right"]
    yield f"<h2>{len(failed)} failures</h2>"
    order = list(report["dangers"])
    for case in sorted(failed, key=lambda one: order.index(one["danger"])):
        name = f"{case['file']}/{case['id']}" + (f" (repeat {case['run']})" if case["run"] else "")
        title = f'<span class="bad">{_text(case["danger"])}</span> {_text(name)}: {_why(case)}'
        yield f"<details><summary>{title}</summary>"
        yield f"<p>{_text(case['why'])}</p>"
        yield from map(_exchange, case["transcript"]["exchanges"])
        yield f"<p>wanted</p><pre>{_json(case['wanted'])}</pre>"
        changed = case["transcript"]["differences"]
        yield (f"<p>what differs in the store</p><pre>{_json(changed)}</pre>" if changed else "") + "</details>"


def _why(case: Json) -> str:
    return "; ".join(f"<b>{_text(name)}</b> {_text(why)}" for name, why in case["failed"].items())


def _exchange(one: Json) -> str:
    if one["act"]:
        return f"<p><b>{_text(one['actor'])}</b> [{_text(one['act'])}: {_text(one['outcome'])}]</p>"
    calls = "".join(
        f"<pre>{_text(call['name'])} {_json(call['args'])}\n{_text(call['result'])}</pre>" for call in one["tools"]
    )
    reply = {name: value for name, value in one["reply"].items() if value and name not in ("text", "column_types")}
    said = f"<p><b>{_text(one['actor'])}:</b> {_text(one['said'])}</p><pre>{_text(one['reply'].get('text'))}</pre>"
    more = f"<summary>{len(one['tools'])} tool calls, the whole reply</summary>{calls}<pre>{_json(reply)}</pre>"
    return f"{said}<details>{more}</details>"


def _prompts(report: Json) -> Iterator[str]:
    rows = ((_text(name), _text(mark)) for name, mark in report["about"].get("prompts", {}).items())
    yield "<h2>Prompts</h2><details><summary>fingerprints</summary>" + _table(("file", "SHA-256"), rows) + "</details>"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]], *, right: tuple[int, ...] = ()) -> str:
    def cells(tag: str, values: Iterable[str]) -> str:
        return "".join(f"<{tag}{' class=n' if at in right else ''}>{one}</{tag}>" for at, one in enumerate(values))

    return (
        f"<table><tr>{cells('th', heads)}</tr>" + "".join(f"<tr>{cells('td', row)}</tr>" for row in rows) + "</table>"
    )


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _json(value: Any) -> str:
    return _text(json.dumps(value, ensure_ascii=False, indent=1))


def _text(value: Any) -> str:
    """Whatever stood in a record is text here and nothing else."""
    return escape("" if value is None else str(value))
