"""Whether a letter says nothing that its sources do not hold: figures, days and names, sentence by sentence."""

from collections.abc import Iterable
from dataclasses import replace

from copilot.context import TurnContext
from copilot.drafts.compose import Letter
from copilot.drafts.facts import Fact
from copilot.faithful import Sources, add_text, unsourced
from copilot.faithful.names import unsourced_names


def doubts_in(text: str, facts: Iterable[Fact], turn: TurnContext, *, names: Iterable[str] = ()) -> list[str]:
    """The figures, days and names in `text` that no fact holds, as they are written."""
    sources = sources_of(facts, turn, names=names)
    return [*unsourced(text, sources), *unsourced_names(text, sources, turn.store)]


def sources_of(facts: Iterable[Fact], turn: TurnContext, *, names: Iterable[str] = ()) -> Sources:
    """What a letter may rest on: its facts, the names of both sides and what the asker wrote themselves."""
    sources = Sources(names={turn.actor.name, *names}, words=set())
    sources.add_day(turn.today)
    add_text(sources, turn.text)
    for fact in facts:
        sources.names.add(fact.source.label)
        if fact.day is not None:
            sources.add_day(fact.day)
        for words in (*fact.said.values(), fact.source.quote):
            add_text(sources, words)
            sources.names.add(words)
    return sources


def without_doubts(letter: Letter, facts: Iterable[Fact], turn: TurnContext, *, names: Iterable[str]) -> Letter:
    """The letter without the sentences that say more than its facts."""
    known, told = list(facts), list(names)
    text = "\n".join([letter.subject, *(one.text for one in letter.sentences)])
    if not doubts_in(text, known, turn, names=told):
        return letter
    kept = tuple(one for one in letter.sentences if not doubts_in(one.text, known, turn, names=told))
    subject = letter.subject if not doubts_in(letter.subject, known, turn, names=told) else ""
    return replace(letter, sentences=kept, subject=subject)
