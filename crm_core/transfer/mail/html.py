"""The text of an HTML mail, as a person would read it."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from inscriptis.html_engine import Inscriptis
from lxml import etree, html

_ROWS = frozenset({"table", "tbody", "thead", "tfoot", "tr"})
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_OPENS, _CLOSES = "\ue000", "\ue001"  # around quotations, until their lines are marked
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[ \t\xa0]+")
_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"\n{3,}")


def html_to_text(source: str) -> str:
    """The words of `source` with its lines, without pictures, scripts and layout."""
    source = source.replace(_OPENS, "").replace(_CLOSES, "")
    text = _by_layout(_DECLARED.sub("", source)) or _plainly(source)
    lines = _marked(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


def _marked(lines: Iterable[str]) -> Iterator[str]:
    """The lines, those within quotations with a > before each, as in a plain mail."""
    depth = 0
    for line in lines:
        depth += line.count(_OPENS)
        words = line.replace(_OPENS, "").replace(_CLOSES, "").strip()
        yield f"> {words}" if depth > 0 and words else words
        depth -= line.count(_CLOSES)


def _by_layout(source: str) -> str:
    if not source.strip():
        return ""
    try:
        tree = html.fromstring(source, parser=html.HTMLParser(huge_tree=True))  # else what stands deep is dropped
        _flatten(tree)
        return str(Inscriptis(tree).get_text())
    except (etree.LxmlError, ValueError, TypeError, RecursionError):
        return ""


def _flatten(tree: html.HtmlElement) -> None:
    """Tables become lines, and styles go: mails lay everything out in tables, and sizes can be made endless."""
    for element in tree.iter(etree.Element):
        if element.tag in _ROWS:
            element.tag = "div"
        elif element.tag in _CELLS:
            element.tag = "span"
            element.tail = f" {element.tail or ''}"
        elif element.tag == "blockquote":
            _frame(element)
        style = element.attrib.pop("style", "")
        if _HIDDEN.search(style):
            element.set("style", "display: none")


def _frame(quotation: html.HtmlElement) -> None:
    quotation.tag = "div"
    quotation.text = f"{_OPENS}{quotation.text or ''}"
    if len(quotation):
        quotation[-1].tail = f"{quotation[-1].tail or ''}{_CLOSES}"
    else:
        quotation.text += _CLOSES


def _plainly(source: str) -> str:
    """For what is nested too deep to be laid out: the words between the tags."""
    return unescape(_TAG.sub("\n", source))
