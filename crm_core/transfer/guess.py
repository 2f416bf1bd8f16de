"""Which entity a file holds and which field each column is, from its name, headers and values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.schema import Entity, Schema
from crm_core.titles import same_title
from crm_core.transfer.looks import SURE
from crm_core.transfer.mapping import CLOSE_DATE, FIRST_NAME, LAST_NAME, LOST_ON, OUTCOME
from crm_core.transfer.pipeline import are_outcomes
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import closed_values
from crm_core.transfer.vocabulary import Vocabulary, is_importable, is_single_kind
from crm_core.transfer.words_in import keeps_words, value_of

_NAME = frozenset({"name", FIRST_NAME, LAST_NAME})
_NEEDS: dict[str, tuple[frozenset[str], ...]] = {  # at least one of each set, or it is no such file
    "deal": (frozenset({"stage", "amount", CLOSE_DATE, "closes_on", "closed_on"}),
             frozenset({"name", "external_id", "account", "owner"})),
    "account": (frozenset({"name"}),),
    "contact": (_NAME, frozenset({"email", "phone", "account", "title"})),
    "lead": (_NAME | {"company", "email"}, frozenset({"status", "source", "email", "phone", "external_id"})),
    "user": (_NAME,),
    "product": (frozenset({"name"}),),
    "stage": (frozenset({"name"}), frozenset({"position", "probability_pct", "kind"})),
    "interaction": (frozenset({"happened_on"}), frozenset({"subject", "body", "kind"})),
    "task": (frozenset({"title"}), frozenset({"due_on", "status", "owner"})),
    "order": (frozenset({"amount", "ordered_on"}), frozenset({"name", "external_id", "account"})),
    "quota": (frozenset({"amount"}), frozenset({"owner"}), frozenset({"starts_on"}), frozenset({"ends_on"})),
    "stage_change": (frozenset({"deal"}), frozenset({"to_stage"}), frozenset({"changed_on"})),
    "deal_contact": (frozenset({"deal"}), frozenset({"contact"})),
    "deal_line": (frozenset({"deal"}), frozenset({"product"})),
    "order_line": (frozenset({"order"}), frozenset({"product", "amount", "quantity"})),
    "exchange_rate": (frozenset({"from_currency"}), frozenset({"to_currency"}), frozenset({"rate"}),
                      frozenset({"valid_on"})),
}  # fmt: skip
LISTS = frozenset({"account", "product", "user"})  # each name stands once in their own file
_TOLD = 0.5
ENOUGH = 2.0  # two good columns; one where the file's name says what it holds
FOREIGN = 2  # signs that a file holds records that Farley does not keep
_SOME = 0.3  # of a column's values must be of the field's kind; the others go to the error file


@dataclass(frozen=True)
class Guess:
    """What a file seems to hold.

    Attributes:
        entity: its entity.
        targets: column position → field.
        score: evidence; about one for each well-named column.
        note: what a person should check.
        is_doubtful: its headers would fit another entity nearly as well, and its name does not tell.
    """

    entity: str
    targets: dict[int, str]
    score: float
    note: str | None = None
    is_doubtful: bool = False


def guess_file(
    profile: FileProfile,
    vocabulary: Vocabulary,
    schema: Schema,
    *,
    but: Collection[str] = (),
    looks: Mapping[str, float] = MappingProxyType({}),
) -> Guess:
    """The entity and the mapping that fit best, `but` these entities.

    Args:
        profile: the file.
        vocabulary: words of headers.
        schema: the registry.
        but: entities that it does not hold.
        looks: what its make says beside its headers, by entity.

    Raises:
        Invalid: nothing fits well; the text says what the file looks like and what to do.
    """
    source = profile.source
    hints = vocabulary.file_hint(Path(source.name).stem)
    guesses = sorted(
        (
            _guess_as(profile, schema.entities[name], vocabulary, hints.get(name, 0.0), looks.get(name, 0.0))
            for name in _NEEDS
            if name not in but
        ),
        key=lambda guess: -guess.score - 0.5 * (hints.get(guess.entity) == 1.0),
    )
    best = guesses[0]
    what, signs = vocabulary.foreign(Path(source.name).stem, source.headers)
    if signs >= FOREIGN and hints.get(best.entity, 0.0) < 1.0:
        raise Invalid(_refusal(source.name, f"looks like {what}, which Farley does not keep", best, profile))
    is_told = hints.get(best.entity, 0.0) >= 1.0 or looks.get(best.entity, 0.0) >= SURE
    if best.score < (_TOLD if is_told else ENOUGH):
        raise Invalid(_refusal(source.name, "holds no kind of record that Farley knows", best, profile))
    rival = next((g for g in guesses[1:] if best.score - g.score < 0.3 and g.score >= ENOUGH), None)
    note = f"{source.name} is taken as {best.entity} records; it could hold {rival.entity} records" if rival else None
    is_named = rival is not None and hints.get(best.entity) == 1.0 and hints.get(rival.entity, 0.0) < 1.0
    return Guess(best.entity, best.targets, best.score, note, is_doubtful=rival is not None and not is_named)


def guess_linked(
    profile: FileProfile, entity: Entity, vocabulary: Vocabulary, fixed: Mapping[int, str], note: str
) -> Guess:
    """The mapping of a file that other files show to hold `entity`; `fixed` columns are settled."""
    found = find_targets(profile, entity, vocabulary, fixed)
    targets = {index: target for index, (target, _) in found.items()}
    return Guess(entity.name, targets, sum(score for _, score in found.values()), note)


def guess_naming(profile: FileProfile, entity: Entity, vocabulary: Vocabulary, titles: dict[str, set[str]]) -> Guess:
    """The mapping of a file that may hold `entity`, with the records of other files that it names as evidence.

    Args:
        profile: the file.
        entity: what it may hold.
        vocabulary: words of headers.
        titles: entity → titles of its records in this import, as `same_title` makes them.
    """
    found = find_targets(profile, entity, vocabulary)
    targets = {index: target for index, (target, _) in found.items()}
    named = add_by_values(profile, entity, targets, titles)
    lacks = [need for need in _NEEDS[entity.name] if not need & set(named.values())]
    repeats = any(profile.columns[i].uniqueness < 1.0 for i, target in named.items() if target not in targets.values())
    score = sum(score for _, score in found.values()) + (len(named) - len(targets) if repeats else 0)
    return Guess(entity.name, named, 0.0 if lacks else score)


def find_targets(
    profile: FileProfile, entity: Entity, vocabulary: Vocabulary, fixed: Mapping[int, str] | None = None
) -> dict[int, tuple[str, float]]:
    """The best field for each column, each field once: position → (field, score). `fixed` ones come first."""
    stem = Path(profile.source.name).stem
    offers = [
        (meaning.score, column.index, meaning.target)
        for column in profile.columns
        for meaning in vocabulary.meanings(entity.name, column.header, stem)
        if _fits(column, entity, meaning.target)
    ]
    found = {index: (target, 1.0) for index, target in (fixed or {}).items()}
    taken = {target for target, _ in found.values()}
    for score, index, target in sorted(offers, key=lambda offer: (-offer[0], offer[1])):
        if index not in found and target not in taken and not _clashes(target, taken):
            found[index] = (target, score)
            taken.add(target)
    return _named_leads(profile, found) if entity.name == "lead" else found


def _named_leads(profile: FileProfile, found: dict[int, tuple[str, float]]) -> dict[int, tuple[str, float]]:
    """A title that tells most leads apart, where nothing else names them, is what they are called, no job."""
    at = {target: index for index, (target, _) in found.items()}
    if "title" not in at or at.keys() & _NAME or profile.columns[at["title"]].uniqueness <= 0.5:
        return found
    return {**found, at["title"]: ("name", found[at["title"]][1])}


def add_by_values(
    profile: FileProfile, entity: Entity, targets: dict[int, str], titles: dict[str, set[str]]
) -> dict[int, str]:
    """Further columns told by their values: emails, phones, and names of records of another file.

    Args:
        profile: the file.
        entity: what it holds.
        targets: what its headers said.
        titles: entity → titles of its records in this import, as `same_title` makes them.
    """
    found = dict(targets)
    for column in profile.columns:
        if column.index in found or not column.filled:
            continue
        target = _by_form(column, entity) or _by_titles(column, entity, titles)
        if target is not None and target not in found.values():
            found[column.index] = target
    return found


def _guess_as(profile: FileProfile, entity: Entity, vocabulary: Vocabulary, hint: float, looks: float) -> Guess:
    found = find_targets(profile, entity, vocabulary)
    if entity.name == "interaction" and hint >= 1.0:
        found |= _only_day(profile, found)
    targets = {index: target for index, (target, _) in found.items()}
    missing = [need for need in _NEEDS[entity.name] if not need & set(targets.values())]
    unmapped = sum(1 for column in profile.columns if column.index not in found and column.filled)
    score = sum(score for _, score in found.values()) - min(1.0, 0.15 * unmapped) + hint + looks
    missing = missing if looks < SURE else []
    score -= 2.0 * len(missing)
    if entity.name in LISTS and _repeats(profile, targets):
        score -= 2.0
    return Guess(entity.name, targets, score if not missing else min(score, 0.5))


def _only_day(profile: FileProfile, found: Mapping[int, tuple[str, float]]) -> dict[int, tuple[str, float]]:
    """The only date that nearly every row has, where no header says when it happened."""
    if "happened_on" in {target for target, _ in found.values()}:
        return {}
    rows = profile.rows - profile.unreadable
    full = [c for c in profile.columns if c.index not in found and c.filled >= 0.95 * rows]
    days = [c for c in full if c.share(Kind.DATE) == 1.0 and c.share(Kind.INTEGER) < 1.0]
    return {days[0].index: ("happened_on", 0.5)} if len(days) == 1 else {}


def _repeats(profile: FileProfile, targets: dict[int, str]) -> bool:
    keys = [profile.columns[i] for i, target in targets.items() if target in ("name", "external_id")]
    again = any(profile.columns[i].uniqueness < 0.5 for i, target in targets.items() if target == "name")
    return again or (bool(keys) and all(column.uniqueness < 0.8 for column in keys))


def _fits(column: Profile, entity: Entity, target: str) -> bool:
    if target in (CLOSE_DATE, LOST_ON):
        return column.share(Kind.DATE) >= _SOME
    if target == OUTCOME:
        return are_outcomes(column.distinct)
    field = entity.fields.get(target)
    if field is None:  # a part of a name
        return not column.share(Kind.DATE) and not column.share(Kind.DECIMAL)
    if not is_importable(field):
        return False
    closed = closed_values(f"{entity.name}.{target}")
    if closed and column.distinct:
        name, is_kept = f"{entity.name}.{target}", keeps_words(field)
        known = sum(1 for v in column.distinct if (value_of(v, name) if is_kept else closed.get(same_title(v))))
        return known >= _SOME * len(column.distinct)
    if field.kind is Kind.MONEY and _counts_up(column):
        return False
    if is_single_kind(field.kind):
        return column.share(field.kind) >= _SOME
    if field.kind is Kind.REFERENCE and field.target in ("user", "account"):
        return column.share(Kind.DATE) < 0.9 or column.share(Kind.INTEGER) == 1.0
    return True


def _counts_up(column: Profile) -> bool:
    """Whether it holds nothing but a few small whole numbers again and again: revisions, no amounts."""
    values = [value.strip() for value in column.distinct]
    return bool(values) and column.uniqueness < 0.5 and all(len(value) == 1 and value.isdigit() for value in values)


def _clashes(target: str, taken: set[str]) -> bool:
    if target in (FIRST_NAME, LAST_NAME):
        return "name" in taken
    return target == "name" and bool(taken & {FIRST_NAME, LAST_NAME})


def _by_form(column: Profile, entity: Entity) -> str | None:
    if "email" in entity.fields and column.share(Kind.EMAIL) >= 0.8:
        return "email"
    return None


def _by_titles(column: Profile, entity: Entity, titles: dict[str, set[str]]) -> str | None:
    if column.share(Kind.INTEGER) == 1.0:
        return None  # bare numbers stand among the ids of many a list
    values = {same_title(value) for value in column.distinct}
    for field in entity.fields.values():
        known = titles.get(field.target or "", set())
        if field.target and known and len(values) > 1 and len(values & known) >= 0.6 * len(values):
            return field.name
    return None


def _refusal(name: str, what: str, best: Guess, profile: FileProfile) -> str:
    known: Sequence[str] = [profile.columns[i].header for i in sorted(best.targets)]
    nearest = f" Nearest: {best.entity}, by {', '.join(known[:5])}." if known and best.score > 0 else ""
    return (
        f"{name} {what}.{nearest} To take it in anyway, write a map that names its entity and columns, and import "
        f"with --map; to leave it out, name the other files only."
    )
