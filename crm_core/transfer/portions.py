"""A file of activities in which some rows are tasks: read as two, each by its own rows."""

from collections.abc import Sequence
from dataclasses import replace

from crm_core.errors import Invalid
from crm_core.schema import Schema
from crm_core.titles import same_title
from crm_core.transfer.guess import guess_file
from crm_core.transfer.mapping import FileMap, ImportMap
from crm_core.transfer.profile import FileProfile, Profile, profile_file
from crm_core.transfer.read import Portion, Source
from crm_core.transfer.text import headers
from crm_core.transfer.vocabulary import Vocabulary

TASKS = "tasks"


def split_tasks(
    profiles: Sequence[FileProfile], mapping: ImportMap, schema: Schema, vocabulary: Vocabulary
) -> tuple[list[FileProfile], ImportMap, list[str]]:
    """The files, those of activities with tasks among them as two; the map that says so; notes.

    A file that a person's map reads as a whole stays whole.
    """
    out: list[FileProfile] = []
    files, notes = dict(mapping.files), list[str]()
    for profile in profiles:
        column = _column_of_kinds(profile, mapping, schema, vocabulary)
        words = _task_words(column) if column is not None else frozenset[str]()
        if column is None or not words:
            out.append(profile)
            continue
        tasks, rest = (_portion(profile.source, column, words, is_in=is_in) for is_in in (True, False))
        files.setdefault(tasks.source.name, FileMap(entity="task"))
        if rest.rows:
            out.append(rest)
        out.append(tasks)
        notes.append(f"{profile.source.name}: {tasks.rows:,} rows whose {column.header} is a task are taken as tasks.")
    return out, mapping.model_copy(update={"files": files}), notes


def _column_of_kinds(
    profile: FileProfile, mapping: ImportMap, schema: Schema, vocabulary: Vocabulary
) -> Profile | None:
    """The column that says what each activity was; None where the file holds no activities, or a map reads it whole."""
    given = mapping.files.get(profile.source.name)
    if given is not None and given.columns:
        header = next((h for h, c in given.columns.items() if c.field == "kind"), None)
        is_split = _tasks_of(profile.source).name in mapping.files
        return profile.column(header) if header and is_split and given.entity == "interaction" else None
    try:
        guess = guess_file(profile, vocabulary, schema)
    except Invalid:
        return None
    at = next((index for index, target in guess.targets.items() if target == "kind"), None)
    return profile.columns[at] if at is not None and guess.entity == "interaction" else None


def _task_words(column: Profile) -> frozenset[str]:
    """The values of the column that are words for a task."""
    known = {same_title(str(word)) for word in headers()["task_kinds"]}
    return frozenset(value for value in column.distinct if same_title(value) in known)


def _tasks_of(source: Source) -> Source:
    return replace(source, portion=Portion(TASKS, 0, frozenset(), is_in=True))


def _portion(source: Source, column: Profile, words: frozenset[str], *, is_in: bool) -> FileProfile:
    return profile_file(replace(source, portion=Portion(TASKS, column.index, words, is_in=is_in), notes=()))
