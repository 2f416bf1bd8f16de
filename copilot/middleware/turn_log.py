"""One log line a turn: ids, model, prompt, tools, time and tokens; never contents."""

import logging

from copilot.context import TurnContext
from copilot.middleware.prompt import PROMPT
from copilot.reply import Reply
from prompts import fingerprint

log = logging.getLogger("copilot.turn")


def log_turn(context: TurnContext, reply: Reply, *, model: str) -> None:
    """Write the line of a finished turn."""
    log.info(
        "turn=%s actor=%d status=%s model=%s prompt=%s tools=%s model_calls=%d ms=%d"
        " tokens_in=%d tokens_out=%d tainted=%s error=%s",
        context.turn_id,
        context.actor.id,
        reply.status,
        model,
        fingerprint(PROMPT),
        ",".join(context.ledger.tools) or "-",
        context.ledger.model_calls,
        reply.elapsed_ms,
        context.ledger.tokens_in,
        context.ledger.tokens_out,
        "yes" if context.ledger.is_tainted else "no",
        reply.error_id or "-",
    )
