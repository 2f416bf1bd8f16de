"""What a draft's record holds of what was composed."""

from copilot.drafts.drafting import Drafted
from copilot.drafts.page import sources_text
from copilot.drafts.wishes import Wishes
from crm_core.changes.steps import Given


def values_of(drafted: Drafted, asked: Wishes) -> dict[str, Given]:
    """The fields of the record, as a step of a proposal sets them; what is empty is left out."""
    letter = drafted.letter
    values: dict[str, Given] = {
        "subject": letter.subject, "body": letter.body, "purpose": str(letter.purpose), "language": letter.lang,
        "tone": asked.tone, "length": asked.length, "wishes": asked.lines(), "sources": sources_text(drafted.facts),
        "thread": drafted.thread, drafted.whom.entity: drafted.whom.id, "account": drafted.account_id,
        "deal": drafted.deal_id,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value not in (None, "")}
