"""Charts of an answer or a report: from its Vega-Lite spec, drawn by the ECharts that NiceGUI brings along.

The spec is one of the three kinds that `copilot.charts` makes. Its labels may be names that customers chose; they reach
ECharts as values alone, never as keys, for NiceGUI runs what stands under a key that begins with a colon.
"""

from typing import Any

from nicegui import ui

from integrations.web.text import clean

_BAR, _LEAST, _MOST = 26, 160, 640  # pixels
# Readable on a light and on a dark page alike: which of the two it is may be the browser's choice.
_COLORS = ("#2f9a96", "#d08a2e", "#8f74c4", "#cf5b50", "#5f8fc9", "#7fa348")
_INK, _LINE = "#7d878c", "rgba(128, 136, 140, 0.25)"


def show_chart(chart: dict[str, Any]) -> None:
    """Draw it. Its figures stand in the table beside it, so it is hidden from who cannot see it."""
    ui.echart(_options(chart)).classes("chart").style(f"height: {_height(chart)}px").props("aria-hidden=true")


def _options(chart: dict[str, Any]) -> dict[str, Any]:
    rows = chart["data"]["values"]
    if "layer" in chart:
        shown = _ranges(rows)
    elif chart["mark"] == "bar":
        shown = _bars(chart, rows)
    else:
        shown = _lines(rows)
    for axis in ("xAxis", "yAxis"):
        shown[axis] |= {
            "axisLabel": {"color": _INK, **shown[axis].get("axisLabel", {})}, "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": _LINE}}, "splitLine": {"lineStyle": {"color": _LINE}},
            "nameTextStyle": {"color": _INK},
        }  # fmt: skip
    return {
        "color": list(_COLORS), "animation": False, "textStyle": {"color": _INK, "fontFamily": "inherit"},
        "grid": {"left": 8, "right": 24, "top": 28, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis", "renderMode": "richText", "confine": True}, **shown,
    }  # fmt: skip


def _bars(chart: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    labels = [clean(str(row["label"])) for row in rows]
    return {
        "xAxis": {"type": "value", "name": "", "axisLabel": {"hideOverlap": True}},
        "yAxis": _names(labels),
        "series": [{"type": "bar", "name": _title(chart, "x"), "data": [row["value"] for row in rows],
                    "barMaxWidth": 18, "itemStyle": {"borderRadius": [0, 4, 4, 0]}}],
    }  # fmt: skip


def _lines(rows: list[dict[str, Any]]) -> dict[str, Any]:
    labels = list(dict.fromkeys(str(row["label"]) for row in rows))
    series = []
    for what in dict.fromkeys(str(row["what"]) for row in rows):
        known = {str(row["label"]): row["value"] for row in rows if str(row["what"]) == what}
        series.append({"type": "line", "name": clean(what), "data": [known.get(label) for label in labels],
                       "symbolSize": 6, "lineStyle": {"width": 2}})  # fmt: skip
    legend = {"legend": {"top": 0, "itemHeight": 8}} if len(series) > 1 else {}
    return {
        "xAxis": {"type": "category", "data": [clean(label) for label in labels]},
        "yAxis": {"type": "value"}, "series": series, **legend,
    }  # fmt: skip


def _ranges(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Low to high as a bar that floats, likely as a dot, and what came as a second one."""
    labels = [clean(str(row["label"])) for row in rows]
    series: list[dict[str, Any]] = [
        {"type": "bar", "stack": "range", "silent": True, "itemStyle": {"color": "transparent"},
         "tooltip": {"show": False}, "data": [row["low"] for row in rows]},
        {"type": "bar", "stack": "range", "barMaxWidth": 8, "itemStyle": {"opacity": 0.35, "borderRadius": 4},
         "data": [(row["high"] or 0) - (row["low"] or 0) for row in rows], "tooltip": {"show": False}},
        {"type": "scatter", "symbolSize": 11, "itemStyle": {"color": _COLORS[0]},
         "data": [row["likely"] for row in rows]},
    ]  # fmt: skip
    if any("actual" in row for row in rows):
        color = {"color": _COLORS[3]}
        came = [row.get("actual") for row in rows]
        series.append({"type": "scatter", "symbol": "diamond", "symbolSize": 12, "itemStyle": color, "data": came})
    return {"xAxis": {"type": "value", "axisLabel": {"hideOverlap": True}}, "yAxis": _names(labels), "series": series}


def _names(labels: list[str]) -> dict[str, Any]:
    """Rows from top to bottom, as the table has them."""
    return {
        "type": "category", "data": labels, "inverse": True,
        "axisLabel": {"width": 150, "overflow": "truncate"}, "splitLine": {"show": False},
    }  # fmt: skip


def _title(chart: dict[str, Any], axis: str) -> str:
    return clean(str(chart["encoding"][axis].get("title") or ""))


def _height(chart: dict[str, Any]) -> int:
    if isinstance(chart.get("height"), dict):
        return max(_LEAST, min(_MOST, _BAR * len(chart["data"]["values"]) + 60))
    return 280
