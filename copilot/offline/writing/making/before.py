"""What the earlier parts of a message said: whom "her" and "there" mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.parties import Links, links, named, which
from copilot.offline.writing.making.scan import Scan, scan
from crm_core.changes.steps import Given, Step
from crm_core.query.spec import Condition, QuerySpec


@dataclass(frozen=True)
class Before:
    """The parts that came first.

    Attributes:
        text: their words.
        steps: what they come to; a new record is referred to as "@name".
    """

    text: str = ""
    steps: Sequence[Step] = ()

    def links(self, saying: Saying) -> Links:
        """The account, deal and contact that they speak of, where each is only one."""
        out = links(scan(self.text, saying), saying) if self.text.strip() else Links()
        return Links() if out.ask else out

    def told_in(self, text: str, saying: Saying) -> str:
        """A change that leans on the parts before it, with the customer they speak of: "… deal | at Newex | to …"."""
        account = self.links(saying).found.get("account")
        seen = scan(text, saying)
        if account is None or named(seen, "account", "deal", "contact"):
            return text
        there = next(iter(seen.said("there")), None)
        if there is not None:
            return f"{seen.cut(0, there.start)} at {account.label} {seen.cut(there.end, len(seen.tokens))}"
        tags = [*(tag for tag, _ in named(seen, "product")), *(tag for tag in seen.tags if _is_of_deal(tag))]
        if not tags:
            deal = self.links(saying).found.get("deal")
            return text if deal is None else f"{_code(deal, saying)}: {text}"
        first, last = min(tag.start for tag in tags), max(tag.end for tag in tags)
        if seen.is_chinese:
            return f"{seen.cut(0, first)} {account.label} 的{seen.cut(first, len(seen.tokens))}"
        return f"{seen.cut(0, last)} at {account.label} {seen.cut(last, len(seen.tokens))}"

    def new(self, entity: str) -> str | None:
        """The latest new record of a kind, as a reference."""
        made = [step for step in self.steps if step.op == "create" and step.entity == entity and step.name]
        return f"@{made[-1].name}" if made else None

    def inherited(self, saying: Saying) -> dict[str, Given]:
        """What a part that names nobody is tied to: the new records of the earlier ones, else whom they speak of."""
        made: dict[str, Given] = {k: v for k in ("contact", "account", "deal", "lead") if (v := self.new(k))}
        if made:
            account = self.value("account")
            return {**({"account": account} if account is not None else {}), **made}
        return {k: v for k, v in self.links(saying).values.items() if k in ("account", "contact", "deal")}

    def value(self, field: str) -> int | str | None:
        """What an earlier step ties its record to."""
        told = [step.set[field] for step in self.steps if isinstance(step.set.get(field), int | str)]
        return told[-1] if told else None  # type: ignore[return-value]

    def colleague(self, saying: Saying) -> Name | None:
        """The colleague last spoken of."""
        seen = self._people(scan(self.text, saying)) if self.text.strip() else []
        return seen[-1] if seen else None

    def _people(self, text: Scan) -> list[Name]:
        met = (which(text, tag, names) for tag, names in named(text, "user"))
        return [one for one in met if isinstance(one, Name)]


def _code(deal: Name, saying: Saying) -> str:
    """By what a deal is found again: its id in the source system, else its name."""
    spec = QuerySpec(entity="deal", where=Condition(field="name", op="eq", value=deal.label), columns=["external_id"])
    rows = [row for row in saying.run(spec).rows if row.record_id == deal.id]
    return str(rows[0].values[0] or deal.label) if rows else deal.label


def _is_of_deal(tag: Tag) -> bool:
    """Whether it is the word for a deal or for a field of one."""
    return any(s.value == "deal" for s in tag.all(T.ENTITY)) or any(
        s.value.startswith("deal.") for s in tag.all(T.FIELD)
    )
