"""A company's word for some of the records of a kind: "key account"."""

from dataclasses import dataclass, field

from crm_core.query.spec import Filter


@dataclass(frozen=True)
class OwnCondition:
    """A word of the company for some records of `entity`: those that `where` holds for."""

    phrase: str
    entity: str
    where: Filter = field(hash=False)
