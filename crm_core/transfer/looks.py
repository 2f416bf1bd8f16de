"""What kind of records a file looks like it holds, by what its columns are made of and what they name."""

from collections.abc import Callable, Mapping

from crm_core.models import Kind
from crm_core.schema import DATES
from crm_core.transfer.around import Around
from crm_core.transfer.keys import is_key
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.outcomes import ByStage
from crm_core.transfer.persons import names_persons
from crm_core.transfer.pipeline import looks_like_stages
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import full_words, header_words, headers
from crm_core.transfer.vocabulary import holds_word, singular
from crm_core.transfer.words_in import value_of

SURE = 1.5  # of this much evidence, no header needs to tell
_MOST_STEPS, _LEAST_STEPS, _LEAST_ROWS = 15, 3, 3
_ALL, _NONE = 0.95, 0.05
_FULL = 0.95
_WORDS = 3  # of a text, more than a name has
_MOST_PEOPLE = 500
_LONGEST_CODE = 16
_MOST_KINDS, _REPEATED, _HALF = 25, 0.2, 0.5
_A_TEAM, _EACH_HAS = 40, 6  # people; rows of deals or the like to each
_OF_PEOPLE = frozenset({"target", "quota", "reports", "superior", "supervisor", "initials", "hired", "joined"})


def evidence(profile: FileProfile, around: Around) -> dict[str, float]:
    """How strongly the make of a file speaks for each entity: 2 is as much as two well-named columns."""
    looks = _Looks(profile, around)
    return {entity: looks.score(entity) for entity in _TESTS}


def steps_of(profile: FileProfile) -> Profile | None:
    """The column of few words that says how far each row has come: stages by name, or days that only some have."""
    few = [c for c in profile.columns if _is_few(c)]
    named = [c for c in few if looks_like_stages(c.distinct)]
    parted = [c for c in few if c not in named and (_parts_days(profile, c) or _parts_reasons(profile, c))]
    found = named or parted
    return found[0] if len(found) == 1 else None


def is_text(column: Profile) -> bool:
    """Whether the column holds sentences."""
    worded = sum(
        1 for value in column.distinct if len(value.split()) > _WORDS or (len(value) > 8 and not value.isascii())
    )
    return bool(column.distinct) and worded >= 0.6 * len(column.distinct)


def is_day(column: Profile) -> bool:
    """Whether the column holds dates."""
    return bool(column.filled) and custom_kind(column) in DATES


def has_money_and_day(profile: FileProfile) -> bool:
    """Whether a column holds money, and one a day that nearly every row has."""
    rows = max(1, profile.rows - profile.unreadable)
    days = [c for c in profile.columns if c.filled >= _FULL * rows and is_day(c)]
    return bool(days) and any(c.filled and custom_kind(c) is Kind.MONEY for c in profile.columns)


def tells_kinds(column: Profile) -> bool:
    """Whether the column holds a few words that say how people spoke: "Site visit", "Call"."""
    few = column.is_whole and 1 < len(column.distinct) <= _MOST_KINDS and column.uniqueness <= _REPEATED
    known = [kind for value in column.distinct if (kind := value_of(value, "interaction.kind"))] if few else []
    return few and len(set(known)) > 1 and len(known) >= _HALF * len(column.distinct)


class _Looks:
    def __init__(self, profile: FileProfile, around: Around) -> None:
        self.profile = profile
        name = profile.source.name
        self.rows = max(1, profile.rows - profile.unreadable)
        self.out = {index: file for index, file in around.out(name).items() if file != name}
        self.into = around.into(name)
        self.columns = [c for c in profile.columns if c.filled]
        words = {word for c in self.columns for word in full_words(c.header).split()}
        self.is_priced = any(custom_kind(c) is Kind.MONEY for c in self.columns)
        self.days = [c for c in self.columns if is_day(c)]
        self.has_day = any(c.filled >= _FULL * self.rows for c in self.days)
        self.steps = steps_of(profile)
        people = (c for c in self.columns if c.index not in self.out and names_persons(c.distinct))
        self.persons = next(people, None)
        self.split_names = {"first", "forename", "given"} & words and {"last", "surname", "family"} & words
        self.reached = any(c.share(Kind.EMAIL) > 0.8 or custom_kind(c) is Kind.PHONE for c in self.columns)
        self.texts = [c for c in self.columns if c.index not in self.out and is_text(c)]
        self.words = words
        self.is_leads = any(word in name.lower() for word in headers()["files"]["lead"])
        stem = " ".join(singular(word) for word in header_words(name.rpartition(".")[0]).split())
        self.is_catalogue = any(holds_word(stem, word) for word in headers()["files"]["product"])
        key = around.key(name)
        self.key = profile.columns[key] if key is not None else None
        self.is_short = self.rows <= _A_TEAM and around.most_rows(name) >= _EACH_HAS * self.rows
        self.is_own_list = name in around.out(name).values()
        self.mails = any(c.share(Kind.EMAIL) > 0.8 for c in self.columns)
        self.is_counted = bool(words & {"qty", "quantity", "数量"})
        self.reasons = any(map(is_reason, self.columns))

    def score(self, entity: str) -> float:
        return _TESTS[entity](self)

    def user(self) -> float:
        named = self.persons is not None and self.persons.uniqueness >= _ALL and self.rows <= _MOST_PEOPLE
        named = named and (self.key is None or self.key is self.persons or _is_short_code(self.key))
        han = self.persons is not None and not any(value.isascii() for value in self.persons.distinct)
        people = self.mails or self.is_own_list or han or bool(self.words & _OF_PEOPLE)
        people |= self.is_short and not self.is_priced
        return 2.5 if named and people and self.into and not self.out else 0.0

    def account(self) -> float:
        named = any(is_key(self.profile, c) for c in self.columns) and not self.user() and not self.product() > 2
        return (1.5 + 0.5 * (self.into > 2)) if named and self.into > 1 and self.steps is None else 0.0

    def contact(self) -> float:
        named = self.split_names or (self.persons is not None and self.persons.uniqueness > 0.8)
        plain = not self.is_priced and self.steps is None and not self.is_leads
        return 2.5 if named and self.out and self.reached and plain else 0.0

    def deal(self) -> float:
        going = self.steps is not None and bool(self.out) and (self.is_priced or len(self.days) > 1)
        return 2.0 + self.reasons if going and not self.is_counted else 0.0

    def interaction(self) -> float:
        said = bool(self.texts) or any(map(tells_kinds, self.columns))
        told = bool(self.out) and not self.into and self.has_day and said and len(self.days) <= 2
        return 2.5 if told and not self.is_priced and self.steps is None and not self.split_names else 0.0

    def product(self) -> float:
        people = self.persons is not None and self.persons.uniqueness >= _HALF  # else their makers, growers, authors
        named = any(is_key(self.profile, c) for c in self.columns) and not people
        numbers = any(c.share(Kind.DECIMAL) > 0.9 and c.share(Kind.INTEGER) < 1.0 for c in self.columns)
        if named and self.is_catalogue and self.into and not self.mails:
            return 2.5  # its own file says so, and others name its rows
        plain = not self.out and not self.mails and len(self.days) <= self.into
        return (1.5 + (self.into > 0)) if named and plain and (self.is_priced or (numbers and self.into)) else 0.0

    def lead(self) -> float:
        return -2.0 if self.out and not self.is_leads else 0.0  # nobody's customer yet

    def order(self) -> float:
        return 1.5 if self.out and self.has_day and self.is_priced and not self.steps and not self.reasons else 0.0

    def order_line(self) -> float:
        return 2.0 if len(self.out) > 1 and self.is_counted and not self.days else 0.0

    def task(self) -> float:
        due = bool(self.words & {"due", "deadline"}) and len(self.days) == 1
        done = any(c.share(Kind.BOOLEAN) == 1.0 for c in self.columns) or bool(self.words & {"status", "done"})
        return 2.0 if self.out and due and done and not self.is_priced else 0.0


_TESTS: Mapping[str, Callable[[_Looks], float]] = {
    "user": _Looks.user, "account": _Looks.account, "contact": _Looks.contact, "deal": _Looks.deal,
    "interaction": _Looks.interaction, "product": _Looks.product, "order": _Looks.order,
    "order_line": _Looks.order_line, "lead": _Looks.lead, "task": _Looks.task,
}  # fmt: skip


def _is_short_code(column: Profile) -> bool:
    """Whether the rows go by initials, numbers or other codes."""
    coded = sum(1 for v in column.distinct if v.isupper() or any(c.isdigit() for c in v))
    return column.longest <= _LONGEST_CODE and coded >= _ALL * len(column.distinct)


def _is_few(column: Profile) -> bool:
    few = column.is_whole and _LEAST_STEPS <= len(column.distinct) <= _MOST_STEPS and column.uniqueness < 0.5
    return few and not any(column.share(kind) > 0.5 for kind in (Kind.DECIMAL, Kind.DATE))


def _parts_days(profile: FileProfile, column: Profile) -> bool:
    """Whether the rows with some of its values all have a certain day, and those with the others never."""
    told = ByStage(profile, column.index)
    names = [name for name, rows in told.rows.items() if rows >= _LEAST_ROWS]
    for day in (c for c in profile.columns if is_day(c) and c is not column):
        over = [name for name in names if told.share(name, day.index) >= _ALL]
        going = [name for name in names if told.share(name, day.index) <= _NONE]
        if len(over) > 1 and len(going) > 1 and len(over) + len(going) == len(names):
            return True
    return False


def _parts_reasons(profile: FileProfile, column: Profile) -> bool:
    """Whether a reason stands beside the rows with one or two of its values alone."""
    told = ByStage(profile, column.index)
    for reason in (c for c in profile.columns if c.filled and is_reason(c) and c is not column):
        having = [name for name in told.rows if told.cells[name, reason.index]]
        if 0 < len(having) <= 3 and len(having) < len(told.rows):
            return True
    return False


def is_reason(column: Profile) -> bool:
    """Whether the header says that the column holds reasons."""
    words = full_words(column.header)
    return any(f" {word} " in f" {words} " if word.isascii() else word in words for word in headers()["reasons"])
