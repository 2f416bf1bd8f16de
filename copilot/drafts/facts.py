"""What a mail may say: each fact with the record that it rests on.

Only what was said with this very person, their deals and orders, and what the catalogue holds: what colleagues of
theirs said, and what we think of them, has no place in a mail to them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from copilot.briefs.desk import Found
from copilot.context import Lang
from copilot.drafts.reading import is_order
from copilot.language import language_of
from copilot.reply import Citation
from prompts import load_yaml

LONGEST_QUOTE = 200  # characters
_ANSWERED = re.compile(r"^(?:(?:re|fwd?|aw|wg|回复|答复|转发)\s*[:：]\s*)+", re.IGNORECASE)
_LONGEST_SUBJECT = 70


@dataclass(frozen=True)
class Fact:
    """Something that a mail may say.

    Attributes:
        name: as the parts of `prompts/drafts` call it.
        said: hole → words, without the name before it.
        source: the record, with the words.
        day: of the source.
    """

    name: str
    said: dict[str, str]
    source: Citation
    day: date | None = None


@dataclass
class Facts:
    """All of them, by name."""

    known: dict[str, Fact] = field(default_factory=dict)

    def add(self, fact: Fact) -> None:
        """Keep it, unless one of that name is there."""
        self.known.setdefault(fact.name, fact)

    def holes(self) -> dict[str, str]:
        """What fills the holes: "talk_day"."""
        return {f"{fact.name}_{hole}": words for fact in self.known.values() for hole, words in fact.said.items()}


def product_facts(product: Found, lang: Lang) -> Iterator[Fact]:
    """What a product is, in the language of the mail, and what it costs by the list."""
    about = str(product["description"] or "").split(";")[0].split("；")[0].strip(" .。")
    said = {"name": product.label}
    if about and language_of(about) == lang:
        said["about"] = about if about[1:2].isupper() else about[:1].lower() + about[1:]
    yield Fact("product", said, recorded(product, *said.values()))
    if product["list_price"] is not None:
        price = {"product": product.label, "amount": product.told("list_price")}
        yield Fact("price", price, recorded(product, *price.values()))


def company_of(person: Found) -> Citation | None:
    """Where a contact or a lead works: the account, else the company that a lead named."""
    account = person.id_of("account")
    if account is not None:
        return Citation("account", account, person.told("account"), "")
    named = person.told("company") if person.entity == "lead" else ""
    return Citation(person.entity, person.id, person.label, named) if named else None


def recorded(record: Found, *values: str) -> Citation:
    """A record as the source of values of its fields."""
    return Citation(record.entity, record.id, record.label, " · ".join(filter(None, values)))


def quoted(talk: Found) -> Citation:
    """A talk as the source of its day and subject."""
    told = [talk.told(name) for name in ("happened_on", "kind", "subject")]
    return Citation(talk.entity, talk.id, talk.told("subject") or talk.told("kind"), " · ".join(filter(None, told)))


def bare_subject(subject: str) -> str:
    """Without "Re:"; empty where it is too long to be named, or looks like an order."""
    bare = _ANSWERED.sub("", subject).strip()
    return bare if len(bare) <= _LONGEST_SUBJECT and not is_order(bare) else ""


def joined(parts: Sequence[str], lang: Lang) -> str:
    """Several as one: a, b and c."""
    comma, last = load_yaml(f"drafts/{lang}")["join"]
    return comma.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else "".join(parts)
