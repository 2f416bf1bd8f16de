"""A word that is a value of two fields, where both say the same of every record: 上海 is a city and a province."""

from collections.abc import Callable
from dataclasses import replace

from copilot.offline.compose.reading import Doubt, Reading
from crm_core.query.result import QueryResult
from crm_core.query.spec import All, Condition, Measure, QuerySpec

_FEW = 3


def settle_doubts(reading: Reading, run: Callable[[QuerySpec], QueryResult]) -> Reading:
    """The reading without the doubts that make no difference: whichever field is meant, the records are the same."""
    if not reading.doubts or len(reading.doubts) > _FEW:
        return reading
    left = [doubt for doubt in reading.doubts if not _is_the_same(reading, doubt, run)]
    return replace(reading, doubts=left) if len(left) < len(reading.doubts) else reading


def _is_the_same(reading: Reading, doubt: Doubt, run: Callable[[QuerySpec], QueryResult]) -> bool:
    tests = [t for t in reading.fields if t.dotted in doubt.fields and t.text == doubt.text and t.op == "in"]
    entities = {dotted.split(".")[0] for dotted in doubt.fields}
    if doubt.options or doubt.measures or len(tests) != 1 or len(entities) != 1 or not 1 < len(doubt.fields) <= _FEW:
        return False
    values = list(tests[0].values)
    each = [Condition(field=dotted.split(".")[1], op="in", value=values) for dotted in doubt.fields]
    found = set()
    for where in (*each, All(all=list(each))):
        spec = QuerySpec(entity=entities.copy().pop(), where=where, measures=[Measure(fn="count")])
        found.add(tuple(map(str, run(spec).rows[0].values)))
    return len(found) == 1
