"""Measures: which aggregates one needs, under which filter, and what kind of number comes of it."""

from crm_core.query.compile.measures.aggregates import aggregate, filled, missing, simple, total, value
from crm_core.query.compile.measures.plan import COUNT, Leaf, Plan, plan

__all__ = ["COUNT", "Leaf", "Plan", "aggregate", "filled", "missing", "plan", "simple", "total", "value"]
