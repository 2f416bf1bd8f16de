"""What a word of the company means, in words."""

from copilot.context import Lang
from copilot.labels import labels
from crm_core.own_words import METRIC
from crm_core.query.spec import Filter
from crm_core.query.words.filters import Speaker, tell_filter
from crm_core.schema import Schema, pluralize


def tell_condition(schema: Schema, entity: str, where: Filter, *, lang: Lang) -> str:
    """As in "accounts (annual revenue over 1,000,000)"."""
    speaker = Speaker(schema, lang, labels(lang))
    opening, closing = "（）" if lang == "zh" else (" (", ")")
    return f"{speaker.records(entity)}{opening}{tell_filter(speaker, entity, where)}{closing}"


def tell_target(schema: Schema, target: str, *, lang: Lang) -> str:
    """What a field, a kind of record or a metric is, in words."""
    told = labels(lang)
    name = target.removeprefix(METRIC)
    if name != target:
        metric = schema.metrics[name]
        formula = told.get(f"formula.{name}", metric.formula)
        return f"{told.get(f'metric.{name}', metric.words[0])} ({formula})"
    entity, dot, field = target.partition(".")
    records = told.get(entity) or pluralize(schema.entities[entity].words[0])
    if not dot:
        return records
    label = told.get(target) or schema.entities[entity].fields[field].label
    return f"{records}的{label}" if lang == "zh" else f"the {label} of {records}"
