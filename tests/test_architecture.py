"""Rules of the design that a reader could break without noticing."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex

from crm_core.migrations import HEAD
from crm_core.models import Base
from integrations.settings import Settings
from retrieval.table import metadata as passages

ROOT = Path(__file__).parents[1]
PACKAGES = ("crm_core", "retrieval", "prompts", "copilot", "integrations", "evals")
MAX_LINES = 300
LONGER: dict[str, str] = {  # file → why it is one piece
    "crm_core/migrations/versions/0001_the_first_tables.py": "a migration is one list of tables",
    "copilot/offline/compose/__init__.py": "the order of the rules is one list",
}
HEAVY = (
    "torch",
    "chromadb",
    "nicegui",
    "fastapi",
    "langchain_openai",
    "openai",
    "sklearn",
    "pandas",
    "transformers",
)


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_only_the_store_its_setup_and_the_conversations_begin_and_commit():
    allowed = {"crm_core/db.py", "crm_core/setup.py", "copilot/memory/engine.py"}

    found = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in ("begin", "commit", "begin_nested")
    }

    assert found <= allowed


def test_only_the_settings_read_the_environment():
    found = {name for name, tree in sources() for node in ast.walk(tree) if _reads_environment(node)}

    assert found <= {"integrations/settings.py"}


def _reads_environment(node: ast.AST) -> bool:
    names = {"environ", "getenv", "environb", "BaseSettings"}
    if isinstance(node, ast.Attribute):
        return node.attr in names and isinstance(node.value, ast.Name) and node.value.id == "os"
    return isinstance(node, ast.ImportFrom) and any(alias.name in names for alias in node.names)


def test_no_file_grows_past_what_one_can_keep_in_mind():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }

    assert [name for name, lines in lengths.items() if lines > MAX_LINES and name not in LONGER] == []


def test_a_package_says_what_it_knows():
    packages = [ROOT / package / "__init__.py" for package in PACKAGES if (ROOT / package).is_dir()]

    assert [str(path) for path in packages if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def documents() -> str:
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_command_stands_in_the_docs():
    from typer.main import get_command

    from integrations.cli.app import app

    text = documents()
    commands = [f"farley {name}" for name in get_command(app).commands]

    assert [name for name in commands if name not in text] == []


def test_every_setting_stands_in_the_docs():
    text = documents()

    assert [name for name in Settings.model_fields if f"FARLEY_{name.upper()}" not in text] == []


def test_every_link_between_documents_leads_somewhere():
    import re

    broken = [
        f"{path.name}: {target}"
        for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_the_newest_migration_is_the_one_that_the_code_names():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "crm_core" / "migrations"))

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def _context(connection):
    """Without the tables that FTS5 keeps behind the full-text index."""
    hidden = {"include_name": lambda name, kind, _parents: kind != "table" or not str(name).startswith("passage_words")}
    return MigrationContext.configure(connection, opts=hidden)


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrations_make_the_tables_of_the_models(sqlite_template):
    engine = create_engine(f"sqlite:///{sqlite_template}")
    with engine.connect() as connection:
        differences = compare_metadata(_context(connection), [Base.metadata, passages])
        asked = "SELECT name, sql FROM sqlite_master WHERE name LIKE 'ix_%_label'"
        made = {row.name: row.sql for row in connection.exec_driver_sql(asked)}
    engine.dispose()

    assert differences == []
    assert made == {  # which no comparison sees
        str(index.name): str(CreateIndex(index).compile(dialect=sqlite.dialect()))
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if str(index.name).endswith("_label")
    }


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], (*HEAVY, "sqlalchemy", "pydantic", "langchain", "langgraph", "rich")),
        (["ask", "--json", "How many deals are there?"], HEAVY),
    ],
)
def test_a_command_loads_only_what_it_needs(arguments, absent, tmp_path, sqlite_template):
    (tmp_path / "farley.db").write_bytes(sqlite_template.read_bytes())
    code = (
        "import json, sys; sys.argv = ['farley', *json.loads(sys.argv[1])]\n"
        "from integrations.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(m for m in sys.modules if '.' not in m)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(arguments)],
        cwd=ROOT, env={"FARLEY_HOME": str(tmp_path), "PATH": ""}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert set(json.loads(done.stdout.splitlines()[-1])) & set(absent) == set()
