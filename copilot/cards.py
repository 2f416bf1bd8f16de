"""Proposals in words, made by code from the diff: what a person reads before approving. No model has a say in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from copilot.context import Lang, TurnContext
from copilot.labels import column_label, entity_label
from copilot.reply import Proposal, Twin
from copilot.words import sentence
from crm_core.schema import build_schema


def proposal_text(turn: TurnContext, notes: Sequence[str]) -> str:
    """What this turn proposes, in the language of the person: a summary each, and what to know."""
    lines: list[str] = []
    for proposal in turn.ledger.proposals.values():
        lines.append(sentence("proposed", turn.lang, summary=summary(proposal.changes, turn.lang)))
        lines += _remarks(proposal, turn.lang)
        lines += _letters(proposal, turn.lang)
    return "\n".join([*lines, *notes])


def choices(twins: Sequence[Twin], lang: Lang) -> tuple[str, ...]:
    """What a person may pick where a new record looks like others: each of those, then the new one."""
    if not twins:
        return ()
    update = [sentence("update_instead", lang, what=twin.label) for twin in twins]
    return (*update, sentence("make_anyway", lang))


def _remarks(proposal: Proposal, lang: Lang) -> Iterator[str]:
    for label, old, new in totals(proposal.changes, lang):
        yield sentence("total_effect", lang, what=label, old=f"{old:,}", new=f"{new:,}")
    if proposal.unchanged:
        yield sentence("already_so", lang, count=f"{proposal.unchanged:,}")
    if proposal.missed:
        yield sentence("partly_missed", lang, what=_joined([entity_label(one, lang) for one in proposal.missed], lang))
    if proposal.is_tainted:
        yield sentence("tainted", lang)
    for alike in proposal.alike:
        yield sentence("looks_alike", lang, what=alike)


def _letters(proposal: Proposal, lang: Lang) -> Iterator[str]:
    """The drafts among new and changed records as they will be sent."""
    for change in proposal.changes:
        if change["entity"] == "draft" and "body" in change["set"]:
            subject = change["set"].get("subject", (None, change["label"]))[1]
            body = change["set"]["body"][1]
            yield f"\n{sentence('subject_line', lang, subject=subject)}\n\n{body}"


def summary(changes: Sequence[dict[str, Any]], lang: Lang) -> str:
    """One line: update 3 deals (stage, close date); create 1 task."""
    kinds: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for change in changes:
        kinds.setdefault((change["op"], change["entity"]), []).append(change)
    parts = []
    for (op, entity), some in kinds.items():
        counted = sentence("counted", lang, count=f"{len(some):,}", entity=entity_label(entity, lang, count=len(some)))
        names = list(dict.fromkeys(name for change in some for name in change["set"])) if op == "update" else []
        told = sentence("listed", lang, names=_joined([field_label(entity, name, lang) for name in names], lang))
        parts.append(f"{sentence(f'op_{op}', lang)}{counted}" + (told if names else ""))
    return ("；" if lang == "zh" else "; ").join(parts)


def field_label(entity: str, name: str, lang: Lang) -> str:
    """What a field is called."""
    of = build_schema().entities.get(entity)  # None: how a company arranges its store
    known = of.fields.get(name) if of else None
    return column_label(known.label if known else name.replace("_", " "), entity, lang)


def totals(changes: Sequence[dict[str, Any]], lang: Lang) -> Iterator[tuple[str, float, float]]:
    """The total effect of several updates on each amount: its label, before and after."""
    updates = [change for change in changes if change["op"] == "update" and change.get("currency")]
    if len(updates) < 2 or len({change["currency"] for change in updates}) > 1:
        return
    schema = build_schema()
    for name in dict.fromkeys(name for change in updates for name in change["set"]):
        field = schema.entities[updates[0]["entity"]].fields.get(name)
        if field is not None and field.kind == "money":
            pairs = [change["set"][name] for change in updates if name in change["set"]]
            before, after = sum(old or 0 for old, _ in pairs), sum(new or 0 for _, new in pairs)
            yield field_label(field.entity, name, lang), before, after


def _joined(parts: Sequence[str], lang: Lang) -> str:
    return ("，" if lang == "zh" else ", ").join(parts)
