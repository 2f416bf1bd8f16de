"""Records that a new one looks like, so that a person can say "update that one instead".

A false alarm costs a person a look at each card, so a name alone is enough only where a name stands once (accounts,
products): two people of one name at two companies are two people.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from crm_core.changes.change import Json
from crm_core.changes.draft.finding import Finder, Row
from crm_core.changes.rights import may_change
from crm_core.models import Kind, Role, StageKind
from crm_core.query.spec import All, Condition, Filter, QuerySpec
from crm_core.query.spec import Any as AnyOf
from crm_core.schema import Entity, Field
from crm_core.titles import are_near, telling_words, tight

_BESIDE = {"contact": ("account",), "lead": ("company", "account"), "deal": ("account",)}  # what a name must agree with
_LOOKED_AT = 200  # candidates, of those with a word or a beginning in common
_SHOWN = 3
_LEAST = 5  # letters of a name that may be one misspelt
_DIGITS = 7  # of a phone number that say anything


@dataclass(frozen=True)
class Alike:
    """A record that is there already.

    Attributes:
        entity: of both.
        record_id: of the one that is there.
        label: of the one that is there.
        by: label of the field that is the same, or nearly.
        step: position of the step that makes the new one; None where a step makes it on the way.
        may_change: the actor may update the one that is there instead.
    """

    entity: str
    record_id: int
    label: str
    by: str
    step: int | None = None
    may_change: bool = False


def find_alike(finder: Finder, entity: Entity, filled: Mapping[str, Json], *, step: int | None = None) -> list[Alike]:
    """Records of the same kind that may be the same, the surest first, as far as the actor may see. Facts may repeat.

    Args:
        finder: of the actor's records.
        entity: of the new record.
        filled: its values by public field.
        step: position of the step that makes it.
    """
    if entity.is_fact and entity.name not in _BESIDE:
        return []
    found: dict[int, str] = {}
    for field in sorted(entity.fields.values(), key=lambda field: field.role is Role.TITLE):
        value = filled.get(field.name)
        rule = _RULES.get(Role.TITLE if field.role is Role.TITLE else field.kind)
        if rule is not None and field.column and isinstance(value, str) and value.strip():
            for record_id in rule(finder, entity, field, filled):
                found.setdefault(record_id, field.label)
    return [
        Alike(
            entity.name, record_id, finder.label(entity.name, record_id), by, step,
            may_change(finder.store, finder.schema, finder.actor, entity, record_id),
        )
        for record_id, by in list(found.items())[:_SHOWN]
    ]  # fmt: skip


def _by_email(finder: Finder, entity: Entity, field: Field, filled: Mapping[str, Json]) -> Iterator[int]:
    where = Condition(field=field.name, op="eq", value=str(filled[field.name]).strip())
    yield from finder.ids(QuerySpec(entity=entity.name, where=where, limit=_SHOWN))


def _by_phone(finder: Finder, entity: Entity, field: Field, filled: Mapping[str, Json]) -> Iterator[int]:
    """The same digits, with or without the country's code. Colleagues may share one: their names tell them apart."""
    digits = _digits(str(filled[field.name]))
    if len(digits) < _DIGITS:
        return
    title = _title(entity)
    ends = [digits[-4:-2] + sign + digits[-2:] for sign in ("", " ", "-", ".")]
    where = AnyOf(any=[Condition(field=field.name, op="contains", value=end) for end in ends])
    for row in _candidates(finder, entity, where):
        other = _digits(str(row[str(field.column)] or ""))
        is_same = len(other) >= _DIGITS and (digits.endswith(other) or other.endswith(digits))
        if is_same and (entity.name == "account" or _share_a_name(filled.get(title.name), row[str(title.column)])):
            yield row["id"]


def _by_website(finder: Finder, entity: Entity, field: Field, filled: Mapping[str, Json]) -> Iterator[int]:
    host = _host(str(filled[field.name]))
    for row in _candidates(finder, entity, Condition(field=field.name, op="contains", value=host)) if host else ():
        if _host(str(row[str(field.column)] or "")) == host:
            yield row["id"]


def _by_name(finder: Finder, entity: Entity, field: Field, filled: Mapping[str, Json]) -> Iterator[int]:
    """The same name, then nearly the same one; deals of one customer are called by what they sell, so not those."""
    name = str(filled[field.name])
    plain = tight(name)
    rows = _candidates(finder, entity, _with_a_name_like(field, name)) if plain else []
    beside = {row["id"]: _beside(finder, entity, filled, row) for row in rows}
    others = {row["id"]: tight(str(row[str(field.column)] or "")) for row in rows if False not in beside[row["id"]]}
    sure = [key for key in others if True in beside[key] or entity.name not in _BESIDE]
    yield from (key for key in (sure if entity.name == "deal" else others) if others[key] == plain)
    if len(plain) >= _LEAST and entity.name != "deal":
        yield from (key for key in sure if others[key] != plain and are_near(plain, others[key]))


def _beside(finder: Finder, entity: Entity, filled: Mapping[str, Json], row: Row) -> set[bool]:
    """What else speaks for (True) and against it (False): the same company, another one, a deal that has ended."""
    names = dict.fromkeys(_BESIDE.get(entity.name, ()))
    stored = finder.layout(entity.name).dump(row, names)
    pairs = [(filled[name], stored[name]) for name in names if filled.get(name) and stored[name]]
    said = {a == b or (isinstance(a, str) and tight(a) == tight(str(b))) for a, b in pairs}
    has_ended = entity.name == "deal" and row["stage_id"] not in _open_stages(finder)
    return said | {False} if has_ended else said


def _open_stages(finder: Finder) -> set[int]:
    where = Condition(field="kind", op="eq", value=str(StageKind.OPEN))
    return set(finder.ids(QuerySpec(entity="stage", where=where)))


def _with_a_name_like(field: Field, name: str) -> Filter:
    """Names with the longest word of this one, or with its beginning."""
    begins = name.strip()[: 4 if name.isascii() else 2]
    return AnyOf(
        any=[
            Condition(field=field.name, op="contains", value=max(telling_words(name), key=len)),
            Condition(field=field.name, op="starts_with", value=begins),
        ]
    )


def _candidates(finder: Finder, entity: Entity, where: Filter) -> list[Row]:
    ids = finder.ids(QuerySpec(entity=entity.name, where=All(all=[where]), limit=_LOOKED_AT))
    rows = finder.rows(entity.name, ids)
    return [rows[key] for key in ids if key in rows]


def _title(entity: Entity) -> Field:
    return next(field for field in entity.fields.values() if field.role is Role.TITLE)


def _share_a_name(name: Json, other: str | None) -> bool:
    """Whether two names have a word in common, or one of them is missing."""
    first, second = (set(str(each or "").casefold().split()) for each in (name, other))
    return not first or not second or bool(first & second) or tight(str(name)) == tight(str(other))


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit()).lstrip("0")


def _host(website: str) -> str:
    text = website.strip().lower()
    host = urlsplit(text if "//" in text else f"//{text}").netloc
    return host.rpartition("@")[2].partition(":")[0].removeprefix("www.")


_Rule = Callable[[Finder, Entity, Field, Mapping[str, Json]], Iterator[int]]
_RULES: dict[Role | Kind, _Rule] = {
    Kind.EMAIL: _by_email, Kind.PHONE: _by_phone, Kind.URL: _by_website, Role.TITLE: _by_name,
}  # fmt: skip
