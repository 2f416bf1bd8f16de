"""A record that waits to be made, filled in further: "make that finance, and they are in Brazil"."""

from collections.abc import Sequence

from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.filling import fill
from copilot.offline.writing.making.form import Doubt, Form
from copilot.offline.writing.making.naming import take_name
from copilot.offline.writing.making.records import unread_in
from copilot.offline.writing.making.scan import scan
from copilot.offline.writing.parts import said, wishes
from crm_core.changes.steps import Step

_KINDS = ("account", "contact", "deal", "lead", "product")
_LEADING = ("correction", "wrong", "noise", "also")


def remade(steps: Sequence[Step], tags: Sequence[Tag], saying: Saying) -> Step | Clarify | None:
    """The last step, which makes a record, with the values that the words tell; None unless every word is one."""
    step = steps[-1]
    if step.op != "create" or step.entity not in _KINDS:
        return None
    form = Form(scan(_values_of(tags), saying), saying, saying.vocabulary.schema.entities[step.entity])
    for _, kind, value in form.take_addresses():
        form.values.setdefault(kind, value)
    try:
        take_name(form)
        fill(form)
    except Doubt as doubt:
        return doubt.question
    called = form.values.get("name")
    if not form.values or len(form.products) > 1 or (called and len(steps) > 1) or unread_in(form) is not None:
        return None
    name = str(called) if called else step.name
    return step.model_copy(update={"set": {**step.set, **form.values}, "name": name})


def _values_of(tags: Sequence[Tag]) -> str:
    """The words without those that only say that something is to be another: "no, make that", "not retail but"."""
    kept: list[Tag] = []
    denied = False
    for tag in tags:
        if tag.type is T.NEG or wishes(tag, "old"):
            denied = True
        elif denied and tag.type is not T.FILLER:
            denied = False
        elif wishes(tag, "set") and tag.type is T.WISH:
            continue
        elif kept or not (wishes(tag, *_LEADING) or tag.type in (T.PUNCT, T.FOLLOW)):
            kept.append(tag)
    return said(kept)
