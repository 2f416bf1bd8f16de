"""Proposing changes and taking proposals back. Neither changes a record: a person approves, elsewhere."""

from dataclasses import asdict
from typing import Annotated, Any

from langchain.tools import tool
from pydantic import BeforeValidator, Field

from copilot.context import TurnContext
from copilot.fence import fence
from copilot.labels import column_label
from copilot.reply import Proposal, Twin
from copilot.taint import TAINT
from copilot.tools.base import Args, Runtime, parsed
from crm_core.changes import Origin, propose, withdraw
from crm_core.changes.draft import Draft, draft, risk_of, summarise, told
from crm_core.changes.steps import Step
from crm_core.errors import Invalid
from prompts import fingerprint

_SHOWN = 10


class ProposeArgs(Args):
    """Arguments of propose_changes."""

    steps: Annotated[list[Step], BeforeValidator(parsed)] = Field(min_length=1, max_length=50)
    instead_of: str | None = Field(None, description="your waiting proposal that this one corrects")


@tool(args_schema=ProposeArgs, response_format="content_and_artifact")
def propose_changes(steps: list[Step], instead_of: str | None, runtime: Runtime) -> tuple[str, dict[str, Any]]:
    """Propose to create, update, delete or convert records. Nothing changes until a person approves the exact diff.

    Put all that belongs together into one proposal. Calls, meetings, emails and notes are `interaction` records
    (kind, happened_on, body, account, contact, deal); reminders are `task` records (title, due_on, owner). Amounts are
    in major units, dates absolute. Won and lost deals get their close date.
    """
    context = runtime.context
    if any(step.op == "create" and step.entity == "draft" for step in steps):
        raise Invalid("A mail is drafted with the tool `draft`.")
    found = draft(context.store, steps, actor=context.actor, today=context.today)
    if not found.changes:
        context.ledger.unmatched.append(found)
        if instead_of is not None:  # what waited is not wanted any more either
            _withdraw(context, instead_of)
        return _nothing(found), {}
    proposal = keep_proposal(context, found, instead_of)
    return _card(proposal), {"proposal": proposal.id, "twins": [asdict(twin) for twin in proposal.twins], TAINT: True}


def keep_proposal(context: TurnContext, found: Draft, instead_of: str | None, *, is_tainted: bool = False) -> Proposal:
    """Keep exact changes for a person to approve, in the place of what waited; `is_tainted`: beside what was read."""
    schema = context.store.schema
    origin = Origin(
        door=context.door,
        turn=context.turn_id,
        tainted=is_tainted or context.ledger.is_tainted,
        model=context.model,
        prompt=None if context.ledger.is_planned else fingerprint("system"),
        quotes=found.quotes,
    )
    made = propose(
        context.store, found.changes, actor=context.actor, summary=summarise(found.changes, schema), origin=origin,
        instead_of=instead_of,
    )  # fmt: skip
    proposal = Proposal(
        id=made.id,
        sha256=made.sha256,
        risk=risk_of(found.changes, schema),
        summary=made.head.summary,
        changes=tuple(told(context.store, found.changes, actor=context.actor, quotes=found.quotes)),
        unchanged=found.unchanged,
        missed=found.missed,
        alike=tuple(f"{one.label} ({column_label(one.by, one.entity, context.lang)})" for one in found.alike),
        twins=_twins(found),
        expires_at=made.head.expires_at,
        is_tainted=made.head.tainted,
    )
    context.ledger.proposals[proposal.id] = proposal
    return proposal


def _twins(found: Draft) -> tuple[Twin, ...]:
    """Of one new record at a time: the next proposal asks about the next one."""
    twins = [
        Twin(one.step, one.entity, one.record_id, one.label)
        for one in found.alike
        if one.may_change and one.step is not None
    ]
    return tuple(twin for twin in twins if twin.step == twins[0].step)


def _card(proposal: Proposal) -> str:
    """What the model reads of it; the person sees the whole card, made by code."""
    lines = [f"Proposed, waiting for a person's approval: {proposal.summary} (proposal {proposal.id})."]
    lines += [f"- {change['op']} {change['entity']} {change['label']}" for change in proposal.changes[:_SHOWN]]
    lines += [
        f"It looks like the {twin.entity} {twin.label} (id {twin.record_id}); the person is asked which it is."
        for twin in proposal.twins
    ]
    return fence("\n".join(lines), source="proposal")


def _nothing(found: Draft) -> str:
    if found.matched:
        return f"Nothing to propose: all {found.matched} records are so already."
    return "Nothing to propose: no record matches."


class WithdrawArgs(Args):
    """Arguments of withdraw_proposal."""

    proposal: str = Field(min_length=4, max_length=64)


@tool(args_schema=WithdrawArgs)
def withdraw_proposal(proposal: str, runtime: Runtime) -> str:
    """Take back this person's waiting proposal. Undoing what was applied is not yours."""
    _withdraw(runtime.context, proposal)
    return "The proposal was taken back; nothing was changed."


def _withdraw(context: TurnContext, proposal: str) -> None:
    ended = withdraw(context.store, proposal, actor=context.actor)
    context.ledger.proposals.pop(ended.id, None)
    context.ledger.withdrawn.append(ended.head.summary)
