"""A message that asks for a draft, for what was said or sent, for a summary of it or for a brief."""

from collections.abc import Sequence
from itertools import pairwise

from copilot.offline.attached import plan_attached, plan_mails
from copilot.offline.briefing import find_wish, plan_page
from copilot.offline.compose.reading import Reading
from copilot.offline.drafting import find_draft, plan_draft, plan_revision
from copilot.offline.history import asks_what_was_said, plan_search
from copilot.offline.last_talk import plan_last_talk
from copilot.offline.plan import PastTurn
from copilot.offline.reader import Reader
from copilot.offline.tags import T, Tag
from copilot.offline.verdict import Verdict

_TEXTS = frozenset({"interaction.body", "interaction.subject", "interaction.kind"})  # "search our notes for …"


def about_history(text: str, reader: Reader, dialogue: Sequence[PastTurn]) -> Verdict | None:
    """A message that asks for a draft, for what was said or sent, for a summary of it or for a brief."""
    revision, draft = plan_revision(text, dialogue), find_draft(text)
    written = revision or (plan_draft(text, draft, reader.read, dialogue) if draft else None)
    if written is not None:
        return Verdict(written, Reading(), (), "draft")
    sent = plan_attached(text, reader.read, dialogue) or plan_mails(text, reader.read, dialogue)
    if sent is not None:
        return Verdict(sent, Reading(), (), "list")
    told = plan_last_talk(text, reader.read(text))
    if told is not None:
        return Verdict(told, Reading(), (), "list")
    if asks_what_was_said(text):
        read = reader.read(text)
        if not _is_of_records(read.tags):
            return Verdict(plan_search(text, read), Reading(), read.tags, "search")
    wish = find_wish(text)
    page = plan_page(text, wish, reader.read, dialogue) if wish else None
    return Verdict(page, Reading(), (), "page") if page else None


def _is_of_records(tags: Sequence[Tag]) -> bool:
    """As in "any complaints in my branch": what a column of the talks says, or of some part of them, is no text."""
    noted = any(s.value[0].startswith("interaction.") and s.how == "exact" for t in tags for s in t.all(T.VALUE))
    mine = any(
        tag.get(T.MINE) and after.get(T.FIELD, T.TREE) and not any(s.value in _TEXTS for s in after.all(T.FIELD))
        for tag, after in pairwise(tags)
    )
    return noted or mine
