"""What every row of a file is, where its name alone says so: "Service contract" and "Quote", both orders; visits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from crm_core.models import Kind
from crm_core.transfer.around import file_noun
from crm_core.transfer.mapping import CustomMap, FileMap, FixedMap
from crm_core.transfer.profile import FileProfile
from crm_core.transfer.words_in import value_of

_TOLD_APART = ("order", "interaction")
_KEY, _OTHER_KEY = "type", "record_type"
_RECORDS = frozenset({"note", "log", "record", "report", "sheet", "history", "list", "register", "book", "entry"})
_HAN_RECORDS = re.compile(r"(记录|台账|明细|清单|列表|数据|表|信息|登记)$")
_YEARS = re.compile(r"\b(?:(?:19|20)\d\d|q[1-4]|h[12]|fy ?\d+|\d+)\b")


def fix_kinds(files: Mapping[str, tuple[FileProfile, FileMap]]) -> Iterator[tuple[str, FileMap, str]]:
    """The files whose rows are told apart by what their file is called: name, map, and a note for a person.

    Args:
        files: of this import by name, with how their columns are read; those that a person's map reads are left out.
    """
    for entity in _TOLD_APART:
        same = {name: (p, m) for name, (p, m) in files.items() if m.entity == entity}
        nouns = {name: noun_of(profile) for name, (profile, _) in same.items()}
        several = len({noun for noun in nouns.values() if noun}) > 1
        for name, (_, made) in same.items():
            taken = {column.target for column in made.columns.values()}
            fixed = list(_kind(nouns[name], taken)) if entity == "interaction" else []
            is_told = entity == "interaction" and "kind" in taken
            if several and nouns[name] and not is_told:
                key = _key([m for _, m in same.values()])
                if key not in taken:
                    fixed.append(FixedMap(custom=key_map(key), value=nouns[name].capitalize()))
            if fixed and not made.fixed:
                what = " and ".join(one.value for one in reversed(fixed))
                yield name, made.model_copy(update={"fixed": fixed}), f"{name}: each row is kept as {what}."


def noun_of(profile: FileProfile) -> str:
    """What one row is, by the file's name: "service contract" of service_contracts_2025.csv, 拜访 of 拜访记录.csv."""
    stem = Path(profile.source.path.name).stem
    words = _YEARS.sub(" ", file_noun(f"{re.sub(r'[_-]+', ' ', stem)}.csv")).split()
    plain = " ".join(words)
    while (shorter := _HAN_RECORDS.sub("", plain)) and shorter != plain:
        plain = shorter
    return plain


def key_map(key: str) -> CustomMap:
    """The field that keeps what the rows of each file are."""
    return CustomMap(key=key, label=key.replace("_", " "), kind=Kind.CHOICE, words=[])


def _key(maps: Sequence[FileMap]) -> str:
    """The field in which another file keeps its own words for kinds of talks; else one of its own."""
    kept = [c.keep.key for m in maps for c in m.columns.values() if c.field == "kind" and c.keep is not None]
    taken = {column.target for m in maps for column in m.columns.values()}
    return kept[0] if kept else _OTHER_KEY if _KEY in taken else _KEY


def _kind(noun: str, taken: set[str | None]) -> Iterator[FixedMap]:
    """The kind of the talks of a file called visits, call log, 拜访记录; nothing where a column tells it."""
    bare = " ".join(word for word in noun.split() if word not in _RECORDS)
    kind = value_of(bare, "interaction.kind") if bare else None
    if kind is not None and "kind" not in taken:
        yield FixedMap(field="kind", value=kind)
