"""What the readers of changes stand on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from copilot.offline.follow_up import LookUp
from copilot.offline.plan import PastTurn, Plan
from copilot.offline.prepare import Prepared
from copilot.offline.reader import Read
from copilot.offline.tags import Tag
from copilot.offline.vocabulary import Vocabulary
from crm_core.access import Actor
from crm_core.changes.steps import Step
from crm_core.query.result import QueryResult
from crm_core.query.spec import QuerySpec

Found = tuple[Step, ...] | Plan | None  # the steps; what to ask or say instead; None: this reader does not know it
Cover = Callable[[str], tuple[Prepared, list[Tag]]]


def once(cover: Cover) -> Cover:
    """The same, each text of a turn read once."""
    known: dict[str, tuple[Prepared, list[Tag]]] = {}

    def read(text: str) -> tuple[Prepared, list[Tag]]:
        if text not in known:
            known[text] = cover(text)
        prepared, tags = known[text]
        return prepared, list(tags)

    return read


@dataclass(frozen=True)
class Saying:
    """One turn in which something is to be changed.

    Attributes:
        vocabulary: of the store, as the actor sees it.
        actor: who speaks.
        today: of the turn.
        dialogue: earlier turns, oldest first.
        read: reads a text as the questions are read (words, tags, nodes).
        cover: the words and tags of a text with the words of changes among them (T.WRITE, by concept), and no nodes.
        plain: the words and tags of a text as a question has them, with what stands around the question.
        chosen: the option of the last question back that the person picks.
        run: runs a spec as the actor, to see which records a description finds.
        look_up: one field of one record, as the actor may see it.
    """

    vocabulary: Vocabulary
    actor: Actor
    today: date
    dialogue: Sequence[PastTurn]
    read: Callable[[str], Read]
    cover: Cover
    plain: Cover
    run: Callable[[QuerySpec], QueryResult]
    look_up: LookUp
    chosen: str | None = None
