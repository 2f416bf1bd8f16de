"""Text only: prompts and sentences as files, filled by strict `{{holes}}`. Knows no model, no store and no door."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent
_HOLE = re.compile(r"\{\{(\w+)\}\}")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def render(name: str, **values: object) -> str:
    """The prompt `name`.md with its holes filled; KeyError when a value is missing."""
    return fill(_text(f"{name}.md"), **values)


def fill(template: str, **values: object) -> str:
    """`template` with each `{{hole}}` replaced; single braces and $ stay as they are.

    Raises:
        KeyError: a hole has no value.
    """
    return _HOLE.sub(lambda hole: str(values[hole[1]]), template)


@cache
def fingerprint(name: str) -> str:
    """Twelve hex digits that change with the prompt's text; stamped into logs, traces and reports."""
    return hashlib.sha256(_text(f"{name}.md").encode()).hexdigest()[:12]


def fingerprints() -> dict[str, str]:
    """Of every prompt and every word list, by its path below `prompts/`: what a report was measured with."""
    files = sorted(path for path in _FOLDER.rglob("*") if path.suffix in (".md", ".yaml"))
    return {path.relative_to(_FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in files}


@cache
def load_yaml(name: str) -> Any:
    """The data in `name`.yaml (a path below `prompts/`). Shared: do not change it."""
    return yaml.load(_text(f"{name}.yaml"), Loader=_LOADER)  # a safe loader, the one in C where there is one


@cache
def _text(file: str) -> str:
    return (_FOLDER / file).read_text(encoding="utf-8")
