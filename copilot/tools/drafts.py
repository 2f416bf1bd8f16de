"""Drafts of mails: proposals like any other. What a person approved may be sent by a person, elsewhere."""

from typing import Any

from langchain.tools import tool
from pydantic import Field

from copilot.context import TurnContext
from copilot.drafts import Drafted, make_draft, pick_recipient
from copilot.drafts.blanks import Fill
from copilot.drafts.filling import fill_draft, note_blanks
from copilot.drafts.page import draft_page
from copilot.drafts.values import values_of
from copilot.drafts.waiting import read_waiting
from copilot.drafts.wishes import Wishes, read_wishes
from copilot.fence import fence
from copilot.ledger import Verdict
from copilot.reply import Status
from copilot.taint import TAINT
from copilot.tools.base import Args, Runtime
from copilot.tools.history import find_about
from copilot.tools.propose import keep_proposal
from copilot.words import sentence
from crm_core.blanks import blanks_in
from crm_core.changes.draft import draft as work_out
from crm_core.changes.steps import Step
from crm_core.errors import Invalid
from crm_core.reaching import Recipient, find_block


class DraftArgs(Args):
    """Arguments of draft."""

    to: str | None = Field(None, max_length=300)
    wishes: str = Field("", max_length=500, description='"thank-you, short, in Chinese, mention the pilot"')
    text: str = Field("", max_length=6000)
    instead_of: str | None = Field(None, max_length=64)


@tool(args_schema=DraftArgs, response_format="content_and_artifact")
def draft(
    to: str | None, wishes: str, text: str, instead_of: str | None, runtime: Runtime
) -> tuple[str, dict[str, Any]]:
    """Propose a mail to a contact or lead ("contact:Ann Bell") from their history, or another version of a waiting one.

    `text`: your wording of its body, from the facts told.
    """
    context, asked = runtime.context, read_wishes(wishes)
    if instead_of and asked.fills and asked == Wishes(fills=asked.fills):
        return _filled(context, instead_of, asked.fills)
    before = read_waiting(context, instead_of) if instead_of else None
    if before is not None:
        whom, deal, asked = before.whom, before.deal, before.wishes.then(asked)
    elif to:
        whom, deal = pick_recipient(context, *find_about(context, to))
    else:
        raise Invalid('Say whom it is to: "contact:" and a name.')
    if _is_blocked(context, whom):
        return "The person was told why there is no draft.", {}
    drafted = make_draft(context, whom, asked, deal_id=deal, text=text)
    return _proposed(context, drafted, asked, instead_of, runtime.tool_call_id, is_reworded=bool(text))


def _filled(context: TurnContext, proposal: str, fills: tuple[Fill, ...]) -> tuple[str, dict[str, Any]]:
    """The draft with the person's words in its blanks, as a proposal."""
    mail, found = fill_draft(context, proposal, fills)
    kept = keep_proposal(context, found, mail.proposal, is_tainted=mail.is_tainted)
    return fence(f"Proposal {kept.id} waits for a person.", source="draft"), {"proposal": kept.id, TAINT: True}


def _is_blocked(context: TurnContext, whom: Recipient) -> bool:
    with context.store.read(context.actor) as connection:
        block = find_block(connection, whom)
    if block is not None:
        _, name = find_about(context, f"{whom.entity}:#{whom.id}")
        context.ledger.verdict = Verdict(Status.CANNOT, sentence(f"blocked_{block}", context.lang, name=name))
    return block is not None


def _proposed(
    context: TurnContext,
    drafted: Drafted,
    asked: Wishes,
    instead_of: str | None,
    call_id: str | None,
    *,
    is_reworded: bool,
) -> tuple[str, dict[str, Any]]:
    """The draft as a proposal, with the page of what it rests on; tainted where it repeats what a customer said."""
    step = Step(op="create", entity="draft", set=values_of(drafted, asked))
    found = work_out(context.store, [step], actor=context.actor, today=context.today)
    proposal = keep_proposal(context, found, instead_of, is_tainted=drafted.quotes_customer)
    page = draft_page(context, drafted)
    context.ledger.pages[call_id or proposal.id] = page
    if not drafted.address:
        context.ledger.notes.append(sentence("no_address", context.lang, name=drafted.to.label))
    if is_reworded and not drafted.is_reworded:
        context.ledger.notes.append(sentence("wording_dropped", context.lang))
    note_blanks(context, blanks_in(f"{drafted.letter.subject}\n{drafted.letter.body}"))
    for words in asked.unread:
        context.ledger.notes.append(sentence("wish_unread", context.lang, words=words))
    told = [f"Proposal {proposal.id} waits for a person. Its text:", drafted.letter.body, page.text()]
    about = [drafted.to.entity, drafted.to.id, drafted.to.label]
    artifact = {"proposal": proposal.id, "about": about, TAINT: True}
    return fence("\n".join(told), source="draft"), artifact
