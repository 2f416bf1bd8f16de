"""A file of activities in which some rows are still to be done: read as two, tasks and what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_core.errors import Invalid
from crm_core.models import Kind, TaskStatus
from crm_core.schema import Schema
from crm_core.titles import same_title
from crm_core.transfer.around import Around
from crm_core.transfer.guess import find_targets, guess_file
from crm_core.transfer.looks import evidence
from crm_core.transfer.mapping import FileMap, ImportMap
from crm_core.transfer.profile import FileProfile, Profile, profile_file, read_boolean
from crm_core.transfer.read import Portion, Source
from crm_core.transfer.text import closed_values, full_words, headers
from crm_core.transfer.vocabulary import Vocabulary

TASKS = "tasks"
_OF_TASKS = {"happened_on": "due_on", "subject": "title", "body": "description", "user": "owner"}
Picks = Mapping[int, frozenset[str]]


def split_tasks(
    profiles: Sequence[FileProfile], mapping: ImportMap, schema: Schema, vocabulary: Vocabulary
) -> tuple[list[FileProfile], ImportMap, list[str]]:
    """The files, those of activities with tasks among them as two; the map that says so; notes.

    A task is a row whose type is one, and one of any type that its state says is still to be done, or was called off:
    neither has happened. A file that a person's map reads as a whole stays whole.
    """
    out: list[FileProfile] = []
    around = Around(profiles)
    files, notes = dict(mapping.files), list[str]()
    for profile in profiles:
        picks = _picks(profile, mapping, schema, vocabulary, around)
        if not picks:
            out.append(profile)
            continue
        tasks, rest = _parts(profile, picks)
        files.setdefault(tasks.source.name, FileMap(entity="task"))
        if rest.rows:
            out.append(rest)
        out.append(tasks)
        notes += _notes(profile, picks, tasks.rows)
    return out, mapping.model_copy(update={"files": files}), notes


def _notes(profile: FileProfile, picks: Picks, rows: int) -> list[str]:
    state, by_kind = _column_of_states(profile), _by_kind(profile, picks)
    told: list[tuple[int, str, str]] = []
    for at in picks:
        header = profile.columns[at].header
        if state is not None and at == state.index:
            off = min(sum(state.distinct[value] for value in _cancelled(state)), rows - by_kind)
            told.append((off, header, "says that they did not take place are taken as cancelled tasks"))
            told.append((rows - by_kind - off, header, "says that they are still to be done are taken as tasks"))
        else:
            told.append((by_kind, header, "is a task are taken as tasks"))
    return [f"{profile.source.name}: {n:,} rows whose {header} {what}." for n, header, what in told if n]


def _by_kind(profile: FileProfile, picks: Picks) -> int:
    """The rows whose type is a task."""
    state = _column_of_states(profile)
    named = [at for at in picks if state is None or at != state.index]
    return sum(profile.columns[at].distinct[value] for at in named for value in picks[at])


def as_tasks(
    profile: FileProfile, schema: Schema, vocabulary: Vocabulary, targets: Mapping[int, str]
) -> dict[int, str]:
    """`targets` of tasks among activities, with further columns by what they are of an activity: its day is theirs.

    A task without a title is called by its type.
    """
    found, known = dict(targets), schema.entities["task"].fields
    told = {
        index: target
        for index, (target, _) in find_targets(profile, schema.entities["interaction"], vocabulary).items()
    }
    for index, target in told.items():
        name = _OF_TASKS.get(target, target)
        is_free = index not in found and name in known and name not in found.values()
        if is_free and not (profile.source.portion and index in profile.source.portion.silent):
            found[index] = name
    kinds = next((index for index, target in told.items() if target == "kind"), None)
    if "title" not in found.values() and kinds is not None and kinds not in found:
        found[kinds] = "title"
    return found


def _picks(profile: FileProfile, mapping: ImportMap, schema: Schema, vocabulary: Vocabulary, around: Around) -> Picks:
    """What tells the tasks of a file; empty where it holds no activities, no tasks, or a map reads it whole."""
    given = mapping.files.get(profile.source.name)
    kinds: Profile | None = None
    if given is not None and given.columns:
        if given.entity != "interaction" or _tasks_of(profile.source).name not in mapping.files:
            return {}
        header = next((h for h, c in given.columns.items() if c.field == "kind"), None)
        kinds = profile.column(header) if header else None
    else:
        try:
            guess = guess_file(profile, vocabulary, schema, looks=evidence(profile, around))
        except Invalid:
            return {}
        if guess.entity != "interaction":
            return {}
        at = next((index for index, target in guess.targets.items() if target == "kind"), None)
        kinds = profile.columns[at] if at is not None else None
    state = _column_of_states(profile)
    picks = {} if kinds is None else {kinds.index: _words(kinds, headers()["task_kinds"])}
    if state is not None and (kinds is None or state.index != kinds.index):
        picks[state.index] = _planned(state) | _cancelled(state)
    return {at: values for at, values in picks.items() if values}


def _column_of_states(profile: FileProfile) -> Profile | None:
    """The column that says whether an activity is done, to be done or called off; None where two could be it."""
    telling = [c for c in profile.columns if c.filled and c.is_whole and _tells_states(c)]
    columns = [c for c in telling if _is_called_state(c.header)] or telling
    return columns[0] if len(columns) == 1 else None


def _is_called_state(header: str) -> bool:
    """As in "Done", "Visit Status", 拜访状态."""
    words = full_words(header)
    called = {full_words(name) for name in headers()["activity_states"]["headers"]}
    return words in called or words.split()[-1:] in (["status"], ["state"]) or words.endswith("状态")


def _tells_states(column: Profile) -> bool:
    open_ones, done = _planned(column) | _cancelled(column), _words(column, headers()["activity_states"]["done"])
    known = open_ones | done | _words(column, headers()["activity_states"]["tried"])
    return _says_whether_done(column) or bool(open_ones and done and known >= set(column.distinct))


def _says_whether_done(column: Profile) -> bool:
    """Done: yes, no."""
    called = {full_words(header) for header in headers()["activity_states"]["whether"]}
    return column.share(Kind.BOOLEAN) == 1.0 and full_words(column.header) in called and len(column.distinct) > 1


def _planned(column: Profile) -> frozenset[str]:
    """The values of a column of states that say that it is still to be done."""
    if _says_whether_done(column):
        return frozenset(value for value in column.distinct if not read_boolean(value))
    return _words(column, headers()["activity_states"]["planned"])


def _cancelled(column: Profile) -> frozenset[str]:
    """The values of a column of states that say that it did not take place."""
    known = closed_values("task.status")
    return frozenset(v for v in column.distinct if known.get(same_title(v)) == TaskStatus.CANCELLED)


def _words(column: Profile, listed: Sequence[str]) -> frozenset[str]:
    known = {same_title(str(word)) for word in listed}
    return frozenset(value for value in column.distinct if same_title(value) in known)


def _tasks_of(source: Source) -> Source:
    return replace(source, portion=Portion(TASKS, {}, is_in=True))


def _parts(profile: FileProfile, picks: Picks) -> tuple[FileProfile, FileProfile]:
    """The tasks and the others; columns that tell the two apart and nothing within a part are silent there."""
    state = _column_of_states(profile)
    at_state = state.index if state is not None and state.index in picks else None
    parts = [Portion(TASKS, picks, is_in=is_in) for is_in in (True, False)]
    tasks, rest = (profile_file(replace(profile.source, portion=part, notes=())) for part in parts)
    kinds = {at for at, values in picks.items() if at != at_state and values >= set(tasks.columns[at].distinct)}
    done = {at for at in picks if at == at_state and len(rest.columns[at].distinct) <= 1}
    is_mixed = tasks.rows > _by_kind(profile, picks)
    return _told(tasks, frozenset(kinds), is_mixed=is_mixed), _told(rest, frozenset(done), is_mixed=is_mixed)


def _told(part: FileProfile, silent: frozenset[int], *, is_mixed: bool) -> FileProfile:
    assert part.source.portion is not None
    portion = replace(part.source.portion, silent=silent, is_mixed=is_mixed)
    return replace(part, source=replace(part.source, portion=portion))
