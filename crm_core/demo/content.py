"""Reads the content files: every scalar is text, clauses are parsed once into variants."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "content"
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_FLAG = re.compile(r"^\((!?)(\w+)\) ")
_TAILS = {
    ("email", "in"): "close_in",
    ("email", "out"): "close_out",
    ("chat", "in"): "close_in",
    ("chat", "out"): "close_out",
    ("note", None): "tail_note",
    ("call", None): "mood_note",
    ("meeting", None): "mood_note",
}
HOLE = re.compile(r"<(\w+)>")


@dataclass(frozen=True, eq=False, slots=True)
class Variant:
    """One way to say a thing: its text, the holes it needs filled and the flag that it stands under."""

    text: str
    holes: frozenset[str]
    flag: str | None = None
    flag_set: bool = True

    def fits(self, holes: dict[str, str], flags: set[str]) -> bool:
        if self.flag is not None and (self.flag in flags) is not self.flag_set:
            return False
        return self.holes <= holes.keys()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a beat: own variants, or the name of a bank.

    `optional` ones appear half of the time; without a `vital` one there is nothing to tell.
    """

    bank: str | None
    variants: tuple[Variant, ...]
    optional: bool
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Beat:
    """One kind of interaction in a deal's story. `tail` is the bank that lengthens a short text."""

    id: str
    kind: str
    direction: str | None
    who: str
    needs: frozenset[str]
    forbids: frozenset[str]
    sets: tuple[str, ...]
    clears: tuple[str, ...]
    must: bool
    must_if: str | None
    tail: str
    subjects: tuple[Variant, ...]
    parts: tuple[Part, ...]

    def fits(self, flags: set[str], roles: set[str]) -> bool:
        if self.who not in roles and self.who != "any":
            return False
        return self.needs <= flags and not self.forbids & flags


@cache
def load(name: str) -> Any:
    """The file `name`.yaml as plain lists, dicts and strings."""
    return yaml.load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_LOADER)


def variant(text: str) -> Variant:
    flag = _FLAG.match(text)
    if flag:
        text = text[flag.end() :]
    holes = frozenset(HOLE.findall(text))
    return Variant(text, holes, flag[2] if flag else None, not (flag and flag[1]))


def variants(texts: list[str]) -> tuple[Variant, ...]:
    return tuple(variant(text) for text in texts)


@cache
def phrases(lang: str) -> dict[str, tuple[Variant, ...]]:
    """Banks of clauses by name; the staged ones are called "what_ours.discovery" and so on."""
    banks: dict[str, tuple[Variant, ...]] = {}
    for name, bank in load(f"{lang}_phrases").items():
        if isinstance(bank, dict):
            banks |= {f"{name}.{stage}": variants(texts) for stage, texts in bank.items()}
        else:
            banks[name] = variants(bank)
    return banks


@cache
def story_bank(lang: str) -> Any:
    """The story elements, with each list of sentences parsed into variants."""
    sentences = {"says", "note", "result", "ask", "answer", "settled", "edge", "early"}

    def parse(item: Any) -> Any:
        if isinstance(item, list):
            return [parse(entry) for entry in item]
        if not isinstance(item, dict):
            return item
        return {
            key: variants(value) if key in sentences and isinstance(value, list) else parse(value)
            for key, value in item.items()
        }

    return {key: parse(value) for key, value in load(f"{lang}_story").items()}


@cache
def beats(lang: str) -> dict[str, tuple[Beat, ...]]:
    """The beats by stage, in the order in which a deal meets them."""
    return {stage: tuple(_beat(raw) for raw in raws) for stage, raws in load(f"{lang}_beats").items()}


def _beat(raw: dict[str, Any]) -> Beat:
    flags = raw.get("if", [])
    return Beat(
        id=raw["id"],
        kind=raw["kind"],
        direction=raw.get("dir"),
        who=raw.get("who", "champ"),
        needs=frozenset(flag for flag in flags if not flag.startswith("!")),
        forbids=frozenset(flag[1:] for flag in flags if flag.startswith("!")),
        sets=tuple(raw.get("sets", ())),
        clears=tuple(raw.get("clears", ())),
        must=raw.get("must") == "true",
        must_if=raw.get("must_if"),
        tail=raw.get("tail") or _TAILS.get((raw["kind"], raw.get("dir")), _TAILS.get((raw["kind"], None), "")),
        subjects=variants(raw["subject"]),
        parts=tuple(_part(part) for part in raw["parts"]),
    )


def _part(raw: str | list[str]) -> Part:
    if isinstance(raw, list):
        return Part(None, variants(raw), optional=False)
    return Part(raw.rstrip("?!"), (), optional=raw.endswith("?"), vital=raw.endswith("!"))
