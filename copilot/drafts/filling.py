"""The draft that a person fills the blanks of, just as it stands: waiting, or approved already."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from copilot.context import Lang, TurnContext
from copilot.drafts.blanks import Fill, Filled, fill_blanks
from copilot.drafts.page import asked_line
from copilot.drafts.wishes import Wishes, read_lines
from copilot.words import sentence
from crm_core.access import Actor
from crm_core.changes.draft import Draft, Mail, read_mail, rewrite
from crm_core.errors import Invalid

_WORDED = ("subject", "body")


def fill_mail(
    mail: Mail, fills: Sequence[Fill], *, actor: Actor, today: date, lang: Lang = "en",
    over: Mapping[str, str] | None = None,
) -> Filled:  # fmt: skip
    """The texts of a mail with these words in its blanks, and a line on each of them among its sources.

    Args:
        mail: as it stands.
        fills: by whom they are named is up to the person.
        actor: whose words these are.
        today: when they are said.
        lang: of what is wrong.
        over: texts that stand instead of those of the mail.

    Raises:
        Invalid: it has no such blank; says which it has.
    """
    texts = {**mail.texts, **(over or {})}
    filled = fill_blanks({name: texts.get(name, "") for name in _WORDED}, fills)
    if filled.unknown:
        raise Invalid(_no_such(filled.unknown[0], filled.left, lang))
    kept = read_lines(texts.get("wishes", "")).then(Wishes(fills=filled.used))
    lines = [texts.get("sources", ""), *(asked_line(actor, today, *one) for one in filled.used)]
    told = {**filled.texts, "wishes": kept.lines(), "sources": "\n".join(filter(None, lines))}
    return replace(filled, texts=told)


def fill_draft(context: TurnContext, proposal: str, fills: Sequence[Fill]) -> tuple[Mail, Draft]:
    """The mail, and what it takes that its blanks hold these words; the other words stay.

    Raises:
        Invalid: it has no such blank; says which it has.
        NotFound, Forbidden: as for any change.
    """
    actor, today = context.actor, context.today
    mail = read_mail(context.store, proposal, actor=actor, today=today)
    filled = fill_mail(mail, fills, actor=actor, today=today, lang=context.lang)
    note_blanks(context, filled.left)
    return mail, rewrite(context.store, mail, filled.texts, actor=actor, today=today)


def note_blanks(context: TurnContext, names: Sequence[str]) -> None:
    """Tell the person which blanks there are and how they are filled."""
    if names:
        context.ledger.notes.append(sentence("blanks_left", context.lang, names=_joined(names, context.lang)))


def _no_such(said: str, names: Sequence[str], lang: Lang) -> str:
    if not names:
        return sentence("no_blanks", lang)
    return sentence("no_such_blank" if said else "which_blank", lang, said=said, names=_joined(names, lang))


def _joined(names: Sequence[str], lang: Lang) -> str:
    return ("、" if lang == "zh" else "; ").join(f"“{name}”" for name in names)
