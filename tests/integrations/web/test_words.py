"""The words of the page: both languages, each used, and none that stand in the code itself."""

import ast
import re
from pathlib import Path

import pytest

from crm_core.errors import NotFound
from integrations.web.pages import PAGES
from integrations.web.people import Person
from integrations.web.words import all_words

WEB = Path(__file__).parents[3] / "integrations" / "web"
SOURCES = {path.relative_to(WEB).as_posix(): path.read_text(encoding="utf-8") for path in sorted(WEB.rglob("*.py"))}
MARKUP = {"html", "markdown", "chat_message", "restructured_text", "mermaid", "interactive_image", "editor", "image"}


def test_every_word_stands_in_both_languages():
    assert [key for key, told in all_words().items() if set(told) != {"en", "zh"} or not all(told.values())] == []


def test_the_holes_of_a_word_are_the_same_in_both_languages():
    def holes(text):
        return set(re.findall(r"\{\{(\w+)\}\}", text))

    assert [key for key, told in all_words().items() if holes(told["en"]) != holes(told["zh"])] == []


def test_every_word_that_the_code_says_is_there():
    said = {
        node.args[0].value
        for source in SOURCES.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if (isinstance(node.func, ast.Attribute) and node.func.attr == "say")
        or (isinstance(node.func, ast.Name) and node.func.id == "say")
    }

    assert said - all_words().keys() == set()
    assert {page.key for page in PAGES} - all_words().keys() == set()


@pytest.mark.parametrize("name", SOURCES)
def test_no_page_makes_html(name):
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(SOURCES[name]))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "ui"
    }

    assert called & MARKUP == set()


def test_no_page_tells_an_error_or_a_reason_past_the_readers_language():
    raw = re.compile(r"str\(error\)|\{error\}|\{(?:one|left)\.reason\}|notify\(error")

    assert [name for name, source in SOURCES.items() if raw.search(source)] == []


def test_a_refusal_is_told_in_the_language_of_the_page(desk):
    person = Person(desk, "", "zh", "")

    assert person.told(NotFound("There is no such stage.")) == "没有这样的阶段。"
