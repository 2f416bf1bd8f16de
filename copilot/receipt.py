"""The receipt: what the turn did, one line each, written by code from the ledger. No model has a say in it."""

from collections.abc import Sequence

from copilot.cards import summary
from copilot.context import TurnContext
from copilot.labels import entity_label
from copilot.reply import Answer
from copilot.words import sentence
from crm_core.access import Scope
from crm_core.schema import Schema


def receipt_of(turn: TurnContext, answers: Sequence[Answer]) -> tuple[str, ...]:
    """What was looked at, what failed, and what happened to the turn itself.

    It names the scope ("your team's deals"), never how much lies outside it.
    """
    looked = dict.fromkeys(answer.result.entity for answer in answers)
    lines = [_looked_at(turn, turn.store.schema, list(looked))] if looked else []
    lines += [
        sentence("waits", turn.lang, summary=summary(one.changes, turn.lang), id=one.id[:8])
        for one in turn.ledger.proposals.values()
    ]
    lines += [sentence("withdrawn", turn.lang, summary=what) for what in turn.ledger.withdrawn]
    if not answers:
        lines += [sentence("failure", turn.lang, error=failure.error) for failure in turn.ledger.failures[-1:]]
    return (*lines, *turn.ledger.notes)


def _looked_at(turn: TurnContext, schema: Schema, entities: list[str]) -> str:
    scopes = [_scope(turn, schema, name) for name in entities]
    return sentence("looked_at", turn.lang, what=("、" if turn.lang == "zh" else ", ").join(scopes))


def _scope(turn: TurnContext, schema: Schema, name: str) -> str:
    entity = schema.entity(name)
    known = {Scope.OWN: "scope_own", Scope.TEAM: "scope_team", Scope.ALL: "scope_all"}
    key = known.get(turn.actor.reads, "scope_own") if entity.owned_by else "scope_shared"
    return sentence(key, turn.lang, entity=entity_label(name, turn.lang))
