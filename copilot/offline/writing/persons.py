"""Records of one name: a contact and a lead, two contacts, a company and a person; told apart for a question."""

from collections.abc import Iterable, Sequence

from copilot.labels import entity_label
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from crm_core.models import LeadStatus

PEOPLE = ("contact", "lead")
_COMPANY = {"contact": "account", "lead": "company", "deal": "account"}
_OWN = ("email", "city", "external_id")  # what a record of a shared name is told apart by, the first that it has


def living(names: Sequence[Name], saying: Saying) -> list[Name]:
    """Those who are meant by their name: a lead that became a contact is that contact."""
    if len(names) < 2:
        return list(names)
    gone = [n for n in names if n.entity == "lead" and saying.look_up(n, "status") == LeadStatus.CONVERTED]
    return [name for name in names if name not in gone] or list(names)


def at_company(name: Name, account: Name, saying: Saying) -> bool:
    """Whether a contact or a lead is of this company."""
    return _company(name, saying) == account.label


def at_named_company(names: Iterable[Name], text: str, saying: Saying) -> list[Name]:
    """Those whose company stands in the text: "Amelia Iyer of Rosslyn Produce"."""
    said = text.lower()
    return [name for name in names if (company := _company(name, saying).lower()) and company in said]


def told_apart(names: Sequence[Name], saying: Saying, lang: str) -> dict[str, Name]:
    """Each name as an option, in order; those who share theirs with what they are and where, or what is their own."""
    several = list(dict.fromkeys(names))
    shared = [sum(other.label == name.label for other in several) > 1 for name in several]
    told = [_option(n, saying, lang) if same else n.label for n, same in zip(several, shared, strict=True)]
    alike = [told.count(option) > 1 for option in told]
    return {
        f"{option} {_what_is_its_own(name, saying)}" if same else option: name
        for name, option, same in zip(several, told, alike, strict=True)
    }


def _option(name: Name, saying: Saying, lang: str) -> str:
    told = [entity_label(name.entity, "zh" if lang == "zh" else "en", count=1), _company(name, saying)]
    return f"{name.label} ({', '.join(part for part in told if part)})"


def _what_is_its_own(name: Name, saying: Saying) -> str:
    kept = saying.vocabulary.schema.entities[name.entity].fields
    told = (saying.look_up(name, field) for field in _OWN if field in kept)
    return str(next((value for value in told if value), name.id))


def _company(name: Name, saying: Saying) -> str:
    field = _COMPANY.get(name.entity)
    found = saying.look_up(name, field) if field else None
    return found.label if isinstance(found, Name) else found or ""
