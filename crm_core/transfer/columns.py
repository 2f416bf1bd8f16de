"""How each column of a file is read: field or new custom field, unit, order of day and month, decimal sign."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.schema import DATES, NUMERIC, Entity, Field
from crm_core.titles import same_title
from crm_core.transfer.dates import Order, find_order
from crm_core.transfer.dictionary import Dictionary
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.mapping import CLOSE_DATE, EXPECTED, LOST_ON, PSEUDO, ColumnMap, CustomMap, FileMap
from crm_core.transfer.numbers import currency_in, uses_decimal_comma
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.read import ERROR_COLUMNS
from crm_core.transfer.text import bare_header, full_words, header_parts, header_words
from crm_core.transfer.units import unit_of
from crm_core.transfer.vocabulary import is_importable
from crm_core.transfer.words_in import keeps_words, value_of

Mapped = tuple[dict[str, ColumnMap], list[Field], list[str]]


def map_columns(
    profile: FileProfile,
    entity: Entity,
    targets: Mapping[int, str],
    given: FileMap,
    dictionary: Dictionary,
    others: Sequence[Field],
    usual: Order | None = None,
) -> Mapped:
    """The map of every column, the custom fields to make, and notes.

    Args:
        profile: the file.
        entity: what it holds.
        targets: position → field, as guessed.
        given: decisions of a person; they stand.
        dictionary: what is said of the columns.
        others: custom fields that other files of this import make.
        usual: how the other columns of this import write day and month, for one that does not tell.

    Raises:
        Invalid: `given` names a column or field that does not exist.
    """
    _check_given(profile, entity, given)
    columns: dict[str, ColumnMap] = {}
    custom: list[Field] = []
    notes: list[str] = []
    stem = Path(profile.source.name).stem
    silent = profile.source.portion.silent if profile.source.portion else frozenset[int]()
    for column in profile.columns:
        about = dictionary.find(stem, column.header)
        made = given.columns.get(column.header, ColumnMap(skip=True) if column.index in silent else None)
        if made is None:
            known = [*others, *custom]
            made = _guess(column, entity, None if given.columns else targets.get(column.index), about, known)
            if usual is not None and made.dates is not None and not find_order(column.distinct)[1]:
                made = made.model_copy(update={"dates": usual})
            if given.columns:
                made = ColumnMap(skip=True)
            else:
                is_mixed = profile.source.portion is not None and profile.source.portion.is_mixed
                made = _with_own_words(column, entity, made, known, set(targets.values()), is_mixed=is_mixed)
                notes += _notes(profile, column, entity, made, is_told=usual is not None)
        columns[column.header] = made
        for own in (made.custom, made.keep):
            if own is not None and not is_known(own.key, entity, [*others, *custom]):
                custom.append(custom_field(entity, own))
    return columns, custom, notes


def is_known(key: str, entity: Entity, made: Sequence[Field]) -> bool:
    """Whether the registry, or this import so far, has the field."""
    return key in entity.fields or any(f.entity == entity.name and f.name == key for f in made)


def custom_field(entity: Entity, custom: CustomMap) -> Field:
    """The new field as the registry has it."""
    words = tuple(dict.fromkeys([custom.label.lower(), *custom.words]))
    return Field(entity.name, custom.key, custom.kind, words, is_custom=True)


def _check_given(profile: FileProfile, entity: Entity, given: FileMap) -> None:
    headers = {column.header for column in profile.columns}
    for header, column in given.columns.items():
        if header not in headers:
            raise Invalid(f"The map names a column {header!r} that {profile.source.name} does not have.")
        name = column.field
        known = entity.fields.get(name) if name else None
        if name and name not in PSEUDO and (known is None or not is_importable(known)):
            right = ", ".join(f.name for f in entity.fields.values() if is_importable(f))
            raise Invalid(f"The map names a field {entity.name}.{name}; it can be one of {right}.")


def _guess(column: Profile, entity: Entity, target: str | None, about: str, others: Sequence[Field]) -> ColumnMap:
    if column.header in ERROR_COLUMNS or (target is None and not column.filled):
        return ColumnMap(skip=True)
    return map_column(column, entity, target, others, about=about)


def map_column(
    column: Profile, entity: Entity, target: str | None, others: Sequence[Field], *, about: str = ""
) -> ColumnMap:
    """How a column that fills `target` is written: unit, order of dates, decimal sign; None: it makes a new field."""
    if target is None:
        made = _custom(column, entity, about, others)
        return _formed(column, ColumnMap(custom=made), made.kind, about)
    known = entity.fields.get(target)
    if target == EXPECTED:
        own = _custom(column, entity, about, others).model_copy(update={"kind": Kind.MONEY})
        return _formed(column, ColumnMap(field=target, keep=own), Kind.MONEY, about)
    kind = Kind.DATE if target in (CLOSE_DATE, LOST_ON) else known.kind if known else Kind.TEXT
    return _formed(column, ColumnMap(field=target), kind, about)


def _formed(column: Profile, made: ColumnMap, kind: Kind, about: str) -> ColumnMap:
    changes: dict[str, object] = {}
    if kind in NUMERIC:
        scale, currency = unit_of(column.header, about)
        changes["decimal_comma"] = uses_decimal_comma(column.distinct)
        if kind is Kind.MONEY:
            found = {currency_in(value) for value in list(column.distinct)[:200]}
            only = found.pop() if len(found) == 1 else None
            changes |= {"scale": scale, "currency": currency or only}
    elif kind in DATES:
        changes["dates"] = find_order(column.distinct)[0]
    return made.model_copy(update=changes)


def _with_own_words(
    column: Profile, entity: Entity, made: ColumnMap, others: Sequence[Field], taken: Collection[str], *, is_mixed: bool
) -> ColumnMap:
    """Beside a closed list, the words of the column where they tell more: a demo and a site visit are meetings.

    What people are called ("Surveyor") is their job title, where no column is `taken` as that. Words that tasks of the
    same file have too (`is_mixed`) are kept in both.
    """
    field = entity.fields.get(made.field or "")
    if field is None or not keeps_words(field):
        return made
    meant = [value_of(cell, f"{entity.name}.{field.name}") for cell in {same_title(cell) for cell in column.distinct}]
    if not is_mixed and None not in meant and len(set(meant)) == len(meant):
        return made
    own = _custom(column, entity, "", others)
    if field.name == "role" and "title" not in taken:
        return made.model_copy(update={"keep": CustomMap(key="title", label="title", kind=Kind.TEXT)})
    return made.model_copy(update={"keep": own.model_copy(update={"kind": Kind.CHOICE})})


def _notes(profile: FileProfile, column: Profile, entity: Entity, made: ColumnMap, *, is_told: bool) -> list[str]:
    name, notes = profile.source.name, []
    if made.scale != 1:
        unit = f" {made.currency}" if made.currency else ""
        notes.append(f"{name}: {column.header} is told in units of {made.scale:,}{unit} and stored as money.")
    if made.dates is not None and not is_told and not find_order(column.distinct)[1]:
        order = "day" if made.dates == "dmy" else "month"
        notes.append(f"{name}: dates in {column.header} are ambiguous; they are read {order} first.")
    if made.keep is not None and made.field != EXPECTED:
        if made.field == "role":
            notes.append(
                f"{name}: {column.header} has more words than Farley has roles; they are kept as {made.keep.label}."
            )
        else:
            notes.append(
                f"{name}: {column.header} has more words than Farley has kinds; they are kept as {made.keep.label}."
            )
    if column.missing and made.target is not None:
        n = sum(column.missing.values())
        shown = ", ".join(repr(value) for value in list(column.missing)[:3])
        notes.append(f"{name}: {n:,} cells of {column.header} such as {shown} are taken as blank.")
    return notes


def _custom(column: Profile, entity: Entity, about: str, others: Sequence[Field]) -> CustomMap:
    key = _key(column.header, entity)
    same = next((f for f in others if f.entity == entity.name and f.name == key), None)
    kind = same.kind if same else custom_kind(column, about)
    words = [header_words(column.header), full_words(column.header), *header_parts(column.header)]
    if about and len(about) <= 40:
        words.append(header_words(about))
    label = re.sub(r"[_\s]+", " ", bare_header(column.header)).strip()
    words = [word for word in dict.fromkeys(words) if word and word != label.lower()]
    return CustomMap(key=key, label=label, kind=kind, words=words)


def _key(header: str, entity: Entity) -> str:
    key = re.sub(r"\W+", "_", header_words(header)).strip("_")[:60] or "column"
    if key[0].isdigit():
        key = f"n_{key}"
    taken = set(entity.fields) | set(entity.children) | set(entity.table.c.keys()) | PSEUDO
    own = entity.fields.get(key)
    if own is not None and own.is_custom:
        return key
    return f"{key}_custom" if key in taken else key
