"""What is known of a customer when a person sets them aside, so that only news brings them back."""

from collections.abc import Iterable

from copilot.briefs.desk import Desk
from copilot.day.reason import Reason
from copilot.reply import Citation
from crm_core.query.spec import Condition

_NEWEST = 50


def keys_of(desk: Desk, customer: Citation, reasons: Iterable[Reason]) -> frozenset[str]:
    """The reasons, the newest talk, and the state of the deals. The mere passing of days changes none of them."""
    keys = {reason.key for reason in reasons}
    about = Condition(field=customer.entity, value=customer.id)
    if customer.entity in ("account", "contact", "deal", "lead"):
        talks = desk.ask("interaction", ("subject", "created_at"), about, newest="created_at", limit=_NEWEST)
        keys |= {f"interaction:{talk.id}" for talk in talks}
    if customer.entity == "account":
        deals = desk.ask("deal", ("name", "updated_at", "external_id"), about, newest="updated_at", limit=_NEWEST)
        keys |= {f"deal:{deal.id}:{deal['updated_at']}" for deal in deals}
    return frozenset(keys)


def is_news(known: frozenset[str], seen: frozenset[str]) -> bool:
    """Whether something is known that was not when it was set aside."""
    return bool(known - seen)
