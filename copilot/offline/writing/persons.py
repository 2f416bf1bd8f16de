"""Records of one name: a contact and a lead, two contacts, a company and a person; told apart for a question."""

from collections.abc import Iterable, Sequence

from copilot.labels import entity_label
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from crm_core.models import LeadStatus

PEOPLE = ("contact", "lead")
_COMPANY = {"contact": "account", "lead": "company", "deal": "account"}


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
    """Each name as an option, in order; those who share theirs with what they are and where, or their address."""
    options: dict[str, Name] = {}
    for name in dict.fromkeys(names):
        shared = sum(other.label == name.label for other in names) > 1
        option = _option(name, saying, lang) if shared else name.label
        if option in options:
            option = f"{option} {saying.look_up(name, 'email') or name.id}"
        options[option] = name
    return options


def _option(name: Name, saying: Saying, lang: str) -> str:
    told = [entity_label(name.entity, "zh" if lang == "zh" else "en", count=1), _company(name, saying)]
    return f"{name.label} ({', '.join(part for part in told if part)})"


def _company(name: Name, saying: Saying) -> str:
    field = _COMPANY.get(name.entity)
    found = saying.look_up(name, field) if field else None
    return found.label if isinstance(found, Name) else found or ""
