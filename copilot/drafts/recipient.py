"""Whom a mail goes to: the person who was named, or of a deal or an account the contact who was last in touch."""

from copilot.briefs.desk import Desk
from copilot.context import TurnContext
from copilot.knowledge import About
from copilot.words import sentence
from crm_core.errors import Invalid
from crm_core.query.spec import Condition
from crm_core.reaching import Recipient


def pick_recipient(context: TurnContext, about: About, label: str) -> tuple[Recipient, int | None]:
    """The contact or lead, and the deal that was named; a lead that became a contact is written to as that.

    Raises:
        Invalid: nobody is recorded there, or it is no customer's record that mails go to.
    """
    if about.entity == "contact":
        return Recipient("contact", about.id), None
    if about.entity == "lead":
        return _of_lead(Desk(context), about.id), None
    if about.entity not in ("account", "deal"):
        raise Invalid(sentence("draft_to_contact", context.lang, name=label))
    desk = Desk(context)
    at_account = Condition(field="account", value=about.id) if about.entity == "account" else None
    only = None if at_account else _taking_part(desk, about.id)
    found = desk.ask("contact", ("name", "last_interaction_at"), at_account, newest="last_interaction_at", only=only)
    if not found:
        raise Invalid(sentence("nobody_there", context.lang, name=label))
    context.ledger.notes.append(sentence("picked_contact", context.lang, name=found[0].label, label=label))
    return Recipient("contact", found[0].id), about.id if about.entity == "deal" else None


def _of_lead(desk: Desk, lead: int) -> Recipient:
    became = [id_ for one in desk.ask("lead", ("name", "contact"), only=[lead]) if (id_ := one.id_of("contact"))]
    return Recipient("contact", became[0]) if became else Recipient("lead", lead)


def _taking_part(desk: Desk, deal: int) -> list[int]:
    roles = desk.ask("deal_contact", ("role", "contact"), Condition(field="deal", value=deal))
    return [id_ for one in roles if (id_ := one.id_of("contact"))]
