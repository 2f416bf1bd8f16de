"""What a company calls the records of a file: "placement", where Placements.csv has a column Placement ID."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from crm_core.models import Role
from crm_core.schema import Entity
from crm_core.transfer.profile import FileProfile
from crm_core.transfer.text import header_parts, header_words, headers
from crm_core.transfer.vocabulary import singular

_MOST_WORDS = 2


def called(profile: FileProfile, entity: Entity, targets: Mapping[int, str]) -> list[str]:
    """The nouns that its id and name columns begin with, and its file's name in the plural; most telling first.

    Args:
        profile: the file.
        entity: what it holds.
        targets: position → field.
    """
    keys = {field.name for field in entity.fields.values() if field.role in (Role.CODE, Role.TITLE)}
    heads = [profile.columns[i].header for i, target in targets.items() if target in keys]
    nouns = [noun for head in heads for form in (head, *header_parts(head)) if (noun := _noun(form))]
    stem = header_words(Path(profile.source.name).stem)
    nouns += _plural(stem) if entity.name != "user" else ()
    return [noun for noun in dict.fromkeys(nouns) if _is_noun(noun)]


def _plural(stem: str) -> Iterator[str]:
    """One of "contact reports": "contact report"; nothing of a name that is no plural."""
    *first, last = stem.split() or [""]
    if singular(last) != last:
        yield " ".join([*first, singular(last)])


def _noun(header: str) -> str | None:
    words = header_words(header)
    for link in sorted(headers()["say_nothing"], key=len, reverse=True):
        end = f" {link}" if link.isascii() else link
        if words.endswith(end) and len(words) > len(end):
            return words.removesuffix(end).strip()
    return None


def _is_noun(words: str) -> bool:
    empty = {*headers()["no_records"], *headers()["say_nothing"], *headers()["commands"]}
    short = len(words.split()) <= _MOST_WORDS and len(words) > 1 and not re.search(r"\d", words)
    return short and not set(words.split()) & empty
