"""Every word that a header may use for a field: the registry's, those of `headers.yaml`, and further languages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crm_core.models import Kind, Role
from crm_core.schema import Entity, Field, Schema
from crm_core.transfer.mapping import CLOSE_DATE, FIRST_NAME, LAST_NAME, LOST_ON, OUTCOME
from crm_core.transfer.text import full_words, header_parts, header_words, headers
from crm_core.transfer.units import without_unit

ExtraWords = Mapping[str, Sequence[str]]
_CODE_WORDS = ("id", "code", "number", "no", "key", "编号", "编码", "id号")
_SURE = {CLOSE_DATE: 1.01, OUTCOME: 0.99}  # before `closed_on`, which it may turn out to be; after the stage
_SECOND = 0.9
_LINKS = ("name", "id", "code", "number", "full name", "名称", "姓名", "编号")


@dataclass(frozen=True)
class Meaning:
    """What a header may mean, and how surely (1.0: its very name)."""

    target: str
    score: float


class Vocabulary:
    """Words of headers and file names.

    Args:
        schema: the store's registry.
        extra_words: further words, keyed "deal.amount" for a field and "deal" for an entity.
    """

    def __init__(self, schema: Schema, extra_words: ExtraWords) -> None:
        self._schema = schema
        self._extra = extra_words
        self._by_entity = {name: self._words_of(entity) for name, entity in schema.entities.items()}

    def meanings(self, entity: str, header: str, stem: str = "") -> list[Meaning]:
        """What `header` may mean in a file of `entity` called `stem`, best first."""
        words = full_words(header)
        known = self._by_entity[entity]
        found = known.get(words) or self._money(entity, without_unit(header))
        found = found or next((known[part] for part in header_parts(header) if part in known), {})
        found = found or self._own(entity, words, stem) or self._containing(entity, words)
        return sorted((Meaning(target, score) for target, score in found.items()), key=lambda m: -m.score)

    def file_hint(self, stem: str) -> dict[str, float]:
        """How strongly a file's name speaks for an entity: the longest word in it counts most."""
        words = " ".join(singular(word) for word in header_words(stem).split())
        longest: dict[str, int] = {}
        for entity, phrases in headers()["files"].items():
            fitting = [len(p) for p in [*phrases, *self._extra.get(entity, ())] if holds_word(words, p)]
            if fitting:
                longest[entity] = max(fitting)
        most = max(longest.values(), default=0)
        return {entity: 1.0 if length == most else 0.3 for entity, length in longest.items()}

    def foreign(self, stem: str, names: Iterable[str]) -> tuple[str, int]:
        """Which records that Farley does not keep these headers speak of, and how many signs say so."""
        words = {header_words(name) for name in names}
        title = " ".join(singular(word) for word in header_words(stem).split())
        signs = {
            what: len(words & set(found["headers"])) + 2 * any(holds_word(title, word) for word in found["files"])
            for what, found in headers()["foreign"].items()
        }
        best = max(signs, key=lambda what: signs[what])
        return best, signs[best]

    def _words_of(self, entity: Entity) -> dict[str, dict[str, float]]:
        known: dict[str, dict[str, float]] = {}
        called = [*entity.words, *headers()["entities"].get(entity.name, ()), *self._extra.get(entity.name, ())]
        for target, phrases in self._phrases(entity):
            sure = _SURE.get(target, 1.0)
            _note(known, target, target, max(sure, 1.005))  # before its synonyms: Region, then Office
            for phrase in phrases:
                _note(known, phrase, target, sure)
                for name in called:
                    _note(known, f"{name} {phrase}", target, 0.97)
                    if not name.isascii():
                        _note(known, f"{name}{phrase}", target, 0.97)
        for name in called:
            self._note_record(known, entity, name)
        for dotted, phrases in headers()["second_choice"].items():
            of, _, target = dotted.partition(".")
            for phrase in phrases if of == entity.name else ():
                _note(known, phrase, target, _SECOND)
        _note(known, "id", "external_id", 0.9)
        return known

    def _note_record(self, known: dict[str, dict[str, float]], entity: Entity, name: str) -> None:
        title = entity.by_role(Role.TITLE)
        if title is not None:
            _note(known, name, title.name, 0.95)
        for code in _CODE_WORDS:
            _note(known, f"{name} {code}", "external_id", 1.0)
            _note(known, f"{name}{code}", "external_id", 1.0)

    def _phrases(self, entity: Entity) -> Iterable[tuple[str, list[str]]]:
        listed = headers()["fields"]
        for field in entity.fields.values():
            if not is_importable(field):
                continue
            own = [*field.words, field.name, *self._extra.get(f"{entity.name}.{field.name}", ())]
            yield field.name, [*own, *listed.get(f"{entity.name}.{field.name}", ())]
            if field.target is not None:
                yield field.name, self._reference_words(field)
        for target in (CLOSE_DATE, FIRST_NAME, LAST_NAME, OUTCOME, LOST_ON):
            yield target, listed.get(f"{entity.name}.{target}", [])

    def _reference_words(self, field: Field) -> list[str]:
        called = [
            field.name.replace("_", " "),
            *field.words,
            *headers()["fields"].get(f"{field.entity}.{field.name}", ()),
        ]
        if field.role in (Role.OWNER, None) and field.target is not None:
            called += headers()["entities"].get(field.target, ())
        return [f"{name} {link}" for name in called for link in _LINKS] + [
            f"{name}{link}" for name in called for link in _LINKS if not name.isascii()
        ]

    def _own(self, entity: str, words: str, stem: str) -> dict[str, float]:
        """What a field of the records is called after which the file is: "proposal id", "proposal status"."""
        noun = " ".join(singular(word) for word in full_words(stem).split())
        if not noun or not words.startswith(f"{noun} "):
            return {}
        rest = words.removeprefix(f"{noun} ")
        return self._by_entity[entity].get(f"{entity} {rest}") or self._by_entity[entity].get(rest, {})

    def _money(self, entity: str, words: str) -> dict[str, float]:
        """Amounts whose header ends in a unit: `turnover_musd`."""
        fields = self._schema.entities[entity].fields
        found = self._by_entity[entity].get(words, {})
        return {t: score for t, score in found.items() if t in fields and fields[t].kind is Kind.MONEY}

    def _containing(self, entity: str, words: str) -> dict[str, float]:
        """Fields that are no references and whose word makes up most of the header."""
        fields = self._schema.entities[entity].fields
        found: dict[str, float] = {}
        for phrase, targets in self._by_entity[entity].items():
            cover = _cover(words, phrase) if phrase in words else 0.0
            if cover < 0.6 or _is_modified(words, phrase):
                continue
            for target, score in targets.items():
                field = fields.get(target)
                if field is None or (field.target is None and field.role not in (Role.TITLE, Role.CODE)):
                    found[target] = max(found.get(target, 0.0), 0.6 * cover * score)
        return found


def is_importable(field: Field) -> bool:
    """Whether a column may fill it: stored, and not the store's own bookkeeping."""
    is_own = not (field.edit or field.role is Role.CODE)
    if field.derived is not None or is_own:
        return False
    return field.is_custom or field.column is not None


def is_single_kind(kind: Kind) -> bool:
    """Whether the values of this kind have a form of their own, which a column must show."""
    return kind not in (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.REFERENCE, Kind.PHONE, Kind.URL)


def _note(known: dict[str, dict[str, float]], phrase: str, target: str, score: float) -> None:
    words = full_words(phrase)
    if words:
        targets = known.setdefault(words, {})
        targets[target] = max(targets.get(target, 0.0), score)


def holds_word(words: str, phrase: str) -> bool:
    """Whether the words hold the phrase as whole words, or anywhere where it is Chinese."""
    if phrase.isascii():
        return re.search(rf"\b{re.escape(phrase)}\b", words) is not None
    return phrase in words


def _is_modified(words: str, phrase: str) -> bool:
    """As in "next call date", 下次跟进日期: another thing than the one that is called so."""
    return any(holds_word(words, word) and not holds_word(phrase, word) for word in headers()["modifiers"])


def _cover(words: str, phrase: str) -> float:
    if phrase.isascii():
        return len(phrase.split()) / len(words.split()) if f" {phrase} " in f" {words} " else 0.0
    return len(phrase) / len(words) if len(phrase) > 1 and phrase in words else 0.0


def singular(word: str) -> str:
    """A noun of a file's name without its plural ending."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
