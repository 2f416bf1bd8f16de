"""Reading cases from files: JSON lines and YAML. Whatever is no case is named with its file and line."""

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from crm_core.errors import Invalid
from evals.case import Case

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # a safe loader, the one in C where there is one
_KEYS = {field.alias or name for name, field in Case.model_fields.items()} - {"source", "place"}
MIN_WHY = 5  # words; a shorter one names the case and says nothing of what would go wrong
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+(?:['’-]\w+)*")
_SUFFIXES = (".yaml", ".yml", ".jsonl")
_TELLING = {"value_error": 1, "extra_forbidden": 2}  # a key that is misspelt is missing as well
Lines = dict[tuple[Any, ...], int]  # path of a key within its entry → its line


def load_cases(paths: Iterable[Path]) -> list[Case]:
    """The cases of files, and of all files below folders, in order.

    Raises:
        Invalid: a path is missing, an entry is no case, or two of a file have one id; names the file and the line.
    """
    return [case for path in paths for file in _files(path) for case in _load(file)]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
    if not found:
        raise Invalid(f"{path} holds no cases: no {', '.join(_SUFFIXES)} file lies below it.")
    return found


def _load(path: Path) -> Iterator[Case]:
    seen: dict[str, int] = {}
    for line, entry, lines in _entries(path):
        case = _case(path, line, entry, lines)
        if case.id in seen:
            raise Invalid(f"{path}, line {line}: the id {case.id!r} is taken by the case at line {seen[case.id]}.")
        seen[case.id] = line
        yield case


def _case(path: Path, line: int, entry: Any, lines: Lines) -> Case:
    _check_keys(path, line, entry, lines)
    more = {"source": path.stem, "place": f"{path}, line {line}"}
    try:
        case = Case.model_validate({**entry, **more, "suite": entry.get("suite") or _suite(path)})
    except ValidationError as error:
        at, told = _first(error)
        raise Invalid(f"{path}, line {_line(at, lines, line)}, is no case: {told}") from error
    if isinstance(case.world, str) and not case.world.startswith("demo"):
        case = case.model_copy(update={"world": str(_world(case.world, path, _line(("world",), lines, line)))})
    return case


def _check_keys(path: Path, line: int, entry: Any, lines: Lines) -> None:
    """A JSON line of others' may carry their own notes, but nothing that looks like a key of ours misspelt."""
    if not isinstance(entry, dict):
        raise Invalid(f"{path}, line {line}, is no case: an object is needed.")
    is_shared = path.suffix == ".jsonl" and "why" not in entry
    for key in entry.keys() - _KEYS:
        near = get_close_matches(str(key), sorted(_KEYS), n=1, cutoff=0.75 if is_shared else 0.6)
        if near or not is_shared:
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            raise Invalid(f"{path}, line {_line((key,), lines, line)}: a case has no key {key!r}{hint}.")
    why = str(entry.get("why") or "")
    if not is_shared and not why.strip():
        raise Invalid(f"{path}, line {line}: the case {entry.get('id')!r} does not say `why` it matters.")
    if path.suffix != ".jsonl" and len(_WORD.findall(why)) < MIN_WHY:
        at = _line(("why",), lines, line)
        raise Invalid(f"{path}, line {at}: {why!r} does not say why it matters: {MIN_WHY} words at least are needed.")


def _world(name: str, path: Path, line: int) -> Path:
    folder = (path.parent / name).resolve()
    if not folder.is_dir():
        raise Invalid(f"{path}, line {line}: there is no world {name!r}: no folder {folder}.")
    return folder


def _suite(path: Path) -> str:
    """Files in a folder below `cases` are one suite of that name; any other file is its own."""
    return path.parent.name if path.parent.parent.name == "cases" else path.stem


def _entries(path: Path) -> Iterator[tuple[int, Any, Lines]]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".yaml", ".yml"):
            yield from _yaml_entries(path, text)
            return
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield number, json.loads(line), {}
    except json.JSONDecodeError as error:
        raise Invalid(f"{path}, line {number}, cannot be read as JSON: {error}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Invalid(f"{path} cannot be read as cases: {error}") from error


def _yaml_entries(path: Path, text: str) -> Iterator[tuple[int, Any, Lines]]:
    """A list of cases, or `defaults` and `cases`: what the cases of a file share is written once."""
    loader = _LOADER(text)
    try:
        root = loader.get_single_node()
        defaults: dict[str, Any] = {}
        if isinstance(root, yaml.MappingNode):
            parts = {key.value: value for key, value in root.value}
            if parts.keys() - {"defaults", "cases"} or "cases" not in parts:
                raise Invalid(f"{path}: a file of cases is a list, or holds `defaults` and `cases`.")
            defaults = loader.construct_document(parts["defaults"]) if "defaults" in parts else {}
            root = parts["cases"]
        if root is not None and not isinstance(root, yaml.SequenceNode):
            raise Invalid(f"{path}: a list of cases is needed.")
        for node in root.value if root is not None else ():
            _read_keys_as_text(node)
            entry = loader.construct_document(node)
            whole = {**defaults, **entry} if isinstance(entry, dict) else entry
            yield node.start_mark.line + 1, whole, dict(_lines(node, ()))
    finally:
        loader.dispose()


def _read_keys_as_text(node: Any) -> None:
    """YAML takes a bare `on` for true; as a key it is a word."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:bool":
                key.tag = "tag:yaml.org,2002:str"
            _read_keys_as_text(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _read_keys_as_text(value)


def _lines(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.line + 1
            yield from _lines(value, (*path, number))


def _line(at: tuple[Any, ...], lines: Lines, line: int) -> int:
    """Where the deepest part of `at` that stands in the entry begins; pydantic names union members in between."""
    best, found = 0, line
    for path, number in lines.items():
        steps = iter(at)
        if len(path) > best and all(any(part == step for step in steps) for part in path):
            best, found = len(path), number
    return found


def _first(error: ValidationError) -> tuple[tuple[Any, ...], str]:
    """The problem that lies deepest: of a union's members the one that came furthest knows best."""
    found = max(error.errors(), key=lambda one: (len(one["loc"]), _TELLING.get(one["type"], 0)))
    at = ".".join(map(str, found["loc"]))
    if found["type"] == "extra_forbidden":
        return found["loc"], f"{at}: there is no such key"
    return found["loc"], f"{at}: {found['msg']}" if at else found["msg"].removeprefix("Value error, ")
