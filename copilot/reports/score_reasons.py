"""The reasons of a score in the words of the person."""

from typing import Any

import prompts
from copilot.context import Lang
from copilot.labels import entity_label, labels
from crm_core.errors import Invalid
from crm_core.models import Kind, Role
from crm_core.schema import Field, Schema


def tell_part(part: dict[str, Any], schema: Schema, entity: str, lang: Lang) -> str:
    """A part of a score: its feature and where the record stands in it. See `crm_core.scores.shares`."""
    name, field = feature_name(part["feature"], schema, entity, lang), find_field(part["feature"], schema, entity)
    return _said(_bin(part, field), lang, name=name, **_edges(part))


def feature_name(feature: str, schema: Schema, entity: str, lang: Lang) -> str:
    """What a feature is called."""
    told = prompts.load_yaml("score_reasons")
    if feature in told["features"]:
        return str(told["features"][feature][lang])
    field = find_field(feature, schema, entity)
    if field is None:
        return feature
    name = labels(lang).get(f"{field.entity}.{field.name}", field.label)
    if field.kind is Kind.DATE:
        return prompts.fill(told["days_ahead" if field.role is Role.DUE else "days_ago"][lang], field=name)
    if field.entity != entity and entity_label(field.entity, lang, count=1) not in name:
        return prompts.fill(told["of"][lang], record=entity_label(field.entity, lang, count=1), field=name)
    return name


def find_field(feature: str, schema: Schema, entity: str) -> Field | None:
    """The field of the registry that a feature is, if it is one that is still there."""
    try:
        return schema.path(entity, feature).field
    except Invalid:
        return None


def _bin(part: dict[str, Any], field: Field | None) -> str:
    if "is" in part:
        is_presence = part["is"] == "given" or (part["is"] is None and field is not None)
        return "given" if is_presence else "rare" if part["is"] is None else "is"
    if "from" not in part:
        return "missing"
    low, high = part["from"], part["to"]
    if high is None:
        return "from"
    return "under" if low is None else "one" if high == low + 1 else "between"


def _edges(part: dict[str, Any]) -> dict[str, str]:
    numbers = {"low": part.get("from"), "high": part.get("to")}
    told = {
        name: f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
        for name, value in numbers.items()
        if value is not None
    }
    return {**told, "value": str(part.get("is"))}


def _said(bin_: str, lang: Lang, **values: str) -> str:
    return prompts.fill(prompts.load_yaml("score_reasons")["bins"][bin_][lang], **values)
