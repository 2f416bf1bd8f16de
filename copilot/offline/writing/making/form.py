"""A new record being filled in: values told by the registry's own words, each token used once."""

import re
from dataclasses import dataclass, field
from datetime import date

from copilot.offline.plan import Clarify
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.days import due_day, past_day
from copilot.offline.writing.making.parties import names_of, which
from copilot.offline.writing.making.scan import Scan
from crm_core.changes.steps import Given
from crm_core.models import Kind, Role
from crm_core.schema import Entity, Field

EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
PHONE = re.compile(r"(?<![A-Za-z0-9@.])(?:\+|\(?0|\(?\d)[\d ().-]{5,18}\d(?![A-Za-z0-9@])")
_URL = re.compile(
    r"(?:https?://|www\.)\S+|(?<![A-Za-z0-9@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![A-Za-z0-9@])", re.IGNORECASE
)
_FREE = (Kind.TEXT, Kind.CHOICE, Kind.LONG_TEXT, Kind.URL)  # their values may be any words
_LABELS = {Kind.PHONE: "phone", Kind.EMAIL: "mailbox"}


@dataclass
class Form:
    """What a text tells about one new record.

    Attributes:
        used: tokens that are explained.
        noun: those of them that only name the kind of record.
        products: of a deal, all that were named: each may be a deal of its own.
    """

    text: Scan
    saying: Saying
    entity: Entity
    values: dict[str, Given] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    noun: set[int] = field(default_factory=set)
    products: list[Name] = field(default_factory=list)

    def take(self, start: int, end: int) -> None:
        """These tokens are explained."""
        self.used.update(range(start, end))

    def is_free(self, tag: Tag) -> bool:
        """Whether no other value took its words."""
        return not self.used.intersection(range(tag.start, tag.end))

    def of_kind(self, kind: Kind) -> Field | None:
        """The first field of a kind that may be filled in."""
        return next((f for f in self.entity.fields.values() if f.kind is kind and f.edit), None)

    # what stands out by its form -------------------------------------------------------------------------------

    def take_addresses(self) -> list[tuple[int, str, str]]:
        """Emails, phone numbers and web addresses: (token, field, value), in order."""
        found: list[tuple[int, str, str]] = []
        for kind, pattern in ((Kind.EMAIL, EMAIL), (Kind.PHONE, PHONE), (Kind.URL, _URL)):
            each = self.of_kind(kind)
            for match in pattern.finditer(self.text.text) if each is not None else ():
                covered = self._covered(*match.span())
                digits = sum(char.isdigit() for char in match[0])
                if (
                    not covered
                    or self.used.intersection(covered)
                    or (kind is Kind.PHONE and not self._is_phone(covered, digits))
                ):
                    continue
                self.used.update(covered)
                self._take_label(covered[0], kind)
                assert each is not None
                found.append((covered[0], each.name, match[0].strip()))
        return sorted(found)

    def _covered(self, start: int, end: int) -> list[int]:
        return [i for i, token in enumerate(self.text.tokens) if start <= token.start < end]

    def _is_phone(self, covered: list[int], digits: int) -> bool:
        labelled = self.text.upto(covered[0], "phone") or (covered[0] and self.text.upto(covered[0] - 1, "phone"))
        return digits >= 10 or (digits >= 7 and bool(labelled or len(covered) > 1 or self.entity.name == "contact"))

    def _take_label(self, at: int, kind: Kind) -> None:
        label = _LABELS.get(kind)
        while at > 0 and (self.text.upto(at, "is") or self.text.is_colon(at - 1)):
            at -= 1
            self.used.add(at)
        mark = self.text.upto(at, label) if label else None
        if mark is not None:
            self.take(mark.start, mark.end)
        elif at and any(
            s.value.split(".")[1] in ("website", "email", "phone") for s in self.text.tag(at - 1).all(T.FIELD)
        ):
            tag = self.text.tag(at - 1)
            self.take(tag.start, tag.end)

    # what a label tells ----------------------------------------------------------------------------------------

    def take_labelled(self) -> None:
        """As in "stage Prospecting", "industry: retail", 金额30万: a field's word and its value."""
        for tag, _ in self.text.of(T.FIELD):
            named = self._field_of(tag)
            if named is None or not self.is_free(tag) or named.name in self.values:
                continue
            if not self._take_value_after(tag.end, named, tag):
                self._take_number_before(tag, named)

    def _field_of(self, tag: Tag) -> Field | None:
        """The field of this entity that a word means; what other entities call so means ours of the same name."""
        own = [s.value.split(".")[1] for s in tag.all(T.FIELD) if s.value.startswith(f"{self.entity.name}.")]
        other = [s.value.split(".")[1] for s in tag.all(T.FIELD)]
        found = (self.entity.fields.get(name) for name in (*own, *other))
        return next((f for f in found if f is not None and f.edit), None)

    def _take_value_after(self, at: int, named: Field, label: Tag) -> bool:
        """The value that follows a label, past "is", a colon or words that say nothing."""
        start, size = at, len(self.text.tokens)
        while at < size and (
            self.text.at(at, "is", "of_label")
            or self.text.is_colon(at)
            or self.text.tag(at).type is T.FILLER
            or (self.text.is_chinese and self.text.tag(at).type is T.PREP)
        ):
            mark = self.text.at(at, "is", "of_label")
            at = mark.end if mark is not None else at + 1
        if at >= size or at in self.used:
            return False
        tag = self.text.tag(at)
        value, end = self.read(tag, named), tag.end
        if value is None and named.kind in _FREE and named.role is not Role.TITLE:
            end = self._stop(at)
            value = self.text.cut(at, end)
        if value in (None, ""):
            return False
        self.values[named.name] = value
        self.take(label.start, end)
        self.used.update(range(start, at))
        return True

    def _take_number_before(self, label: Tag, named: Field) -> None:
        """As in "320 employees"."""
        tag = self.text.tag(label.start - 1) if label.start else None
        value = self.read(tag, named) if tag is not None and self.is_free(tag) and named.is_numeric else None
        if tag is not None and value is not None:
            self.values[named.name] = value
            self.take(tag.start, label.end)

    def _stop(self, at: int) -> int:
        """Where free text ends: at a stop, an "and", or a word that is used."""
        end = at
        while end < len(self.text.tokens) and not (
            self.text.is_stop(end) or end in self.used or self.text.tag(end).type in (T.AND, T.FIELD)
        ):
            end += 1
        return end

    def read(self, tag: Tag, named: Field) -> Given:
        """The value that a tag gives a field, None where it is no value of its kind."""
        if named.kind is Kind.REFERENCE:
            return self._reference(tag, named)
        if named.is_date:
            return self._day(tag, named)
        if named.is_numeric:
            number = tag.get(T.NUMBER)
            year = re.search(r"(?:1[89]|20)\d\d", tag.text) if named.kind is Kind.YEAR else None
            if year is not None:
                return int(year[0])
            return plain(number.value.value) if number is not None else None
        stored = {s.value[0]: s.value[1] for s in reversed(tag.all(T.VALUE)) if s.value[0].endswith(f".{named.name}")}
        return stored.get(f"{self.entity.name}.{named.name}", next(iter(stored.values()), None))

    def _reference(self, tag: Tag, named: Field) -> Given:
        if named.target == "user" and self.text.at(tag.start, "mine"):
            return self.saying.actor.id or None
        names = names_of(tag, str(named.target))
        one = which(self.text, tag, names) if names else None
        if isinstance(one, Clarify):
            raise Doubt(one)
        if one is None and named.target == "stage":
            return self.stage(tag)
        return one.id if one is not None else None

    def stage(self, tag: Tag) -> Given:
        """The stage that a state names, where one only is of its kind."""
        state = tag.get(T.STATE)
        kinds = self.saying.vocabulary.stages
        fit = [name for name, kind in kinds.items() if state is not None and kind == state.value]
        return fit[0] if len(fit) == 1 else None

    def _day(self, tag: Tag, named: Field) -> Given:
        """A day to come for what is due ("in March" by its end), an earlier one for what has begun or ended."""
        span = tag.get(T.DATE)
        if span is None:
            return None
        today = self.saying.today
        if named.role not in (Role.DUE, None):
            return _iso(past_day(span.value, today))
        return _iso(due_day(span.value, tag.text, today, by_its_end=span.value.relation == "in"))


class Doubt(Exception):
    """A value that fits several records, with what to ask."""

    def __init__(self, question: Clarify) -> None:
        super().__init__(question.question)
        self.question = question


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def plain(value: object) -> int | float:
    """A number as JSON has it, whole where it is."""
    number = float(str(value))
    return int(number) if number.is_integer() else number
