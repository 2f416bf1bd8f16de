"""The words that Farley itself uses: its sentences, the planner's lexicons, the registry and the calendar.

A word among them is no sign of a person or a company: "Grant" and "Won" are somebody's names, and sales words here.
"""

import calendar
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from crm_core.schema import build_schema
from prompts import load_yaml

_FILES = ("lexicon/common", "lexicon/en", "lexicon/zh", "sentences", "labels", "planner")
_RUN = re.compile(r"[a-zà-ÿ]+|[\u3400-\u4dbf\u4e00-\u9fff]+")


@cache
def house_words() -> frozenset[str]:
    """Single words in Latin letters, and runs of Chinese characters as they are written; lower case."""
    texts = [text for file in _FILES for text in _leaves(load_yaml(file))]
    texts += [*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr, *_registry()]
    return frozenset(run for text in texts for run in _RUN.findall(text.lower()))


def _registry() -> Iterator[str]:
    schema = build_schema()
    for entity in schema.entities.values():
        yield from (entity.name, *entity.words)
    for field in schema.fields():
        yield from (field.name, *field.words)
    for metric in schema.metrics.values():
        yield from (metric.name, metric.formula, *metric.words)


def _leaves(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, inner in part.items():
            yield str(key)
            yield from _leaves(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _leaves(inner)
    else:
        yield str(part)
