"""Words that point at something said before."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pronoun:
    """A word that points at something said before: a set ("those"), a single one ("that rep", "there") or the same.

    Attributes:
        kind: set ("those"), single ("that rep", "there") or same.
        entity: what it can only be ("that rep" → user, "that region" → user.region), if the words say so; "team"
            for a team.
        is_weak: it may as well point back into its own sentence ("it", "them").
        is_unit: it is a period that was spoken of: "that quarter".
        is_person: it is somebody, a colleague or a customer's: "she", "that person".
    """

    kind: str
    entity: str | None
    is_weak: bool
    text: str = ""
    is_unit: bool = False
    is_person: bool = False
