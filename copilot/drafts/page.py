"""What a draft rests on: as a page for the person, and as the lines that the draft keeps."""

from collections.abc import Iterable
from datetime import date

from copilot.context import Lang, TurnContext
from copilot.drafts.drafting import Drafted
from copilot.drafts.facts import Fact
from copilot.labels import entity_label
from copilot.page import Line, Page, Section
from copilot.words import sentence
from crm_core.access import Actor


def draft_page(context: TurnContext, drafted: Drafted) -> Page:
    """Each fact of the letter with its source, and where the voice comes from."""
    lang = context.lang
    lines = [Line(_told(fact, lang), fact.source, fact.day) for fact in drafted.facts]
    voice = drafted.voice
    if voice.source is not None:
        lines.append(Line(sentence("voice_from", lang, count=f"{voice.mails:,}"), voice.source))
    section = Section(sentence("draft_rests_on", lang), tuple(lines), sentence("draft_without_facts", lang))
    about = sentence("draft_for", lang, name=drafted.to.label)
    return Page(about, drafted.to, (section,), drafted.answers, asked=about)


def sources_text(facts: Iterable[Fact]) -> str:
    """A line for each: "interaction 4711 · 2026-07-03 · the words"."""
    return "\n".join(_kept(fact) for fact in facts)


def asked_line(actor: Actor, day: date, name: str, words: str) -> str:
    """Such a line for what a person themself put into a blank."""
    return f"user {actor.id} · {day.isoformat()} · {name}: {words}"


def _kept(fact: Fact) -> str:
    day = fact.day.isoformat() if fact.day else ""
    return " · ".join(filter(None, [f"{fact.source.entity} {fact.source.id}", day, _words(fact)]))


def _told(fact: Fact, lang: Lang) -> str:
    record = f"{entity_label(fact.source.entity, lang, count=1)} {fact.source.label}"
    return record if _words(fact) == fact.source.label else f"{record}: “{_words(fact)}”"


def _words(fact: Fact) -> str:
    return (fact.source.quote or fact.source.label).replace("\n", " ")
