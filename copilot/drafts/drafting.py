"""A draft to a contact or a lead: whom, from which facts, in which voice and words. It proposes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from copilot.briefs.desk import Desk, Found
from copilot.briefs.subject import Subject, look_up
from copilot.context import Lang, TurnContext
from copilot.drafts.blanks import fill_blanks
from copilot.drafts.check import doubts_in, without_doubts
from copilot.drafts.compose import Composer, Letter, Sentence, blank, facts_of
from copilot.drafts.dates import Calendar
from copilot.drafts.facts import Fact, Facts, company_of
from copilot.drafts.gathering import Gathering
from copilot.drafts.mention import mention_parts
from copilot.drafts.purpose import infer_purpose
from copilot.drafts.talks import mails_of
from copilot.drafts.voice import Voice, learn_voice
from copilot.drafts.wishes import Wishes
from copilot.knowledge import About
from copilot.language import language_of
from copilot.reply import Answer, Citation
from copilot.words import sentence
from crm_core.models import Interaction, InteractionKind, Purpose, StageKind
from crm_core.query.spec import All, Condition
from crm_core.reaching import Recipient

_WON_LATELY = timedelta(days=60)
_LONGEST = 6_000  # characters of a model's wording
_DEAL = ("name", "stage.kind", "amount", "product", "account", "closed_on")


@dataclass(frozen=True)
class Drafted:
    """A draft as made.

    Attributes:
        letter: its text.
        facts: that the letter says, each with its source.
        to: the record of whom it goes to.
        whom: the same.
        address: their own, from the store; empty: none is recorded.
        deal_id: that it is about.
        account_id: that they belong to.
        thread: of the mail that it answers.
        voice: it was written in.
        answers: the queries behind it.
        is_reworded: the text is a model's.
    """

    letter: Letter
    facts: tuple[Fact, ...]
    to: Citation
    whom: Recipient
    address: str
    deal_id: int | None
    account_id: int | None
    thread: str | None
    voice: Voice
    answers: tuple[Answer, ...]
    is_reworded: bool = False

    @property
    def quotes_customer(self) -> bool:
        """Whether something in it was said or written by somebody, rather than recorded in a field of ours."""
        return any(fact.source.entity == "interaction" for fact in self.facts)


def make_draft(
    context: TurnContext, whom: Recipient, wishes: Wishes, *, deal_id: int | None = None, text: str = ""
) -> Drafted:
    """The draft to a contact or a lead, by their history with us.

    Args:
        context: of the turn; its actor writes.
        whom: it is to.
        wishes: on it.
        deal_id: that it is about; None: their open deal that closes first.
        text: another wording by a model; it stays where its figures, days and names are those of the facts.
    """
    desk = Desk(context)
    subject = look_up(desk, About(whom.entity, whom.id), asked=sentence("draft_to", context.lang))
    lang = wishes.lang or _language(subject)
    voice = learn_voice(desk, lang)
    calendar = Calendar(lang, context.today, voice.month_first)
    deal, won = _deals(desk, subject, deal_id)
    facts = Gathering(desk, subject, lang, calendar, deal, won).facts()
    wishes = replace(wishes, purpose=wishes.purpose or infer_purpose(subject, facts, context.today))
    _narrow(facts, wishes)
    extra = tuple(mention_parts(wishes, facts, desk=desk, subject=subject, calendar=calendar, lang=lang))
    name, company = subject.record.told("name"), company_of(subject.record)
    letter = Composer(facts, wishes, voice, name, whom, _sender(context, lang), lang, extra).letter()
    at = (company.quote or company.label) if company else ""
    names = [name, at, voice.signature or "", voice.closing or "", letter.greeting]
    letter, filled = _filled(without_doubts(letter, facts.known.values(), context, names=names), wishes, context)
    drafted = Drafted(
        letter, (*facts_of(letter, facts), *filled), Citation(whom.entity, whom.id, name or at, ""), whom,
        _address(desk, whom), deal.id if deal else None, subject.record.id_of("account"),
        _thread(desk, subject, letter.purpose), voice, tuple(desk.answers),
    )  # fmt: skip
    return (reworded(drafted, text, context, tuple(facts.known.values())) if text else None) or drafted


def reworded(drafted: Drafted, text: str, context: TurnContext, known: Sequence[Fact]) -> Drafted | None:
    """The draft in a model's words; None where they say more than the facts."""
    names = [drafted.to.label, drafted.letter.greeting, drafted.letter.ending]
    if not text.strip() or len(text) > _LONGEST or doubts_in(text, known, context, names=names):
        return None
    told = tuple(one for one in known if any(words in text for words in one.said.values())) or drafted.facts
    letter = replace(drafted.letter, sentences=(Sentence(text.strip()),))
    return replace(drafted, letter=letter, facts=told, is_reworded=True)


def _filled(letter: Letter, wishes: Wishes, context: TurnContext) -> tuple[Letter, list[Fact]]:
    """The letter with the asker's own words in its blanks, each a fact of theirs."""
    texts = {"subject": letter.subject, "ending": letter.ending}
    texts |= {str(at): one.text for at, one in enumerate(letter.sentences)}
    filled = fill_blanks(texts, wishes.fills)
    told = tuple(replace(one, text=filled.texts[str(at)]) for at, one in enumerate(letter.sentences))
    new = replace(letter, subject=filled.texts["subject"], ending=filled.texts["ending"], sentences=told)
    own = context.actor
    facts = [
        Fact("filled", {name: words}, Citation("user", own.id, own.name, f"{name}: {words}"), context.today)
        for name, words in filled.used
    ]
    return new, facts


def _language(subject: Subject) -> Lang:
    """Of their last mail, else of ours to them, else of their name."""
    for is_theirs in (True, False):
        mails = [one for one in mails_of(subject, date.max, is_theirs=is_theirs) if one["body"]]
        if mails:
            return language_of(str(mails[0]["body"]))
    return language_of(subject.record.label)


def _deals(desk: Desk, subject: Subject, deal_id: int | None) -> tuple[Found | None, Found | None]:
    """The open deal that the mail is about, and one that was won lately."""
    if deal_id is not None:
        found = desk.ask("deal", _DEAL, only=[deal_id])
        return (found[0] if found else None), None
    ids = _deals_with(desk, subject)
    is_open = Condition(field="stage.kind", value=StageKind.OPEN)
    own = desk.ask("deal", _DEAL, is_open, first="closes_on", only=ids) if ids else []
    since = (desk.today - _WON_LATELY).isoformat()
    lately = [Condition(field="stage.kind", value=StageKind.WON), Condition(field="closed_on", op="ge", value=since)]
    won = desk.ask("deal", _DEAL, All(all=list(lately)), newest="closed_on", only=ids) if ids else []
    return next(iter(own), None), next(iter(won), None)


def _deals_with(desk: Desk, subject: Subject) -> list[int]:
    if subject.record.entity != "contact":
        return []
    takes_part = desk.ask("deal_contact", ("role", "deal"), Condition(field="contact", value=subject.record.id))
    return [id_ for one in takes_part if (id_ := one.id_of("deal"))]


def _narrow(facts: Facts, wishes: Wishes) -> None:
    """Without what has no place in a mail of this purpose; after a long silence nobody asks for an answer."""
    if "quiet" in facts.known:
        for name in ("sent", "missed", "talk"):
            facts.known.pop(name, None)
    topic = facts.known.get("topic")
    if wishes.purpose is not Purpose.OBJECTION or topic is None or topic.said["key"] != "price":
        facts.known.pop("costly", None)
    if wishes.purpose is not Purpose.THANK_YOU:
        facts.known.pop("won", None)


def _sender(context: TurnContext, lang: Lang) -> str:
    """The name to sign with; an administrator who is nobody leaves a blank."""
    return context.actor.name if context.actor.id else blank("sender", lang)


def _address(desk: Desk, whom: Recipient) -> str:
    found = desk.ask(whom.entity, ("name", "email"), only=[whom.id])
    return str(found[0]["email"] or "") if found else ""


def _thread(desk: Desk, subject: Subject, purpose: Purpose) -> str | None:
    """Of the newest mail between both, where the letter goes on with it."""
    if purpose not in (Purpose.REPLY, Purpose.NO_REPLY):
        return None
    mails = mails_of(subject, desk.today, is_theirs=purpose is Purpose.REPLY)
    newest = next((one.id for one in mails if one["kind"] == InteractionKind.EMAIL), None)
    if newest is None:
        return None
    with desk.context.store.read(desk.context.actor) as connection:
        return connection.execute(select(Interaction.thread).where(Interaction.id == newest)).scalar()
