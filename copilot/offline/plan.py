"""What the offline planner decides about one turn: query, propose, ask back, decline or say."""

import datetime as dt
from dataclasses import dataclass, field
from datetime import date

from copilot.page import Offer
from copilot.reply import Twin
from crm_core.changes.steps import Step
from crm_core.query.spec import Filter, Group, QuerySpec


@dataclass(frozen=True)
class Query:
    """Answer with this spec.

    Attributes:
        spec: what to run.
        shape: name of the declared shape ("scalar", "top_n", "look_up" …); decides how the answer is worded.
        notes: what was assumed or repaired, for the person to see ("I read 'vicky laflames' as Vicki Laflamme").
    """

    spec: QuerySpec
    shape: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Queries:
    """Several questions in one message, each answered."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Reworded:
    """A question that can be answered, in the place of one that cannot.

    Attributes:
        text: the question; whoever picks it asks it.
        word: of the message that it puts a known one for; None: it leaves words out.
        meaning: of that word, as `farley lexicon accept` takes it.
    """

    text: str
    word: str | None = None
    meaning: str | None = None


@dataclass(frozen=True)
class Clarify:
    """Ask back.

    Attributes:
        question: in the language of the person.
        options: at most four, each says what it means; empty where only free text helps.
        unread: the word that had no place in the question, where that is why.
        reworded: what could be answered instead, in the place of options.
        is_strange: nothing explains the unread word.
    """

    question: str
    options: tuple[str, ...] = ()
    unread: str | None = None
    reworded: tuple[Reworded, ...] = ()
    is_strange: bool = False


@dataclass(frozen=True)
class Cannot:
    """The data cannot answer this.

    Attributes:
        reason: a sentence that names what is missing, without any number.
        near: what exists and comes near.
        unread: the word that nothing explains, where that is why.
    """

    reason: str
    near: tuple[str, ...] = ()
    unread: str | None = None


@dataclass(frozen=True)
class Say:
    """Plain words: a greeting, thanks, help."""

    text: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Propose:
    """Propose changes for a person to approve.

    Attributes:
        steps: what to change, in order.
        notes: what was assumed or repaired, for the person to see.
        instead_of: the waiting proposal of an earlier turn that this one replaces ("make it 50k").
    """

    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    instead_of: str | None = None


@dataclass(frozen=True)
class Withdraw:
    """Take back a waiting proposal ("forget it"); nothing is changed.

    Attributes:
        proposal: its id.
    """

    proposal: str


@dataclass(frozen=True)
class Search:
    """Look for what was said.

    Attributes:
        query: in the person's words, without the names.
        about: entity and id of the records that it hangs on.
        kinds: of interactions; empty: any.
        since, until: inclusive; None: open.
    """

    query: str
    about: tuple[tuple[str, int], ...] = ()
    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Summarise:
    """Sum up what was said.

    Attributes:
        about: entity and id of the record.
        question: what the person wants to know of it; empty: everything.
        since, until: inclusive; None: open.
    """

    about: tuple[str, int]
    question: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Brief:
    """Prepare the person for a talk.

    Attributes:
        about: entity and id of the record; None: whoever they have to do with on `day`.
        day: None: today.
        at: the time of that day; None: any.
    """

    about: tuple[str, int] | None = None
    day: date | None = None
    at: dt.time | None = None


@dataclass(frozen=True)
class ShowReport:
    """Show a ready report.

    Attributes:
        name: of the report.
        about: entity and id of the one record that it is about.
        where: which records of the report's entity; None: all.
        by: what to tell apart by.
        since, until: inclusive; None: open.
    """

    name: str
    about: tuple[str, int] | None = None
    where: Filter | None = None
    by: tuple[Group, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class WriteDraft:
    """Draft a mail.

    Attributes:
        to: entity and id of whom or what it is to or about; None: of the waiting draft.
        wishes: on purpose, tone, length, language and contents, in words.
        instead_of: the waiting draft that this one replaces.
    """

    to: tuple[str, int] | None
    wishes: str = ""
    instead_of: str | None = None


Plan = (
    Query | Queries | Search | Summarise | Brief | ShowReport | WriteDraft | Clarify | Cannot | Say | Propose | Withdraw
)


@dataclass(frozen=True)
class PastTurn:
    """An earlier turn of the conversation, oldest first in a dialogue.

    Attributes:
        text: what the person wrote.
        spec: what was answered, if anything.
        shape: of that answer.
        options: what was asked back, if anything.
        reworded: questions that were offered in the place of this one.
        entity: what the rows of the answer are of (a group's entity for a grouped answer).
        ids: record ids of the rows, in order; of the first reference column in a grouped answer.
        labels: of the same rows.
        told: the one record that answered ("who is her manager"): its entity, id and label.
        proposal: id of the change set that was proposed, unless it was withdrawn since.
        steps: what was proposed.
        is_draft: what was proposed is a mail.
        twins: records that could be updated in the place of a new one of these.
        offers: what was suggested to do, in order.
    """

    text: str
    spec: QuerySpec | None = None
    shape: str | None = None
    options: tuple[str, ...] = ()
    reworded: tuple[Reworded, ...] = ()
    entity: str | None = None
    ids: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    told: tuple[str, int, str] | None = None
    proposal: str | None = None
    steps: tuple[Step, ...] = ()
    is_draft: bool = False
    twins: tuple[Twin, ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """How a question was read, for `farley ask --explain`: lines of text a person can follow."""

    lines: tuple[str, ...] = field(default=())
