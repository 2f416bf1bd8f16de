"""A draft that waits for approval, read back so that another version can take its place."""

from dataclasses import dataclass

from copilot.context import TurnContext
from copilot.drafts.wishes import Wishes, read_lines
from crm_core.changes import Op, find_change_set, read_changes
from crm_core.errors import Invalid
from crm_core.models import Purpose
from crm_core.reaching import Recipient


@dataclass(frozen=True)
class Waiting:
    """A proposed draft: whom it goes to, about which deal, and how it was wished for."""

    whom: Recipient
    deal: int | None
    wishes: Wishes


def read_waiting(context: TurnContext, proposal: str) -> Waiting:
    """The draft of a proposal.

    Raises:
        Invalid: it proposes something else.
        NotFound: there is none that the actor may see.
    """
    with context.store.read(context.actor) as connection:
        found = find_change_set(connection, context.actor, proposal)
        made = [one for seq, one in read_changes(connection, found.id) if seq >= 0 and one.entity == "draft"]
    if len(made) != 1 or made[0].op is not Op.CREATE:
        raise Invalid(f"The proposal {found.id[:8]} is no draft.")
    said = {name: new for name, (_, new) in made[0].set.items()}
    kept = read_lines(str(said.get("wishes") or ""))
    names = {"tone": "tone", "length": "length", "language": "lang"}
    settled = {hole: said[name] for name, hole in names.items() if said.get(name)}
    own = Wishes(purpose=Purpose(str(said["purpose"])), **settled)  # type: ignore[arg-type] # as `values_of` wrote them
    deal = said.get("deal")
    return Waiting(Recipient.of(said), int(str(deal)) if deal else None, own.then(kept))
