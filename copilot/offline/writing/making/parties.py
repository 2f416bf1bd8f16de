"""With whom: the accounts, contacts, deals and colleagues that a text names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.scan import Scan
from copilot.offline.writing.persons import PEOPLE, at_company, at_named_company, living, told_apart
from crm_core.query.spec import All, Condition, QuerySpec

LINKED = (("account",), PEOPLE, ("deal",))
MAX_OPTIONS = 4


@dataclass
class Links:
    """The records that a text is tied to, by field, and the tokens that name them.

    `ask` where a name fits several; `alike` where these share their whole name.
    """

    found: dict[str, Name] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    ask: Clarify | None = None
    alike: bool = False

    @property
    def values(self) -> dict[str, int | str]:
        """As fields of a step."""
        return {key: name.id for key, name in self.found.items()}


def names_of(tag: Tag, *entities: str) -> list[Name]:
    """The records of these kinds that a tag may name."""
    return list(dict.fromkeys(n for sense in tag.all(T.RECORD) for n in sense.value if n.entity in entities))


def which(scan: Scan, tag: Tag, names: Iterable[Name], *, saying: Saying | None = None) -> Name | Clarify:
    """The one that is meant, or that the person picked; a question where several are. Namesakes are told apart."""
    several = list(dict.fromkeys(names))
    several = living(_of_kind(scan, tag, several), saying) if saying else several
    same = [n for n in several if n.label.lower() == tag.text.lower()]
    if len(same or several) == 1:
        return (same or several)[0]
    options = told_apart(same or several, saying, scan.lang) if saying else {n.label: n for n in several}
    beside = at_named_company(options.values(), scan.text, saying) if saying else []
    picked = beside[0] if len(beside) == 1 else options.get(saying.chosen or "") if saying else None
    return picked or Clarify(scan.say("which_record", word=tag.text), tuple(options)[:MAX_OPTIONS])


def _of_kind(scan: Scan, tag: Tag, names: Sequence[Name]) -> Sequence[Name]:
    """Those of the kind whose noun stands beside the name: "the lead Mara Kern"."""
    beside = [t for t, _ in scan.of(T.ENTITY) if tag.start - 1 == t.end - 1 or t.start == tag.end]
    kinds = {str(s.value) for t in beside for s in t.all(T.ENTITY)} & set(PEOPLE)
    return [name for name in names if name.entity in kinds] or names


def named(scan: Scan, *entities: str, start: int = 0, end: int | None = None) -> list[tuple[Tag, list[Name]]]:
    """The tags in [start, end) that name records of these kinds."""
    found = ((tag, names_of(tag, *entities)) for tag, _ in scan.of(T.RECORD, start=start, end=end))
    return [(tag, names) for tag, names in found if names]


def links(scan: Scan, saying: Saying, *, start: int = 0, end: int | None = None) -> Links:
    """What the words in [start, end) tie a record to. A deal told by account and product is found where it is one."""
    out = Links()
    for entities in LINKED:
        said = named(scan, *entities, start=start, end=end)
        for tag, names in sorted(said, key=lambda pair: len(pair[1]) > 1):  # who is sure comes first
            if len(names) > 1 and names[0].entity in out.found and not _is_exact(tag):
                continue  # "the ground is soft" beside the customer: no "Greenway Tree & Grounds"
            if out.used.intersection(range(tag.start, tag.end)):
                continue
            one = which(scan, tag, _of_party(_rivals(tag, names), out.found, saying), saying=saying)
            if isinstance(one, Clarify):
                out.ask = out.ask or one
                out.alike |= len({name.label.lower() for name in names} | {tag.text.lower()}) == 1
            elif one.entity in out.found and out.found[one.entity] != one:
                out.ask = out.ask or _between(scan, out.found[one.entity], one)
            else:
                out.found[one.entity] = one
            out.used.update(range(tag.start, tag.end))
    if "deal" not in out.found and "account" in out.found:
        deal = the_deal(scan, saying, out.found["account"], start=start, end=end)
        if deal is not None:
            out.found["deal"] = deal
    return out


def _is_exact(tag: Tag) -> bool:
    """Whether it is the whole name of somebody."""
    return any(sense.how == "exact" for sense in tag.all(T.RECORD))


def _rivals(tag: Tag, names: Sequence[Name]) -> Sequence[Name]:
    """With a company, the people who are called exactly as it is."""
    exact = [name for name in names_of(tag, "account", *PEOPLE) if name.label.lower() == tag.text.lower()]
    return exact if {name.entity for name in names} == {"account"} <= {n.entity for n in exact} else names


def _of_party(names: Sequence[Name], found: Mapping[str, Name], saying: Saying) -> Sequence[Name]:
    """Of several people of one name, those of the customer that is named."""
    account = found.get("account")
    if account is None or len(names) < 2 or names[0].entity == "account":
        return names
    return [name for name in names if name.entity != "deal" and at_company(name, account, saying)] or names


def _between(scan: Scan, one: Name, other: Name) -> Clarify:
    return Clarify(scan.say("which_field"), (one.label, other.label))


def the_deal(scan: Scan, saying: Saying, account: Name, *, start: int = 0, end: int | None = None) -> Name | None:
    """The one open deal of an account that a product or the word "deal" points at."""
    products = [names[0] for _, names in named(scan, "product", start=start, end=end)]
    word = any(sense.value == "deal" for _, sense in scan.of(T.ENTITY, start=start, end=end))
    values = {s.value for tag, _ in scan.of(T.VALUE, start=start, end=end) if tag.type is T.VALUE
              for s in tag.all(T.VALUE) if s.value[0].startswith("deal.")}  # fmt: skip
    if not products and not word and not values:
        return None
    return only_deal(open_deals(saying, account, products[:1], sorted(values)), saying)


def open_deals(
    saying: Saying, account: Name, products: Sequence[Name] = (), values: Sequence[tuple[str, str]] = ()
) -> list[tuple[Name, object]]:
    """The open deals of an account, of a product and with stored values where they are told, each with its owner."""
    told: list[tuple[str, int | str]] = [("account", account.id), *(("product", p.id) for p in products)]
    told += [(dotted.removeprefix("deal."), value) for dotted, value in values]
    where = All(all=[Condition(field=name, op="eq", value=value) for name, value in [*told, ("stage.kind", "open")]])
    rows = saying.run(QuerySpec(entity="deal", where=where, columns=["external_id", "name", "owner"], limit=20)).rows
    return [
        (Name("deal", row.record_id, str(row.values[1] or row.values[0] or "")), row.values[2])
        for row in rows
        if row.record_id is not None
    ]


def only_deal(deals: Sequence[tuple[Name, object]], saying: Saying) -> Name | None:
    """The one there is, or the one that is the speaker's own."""
    mine = [deal for deal, owner in deals if owner == saying.actor.name]
    if len(mine) == 1:
        return mine[0]
    return deals[0][0] if len(deals) == 1 else None
