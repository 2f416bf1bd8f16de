"""Charts as Vega-Lite specs with their data within: made by code from figures that a page or an answer shows anyway.

Drawing one needs no network and no browser; `to_png` takes the extra `charts`.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from copilot.table import to_json
from crm_core.errors import Unavailable
from crm_core.query.result import Column, QueryResult, Row, Value
from crm_core.schema import NUMERIC

MOST_BARS, FEWEST_POINTS = 40, 2
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_FONTS = "Noto Sans, Noto Sans CJK SC, DejaVu Sans, sans-serif"
_CJK, _UNLIKE = re.compile(r"[\u3400-\u9fff]"), ("中", "国")
_ONE_CHARACTER = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="2" y="16" font-size="14"'
    ' font-family="sans-serif">{}</text></svg>'
)
_WIDTH, _HEIGHT, _STEP, _SCALE = 560, 280, 24, 2.0


def chart_of(result: QueryResult) -> dict[str, Any] | None:
    """What fits an answer: a line over dates, bars over groups; None: no chart does."""
    spec = result.spec
    if len(spec.group_by) != 1 or len(result.rows) < FEWEST_POINTS or spec.compare_to or spec.summary:
        return None
    at = next((at for at, column in enumerate(result.columns) if at and column.kind in NUMERIC), None)
    if at is None:
        return None
    if result.columns[0].bucket and spec.group_by[0].bucket != "weekday":
        return line_chart("", result.columns, result.rows, x=0, y=[at])
    return bar_chart("", result.columns, result.rows[:MOST_BARS], label=0, value=at)


def bar_chart(title: str, columns: Sequence[Column], rows: Sequence[Row], *, label: int, value: int) -> dict[str, Any]:
    """A bar for each row, in their order."""
    encoding = {
        "y": {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 220}},
        "x": {"field": "value", "type": "quantitative", "title": _head(columns[value])},
    }
    data = [{"label": _label(row.values[label]), "value": to_json(row.values[value])} for row in rows]
    return _spec(title, data, height={"step": _STEP}, mark="bar", encoding=encoding)


def line_chart(
    title: str, columns: Sequence[Column], rows: Sequence[Row], *, x: int, y: Sequence[int]
) -> dict[str, Any]:
    """A line for each of the columns `y` over the rows' periods."""
    data = [
        {"label": _label(row.values[x]), "what": columns[at].label, "value": to_json(row.values[at])}
        for row in rows
        for at in y
    ]
    encoding: dict[str, Any] = {
        "x": {"field": "label", "type": "ordinal", "sort": None, "title": None},
        "y": {"field": "value", "type": "quantitative", "title": _head(columns[y[0]])},
    }
    if len(y) > 1:
        encoding["color"] = {"field": "what", "type": "nominal", "title": None, "sort": None}
    return _spec(title, data, height=_HEIGHT, mark={"type": "line", "point": True}, encoding=encoding)


def range_chart(
    title: str, columns: Sequence[Column], rows: Sequence[Row], *, label: int, low: int, likely: int, high: int,
    actual: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """For each row its interval, the middle of it as a dot and what came as a cross."""
    named = {"low": low, "likely": likely, "high": high} | ({"actual": actual} if actual is not None else {})
    data: list[dict[str, Any]] = [
        {"label": _label(row.values[label]), **{name: to_json(row.values[at]) for name, at in named.items()}}
        for row in rows
    ]
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 220}}
    x = {"type": "quantitative", "title": _head(columns[likely])}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.4},
         "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}}},
        {"mark": {"type": "point", "filled": True, "size": 70}, "encoding": {"y": y, "x": {"field": "likely", **x}}},
    ]  # fmt: skip
    if actual is not None:
        mark = {"type": "point", "shape": "cross", "filled": True, "size": 90, "color": "#d62728"}
        layers.append({"mark": mark, "encoding": {"y": y, "x": {"field": "actual", **x}}})
    return _spec(title, data, height={"step": _STEP}, layer=layers)


def to_png(chart: dict[str, Any]) -> bytes:
    """The chart drawn, offline.

    Raises:
        Unavailable: the extra `charts` is not installed.
    """
    try:
        import vl_convert
    except ImportError as error:
        raise Unavailable("Drawing takes the extra `charts`: pip install 'farley[charts]'.") from error
    drawn: bytes = vl_convert.vegalite_to_png(chart, scale=_SCALE)
    return drawn


def is_drawn_in_boxes(chart: dict[str, Any]) -> bool:
    """Whether the chart holds Chinese characters and no font of this machine has them: all look alike then."""
    if not _CJK.search(json.dumps(chart, ensure_ascii=False)):
        return False
    import vl_convert

    first, other = (vl_convert.svg_to_png(_ONE_CHARACTER.format(character)) for character in _UNLIKE)
    return bool(first == other)


def _spec(title: str, data: list[dict[str, Any]], **rest: Any) -> dict[str, Any]:
    told = {"title": title} if title else {}
    config = {"font": _FONTS, "view": {"stroke": None}}
    return {"$schema": _SCHEMA, **told, "width": _WIDTH, "data": {"values": data}, "config": config, **rest}


def _label(value: Value) -> str:
    return "–" if value is None else str(value)


def _head(column: Column) -> str:
    unit = column.currency or column.unit
    return column.label + (f" ({unit})" if unit else "")
