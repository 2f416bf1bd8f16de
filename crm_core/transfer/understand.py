"""What each file of an import holds and which field each column is: by headers, by one another, by their data."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crm_core.errors import Invalid
from crm_core.schema import Entity, Schema
from crm_core.titles import same_title
from crm_core.transfer.across import Link, find_free_link, find_key, find_link
from crm_core.transfer.around import Around
from crm_core.transfer.by_data import add_by_data
from crm_core.transfer.guess import ENOUGH, FOREIGN, LISTS, Guess, add_by_values, guess_file, guess_linked, guess_naming
from crm_core.transfer.looks import evidence, has_money_and_day
from crm_core.transfer.mapping import ImportMap
from crm_core.transfer.own_names import add_names, add_references, add_stage, add_title, full_names
from crm_core.transfer.persons import names_persons
from crm_core.transfer.portions import as_tasks
from crm_core.transfer.profile import FileProfile
from crm_core.transfer.rivals import not_deals, stages
from crm_core.transfer.text import full_words
from crm_core.transfer.vocabulary import Vocabulary

_NAMING = ("deal", "order")  # kinds of records that name others


def guess_files(
    profiles: Sequence[FileProfile],
    mapping: ImportMap,
    explicit: set[Path],
    schema: Schema,
    vocabulary: Vocabulary,
) -> tuple[dict[str, Guess], list[str]]:
    """A guess for each file that is understood, by name, and notes for a person.

    Args:
        profiles: the files.
        mapping: decisions of a person; they stand.
        explicit: files that were named one by one and must be understood.
        schema: the registry.
        vocabulary: words of headers.

    Raises:
        Invalid: an explicit file, or every file, holds nothing that Farley knows; the map names no such entity.
    """
    files = _Files(profiles, mapping, explicit, schema, vocabulary)
    files.by_headers()
    files.by_rivals()
    files.by_stages()
    while files.by_one_another() or files.by_what_they_name() or files.by_what_is_free():
        pass
    files.refuse()
    files.by_values()
    return files.guesses, files.notes


@dataclass
class _Files:
    profiles: Sequence[FileProfile]
    mapping: ImportMap
    explicit: set[Path]
    schema: Schema
    vocabulary: Vocabulary
    guesses: dict[str, Guess] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _unknown: dict[str, Invalid] = field(default_factory=dict)
    _looks: dict[str, dict[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._around = Around(self.profiles)
        if len(self.profiles) > 1:
            self._looks = {p.source.name: evidence(p, self._around) for p in self.profiles}

    def by_headers(self) -> None:
        """Guess each file alone."""
        for profile in self.profiles:
            name = profile.source.name
            given = self.mapping.files.get(name)
            if given is None:
                try:
                    self.guesses[name] = self._guess(profile)
                except Invalid as error:
                    self._unknown[name] = error
            elif given.entity is not None:
                entity = self.schema.entity(given.entity)
                is_told = bool(given.columns)
                self.guesses[name] = Guess(given.entity, {}, 0.0) if is_told else self._as_told(profile, entity)

    def _guess(self, profile: FileProfile, but: Collection[str] = ()) -> Guess:
        looks = self._looks.get(profile.source.name, {})
        return guess_file(profile, self.vocabulary, self.schema, but=but, looks=looks)

    def _as_told(self, profile: FileProfile, entity: Entity) -> Guess:
        guess = guess_linked(profile, entity, self.vocabulary, {}, "")
        if entity.name != "task" or profile.source.portion is None:
            return guess
        return replace(guess, targets=as_tasks(profile, self.schema, self.vocabulary, guess.targets))

    def by_rivals(self) -> None:
        """Where several files look like deals, read again those that only name them or are called otherwise."""
        while found := not_deals(self._deals(), self.guesses, self.vocabulary):
            self._read_again(*found)

    def by_stages(self) -> None:
        """Two files of deals stand in one pipeline: one whose stages are none of the other's holds something else."""
        deals = self._deals()
        known = stages(deals[0], self.guesses[deals[0].source.name]) if deals else set()
        for profile in deals[1:]:
            name = profile.source.name
            own = stages(profile, self.guesses[name])
            if known and own and not own & known and not self._is_called_deals(profile):
                self._read_again(profile, deals[0])

    def _deals(self) -> list[FileProfile]:
        """The files that look like deals, the likeliest first."""
        free = [p for p in self.profiles if p.source.name not in self.mapping.files]
        deals = [p for p in free if (g := self.guesses.get(p.source.name)) and g.entity == "deal"]
        return sorted(deals, key=lambda profile: (not self._is_called_deals(profile), -self._score(profile)))

    def _score(self, profile: FileProfile) -> float:
        return self.guesses[profile.source.name].score

    def _is_called_deals(self, profile: FileProfile) -> bool:
        return "deal" in self.vocabulary.file_hint(Path(profile.source.name).stem)

    def _read_again(self, profile: FileProfile, deals: FileProfile) -> None:
        """What else a file holds that looks like deals and is none; unknown where nothing else fits."""
        name, other = profile.source.name, deals.source.name
        try:
            guess = self._guess(profile, but={"deal"})
        except Invalid:
            if (bought := self._as_bought(profile, other)) is not None:
                self.guesses[name] = bought
                return
            del self.guesses[name]
            self._unknown[name] = Invalid(
                f"{name} holds no deals beside those of {other}. To take it in anyway, write a map that names its "
                "entity and columns, and import with --map."
            )
        else:
            note = f"{name} is taken as {guess.entity} records: the deals are in {other}"
            self.guesses[name] = replace(guess, note=note, is_doubtful=False)

    def _as_bought(self, profile: FileProfile, deals: str) -> Guess | None:
        """Orders, where a file names customers, has a day that nearly every row has, and money: service contracts."""
        if "account" not in self._named(profile.source.name).values() or not has_money_and_day(profile):
            return None
        note = f"{profile.source.name} is taken as order records: the deals are in {deals}"
        return guess_linked(profile, self.schema.entities["order"], self.vocabulary, {}, note)

    def by_one_another(self) -> bool:
        """Explain one more file by what the others refer to; False when there is none."""
        for profile in self.profiles:
            name = profile.source.name
            link = find_link(profile, self.profiles, self.guesses, self.schema) if self._asks(name) else None
            if link is None:
                continue
            self.guesses[name] = self._linked(profile, link)
            self._unknown.pop(name, None)
            return True
        return False

    def by_what_is_free(self) -> bool:
        """Explain one more file as the list that the others name without a field for it; False when there is none."""
        for profile in self.profiles:
            name = profile.source.name
            links = find_free_link(profile, self.profiles, self.guesses, self.schema) if name in self._unknown else []
            guesses = [self._linked(profile, link) for link in {link.entity: link for link in links}.values()]
            if guesses:
                self.guesses[name] = max(guesses, key=lambda guess: self._rank(profile, guess))
                self._unknown.pop(name)
                return True
        return False

    def by_what_they_name(self) -> bool:
        """Explain one more file as deals or orders by the records of other files that its columns name."""
        titles, held = self._titles(), {guess.entity for guess in self.guesses.values()}
        for profile in self.profiles:
            name = profile.source.name
            is_foreign = self.vocabulary.foreign(Path(name).stem, profile.source.headers)[1] >= FOREIGN
            if name in self._unknown and not is_foreign:
                free = [self.schema.entities[entity] for entity in _NAMING if entity not in held]
                fits = [guess_naming(profile, entity, self.vocabulary, titles) for entity in free]
                best = max(fits, key=lambda guess: guess.score, default=None)
                if best is not None and best.score >= ENOUGH:
                    self.guesses[name] = best
                    self._unknown.pop(name)
                    return True
        return False

    def _rank(self, profile: FileProfile, guess: Guess) -> tuple[float, ...]:
        """How well a list of something fits: by its headers and its file's name, then people by name, then accounts."""
        hint = self.vocabulary.file_hint(Path(profile.source.name).stem).get(guess.entity, 0.0)
        names = next((profile.columns[i] for i, target in guess.targets.items() if target == "name"), None)
        people = guess.entity == "user" and names is not None and names_persons(names.distinct)
        return (guess.score + hint, people, guess.entity == "account")

    def _linked(self, profile: FileProfile, link: Link) -> Guess:
        return guess_linked(profile, self.schema.entities[link.entity], self.vocabulary, link.fixed, link.note)

    def refuse(self) -> None:
        """Tell of the files that nothing explains."""
        for profile in self.profiles:
            error = self._unknown.get(profile.source.name)
            if error is not None and (profile.source.path in self.explicit or len(self.profiles) == 1):
                raise error
        refused = [f"Not imported: {error}" for error in self._unknown.values()]
        if not self.guesses:
            raise Invalid(" ".join(refused) or "The map leaves out every file.")
        self.notes += refused + [f"{guess.note}." for guess in self.guesses.values() if guess.note]

    def by_values(self) -> None:
        """Add the columns that values tell: names of other files' records, stages, dates, codes."""
        self._name_records()
        titles = self._titles()
        for profile in self.profiles:
            name = profile.source.name
            given = self.mapping.files.get(name)
            if name not in self.guesses or (given is not None and given.columns):
                continue
            guess = self.guesses[name]
            entity = self.schema.entities[guess.entity]
            targets = add_references(entity, guess.targets, self._named(name))
            targets = add_by_values(profile, entity, targets, titles)
            if guess.entity == "deal":
                targets = add_title(profile, add_stage(profile, targets))
            targets = self._by_codes(profile, entity, targets)
            targets, told = self._add_key(profile, guess.entity, targets)
            targets, notes = add_by_data(profile, entity, targets, self._named(name))
            self.guesses[name] = replace(guess, targets=targets)
            self.notes += [*told, *notes]

    def _name_records(self) -> None:
        """Add the columns by which the files call their own records."""
        for name, guess in self.guesses.items():
            given, profile = self.mapping.files.get(name), next(p for p in self.profiles if p.source.name == name)
            if given is None or not given.columns:
                key = self._around.key(name) if guess.entity in LISTS else None
                targets = add_names(profile, self.schema.entities[guess.entity], guess.targets, key)
                self.guesses[name] = replace(guess, targets=targets)

    def _named(self, name: str) -> dict[int, str]:
        """The kinds of records that the columns of a file name, by position."""
        out = self._around.out(name)
        return {index: self.guesses[file].entity for index, file in out.items() if file in self.guesses}

    def _by_codes(self, profile: FileProfile, entity: Entity, targets: dict[int, str]) -> dict[int, str]:
        """Where a record is named by a name that may stand twice and by its code beside it, the code tells which."""
        swapped = dict(targets)
        for index, target in targets.items():
            field = entity.fields.get(target)
            keys = self._keys(field.target) if field is not None and field.target else set()
            if not keys or keys >= set(profile.columns[index].distinct):
                continue
            beside = [c for c in profile.columns if c.index not in targets and c.filled and keys >= set(c.distinct)]
            called = [c for c in beside if full_words(profile.columns[index].header) in full_words(c.header)]
            if len(called) == 1:
                swapped[called[0].index] = swapped.pop(index)
        return swapped

    def _keys(self, entity: str) -> set[str]:
        """The codes of the records of one kind that the files hold; empty where a file has too many to know all."""
        keys: set[str] = set()
        for profile in self.profiles:
            guess = self.guesses.get(profile.source.name)
            at = [i for i, t in guess.targets.items() if t == "external_id"] if guess and guess.entity == entity else []
            for index in at:
                keys |= set(profile.columns[index].distinct) if profile.columns[index].is_whole else set()
        return keys

    def _add_key(self, profile: FileProfile, entity: str, targets: dict[int, str]) -> tuple[dict[int, str], list[str]]:
        """The codes by which other columns name the records of a list."""
        key = find_key(profile, self.profiles, targets) if entity in LISTS else None
        if key is None or "external_id" in targets.values():
            return targets, []
        note = f"{profile.source.name}: {key.header} is taken as {entity}.external_id: other columns name them by it."
        return {**targets, key.index: "external_id"}, [note]

    def _asks(self, name: str) -> bool:
        return name in self._unknown or (name in self.guesses and self.guesses[name].is_doubtful)

    def _titles(self) -> dict[str, set[str]]:
        titles: dict[str, set[str]] = {}
        for profile in self.profiles:
            guess = self.guesses.get(profile.source.name)
            if guess is None:
                continue
            keys = [i for i, target in guess.targets.items() if target in ("name", "external_id")]
            known = titles.setdefault(guess.entity, set())
            known |= {same_title(value) for i in keys for value in profile.columns[i].distinct}
            known |= full_names(profile, guess.targets)
        held = {guess.entity for guess in self.guesses.values()}
        for profile in self.profiles:  # people without a file of their own are known by where they are named
            guess = self.guesses.get(profile.source.name)
            for index, target in guess.targets.items() if guess else ():
                field = self.schema.entities[guess.entity].fields.get(target) if guess else None
                if field is not None and field.target in LISTS - held:
                    named = titles.setdefault(str(field.target), set())
                    named |= {same_title(value) for value in profile.columns[index].distinct}
        return titles
