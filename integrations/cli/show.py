"""How things look on a terminal and in a pipe. Text from records is shown as it is, never read as markup."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from copilot.context import Lang
    from copilot.reply import Answer, Proposal, Reply
    from crm_core.query.result import Column, Row, Value

ROWS_SHOWN, BAR_CELLS = 50, 24
LISTED = 20

# A name from an import must not move the cursor, colour the screen or turn the line around.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@cache
def console() -> Console:
    """Standard output. Rich honours NO_COLOR; into a pipe it writes plain text of any width."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


def print_json(value: Any, *, indent: int | None = None) -> None:
    """One JSON value on one line (unless indented), in ASCII where the stream knows no Unicode, at once."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=not is_unicode, indent=indent, default=str), flush=True)


def say(text: str, style: str = "") -> None:
    """A line or more for the person."""
    console().print(Text(clean(text), style=style))


def show_reply(reply: "Reply", *, in_chat: bool = False) -> None:
    """The text, the tables, how it was read, what to choose from, what waits and the receipt."""
    say(reply.text)
    for number, option in enumerate(reply.options, 1):
        say(f"  {number}. {option}")
    if reply.status == "cannot" and reply.suggestions:
        is_chinese = any("\u4e00" <= character <= "\u9fff" for character in reply.text)
        near = ("、" if is_chinese else ", ").join(reply.suggestions)
        say(f"您是不是想问：{near}？" if is_chinese else f"Did you mean: {near}?", "dim")
    for page in reply.pages:
        if page.table:
            show_rows(
                page.table.columns,
                page.table.rows,
                page.table.entity or "",
                _language(page.asked or page.title),
                bar=page.table.bar,
            )
            _show_reading(page.asked)
    for answer in reply.answers:
        show_answer(answer)
    for proposal in reply.proposals:
        show_proposal(proposal, command="/" if in_chat else "farley ")
    for line in reply.receipt:
        say(line, "dim")


def show_answer(answer: "Answer") -> None:
    """A result as a table, unless the text says it all, and the query in words."""
    result, lang = answer.result, _language(answer.query_text)
    if not answer.is_quoted and (len(result.rows) > 1 or len(result.columns) > 1):
        show_rows(result.columns, result.rows, result.entity, lang, total=result.total)
    _show_reading(answer.query_text)


def show_rows(
    columns: Sequence["Column"], rows: Sequence["Row"], entity: str, lang: "Lang", *, total: int | None = None,
    bar: str | None = None,
) -> None:  # fmt: skip
    """The first rows as a table under their labels, and how many more there are; nothing where there is none.

    `bar`: the column that is also drawn as bars.
    """
    from copilot.labels import column_label

    if not rows:
        return
    cells = [[tell(v, c, lang) for v, c in zip(row.values, columns, strict=True)] for row in rows[:ROWS_SHOWN]]
    heads = [column_label(c.label, entity, lang) for c in columns]
    at = next((at for at, column in enumerate(columns) if column.name == bar), None)
    if at is not None:
        heads.append("")
        cells = [[*row, drawn] for row, drawn in zip(cells, _bars([row.values[at] for row in rows]), strict=False)]
    show_table(heads, cells, right=_numeric(columns))
    _tell_rest(len(rows), total)


def _bars(values: Sequence["Value"]) -> list[str]:
    """A bar for each number, as long as its part of the largest."""
    sizes = [max(float(value), 0.0) if isinstance(value, int | float | Decimal) else 0.0 for value in values]
    largest = max(sizes, default=0.0) or 1.0
    return ["█" * round(BAR_CELLS * size / largest) for size in sizes]


def _show_reading(text: str) -> None:
    if text:
        say(f"{'我的理解：' if _language(text) == 'zh' else 'How I read it: '}{text}", "dim")


def _language(text: str) -> "Lang":
    return "zh" if "\u4e00" <= text[:1] <= "\u9fff" else "en"


def _tell_rest(rows: int, total: int | None) -> None:
    if rows > ROWS_SHOWN:
        say(f"… and {rows - ROWS_SHOWN} more; --json shows all", "dim")
    if total is not None and total > rows:
        say(f"{rows} of {total} that match", "dim")


def show_proposal(proposal: "Proposal", *, command: str) -> None:
    """The exact changes that wait for approval, and the commands that decide on them."""
    say(f"Waits for approval ({proposal.id[:8]}, {proposal.risk} risk):", "bold")
    show_diff(proposal.changes)
    say(f"`{command}approve {proposal.id[:8]}` applies it, `{command}reject {proposal.id[:8]}` drops it.", "dim")


def show_diff(changes: Sequence[dict[str, Any]]) -> None:
    """Old → new, one line a field."""
    rows = []
    for change in changes[:ROWS_SHOWN]:
        what = f"{change['op']} {change['entity'].replace('_', ' ')}"
        label = str(change.get("label") or "")
        pairs = [
            (name.replace("_", " "), *(_changed(change, name, value) for value in pair))
            for name, pair in change["set"].items()
        ] or [("", "", "")]
        rows += [(what if i == 0 else "", label if i == 0 else "", *pair) for i, pair in enumerate(pairs)]
    show_table(("what", "record", "field", "old", "new"), rows)
    if len(changes) > ROWS_SHOWN:
        say(f"… and {len(changes) - ROWS_SHOWN} more; --json shows all", "dim")


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> None:
    """A table; into a pipe plain columns of full width. `right`: positions of columns set to the right."""
    cells = [[clean(cell).replace("\n", " ") for cell in row] for row in rows]
    if not console().is_terminal:
        _print_plain([list(heads), *cells], set(right))
        return
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for position, head in enumerate(heads):
        table.add_column(Text(clean(head)), justify="right" if position in set(right) else "left", overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    console().print(table, soft_wrap=False)


def show_list(head: str, entries: Iterable[object]) -> None:
    """A headline and the first entries under it; nothing where there are none."""
    told = [str(entry) for entry in entries]
    if told:
        say(head, "bold")
    for entry in told[:LISTED]:
        say(f"  {entry}")
    if len(told) > LISTED:
        say(f"  … and {len(told) - LISTED} more; --json lists all", "dim")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's standard error, gone when done; tell what it gives how much is done, of how much."""
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def status_line() -> Iterator[Callable[[str], None]]:
    """A line on a terminal that tells what goes on, gone when done; in a pipe it is not written."""
    if not console().is_terminal:
        yield lambda text: None
        return
    with console().status("") as status:
        yield lambda text: status.update(Text(clean(text), style="dim"))


def tell(value: "Value", column: "Column", lang: "Lang" = "en") -> str:
    """A value as a person writes it: 1,250 USD, 63.2%, 2017-03-01; a dash where there is none."""
    from copilot.labels import value_label
    from copilot.words import sentence
    from crm_core.models import Kind

    if value is None:
        return "–"
    if isinstance(value, bool):
        return sentence("yes" if value else "no", lang)
    if not isinstance(value, str) and hasattr(value, "isoformat"):
        return value.isoformat()[:16].replace("T", " ")
    if isinstance(value, str):
        return value_label(value, column.name, lang)
    if column.is_ratio:
        return f"{value:.1%}"
    if column.kind is Kind.YEAR:
        return str(value)
    number = f"{value:,.2f}".removesuffix(".00")
    unit = column.currency or column.unit
    if unit == "days" and lang != "en":
        return sentence("days", lang, number=number)
    return number + ("%" if column.kind is Kind.PERCENT else f" {unit}" if unit else "")


def count_of(number: int, entity: str) -> str:
    """So many records: "1 stage", "8,800 deals"."""
    from crm_core.schema import pluralize

    return f"{number:,} {(entity if number == 1 else pluralize(entity)).replace('_', ' ')}"


def clean(text: str) -> str:
    """`text` without control characters and marks that turn the direction of writing."""
    return _UNSAFE.sub("", text.replace("\t", " "))


def _changed(change: dict[str, Any], name: str, value: Any) -> str:
    """An old or new value of a change, amounts with their currency."""
    from crm_core.models import Kind
    from crm_core.schema import build_schema

    if value is None:
        return "–"
    field = build_schema().entities[change["entity"]].fields.get(name)
    is_money = field is not None and field.kind is Kind.MONEY and change.get("currency")
    return f"{value:,} {change['currency']}" if is_money else str(value)


def _numeric(columns: Sequence["Column"]) -> list[int]:
    from crm_core.schema import NUMERIC

    return [position for position, column in enumerate(columns) if column.kind in NUMERIC]


def _print_plain(rows: list[list[str]], right: set[int]) -> None:
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = []
        for position, (cell, width) in enumerate(zip(row, widths, strict=True)):
            blanks = " " * (width - cell_len(cell))
            padded.append(blanks + cell if position in right else cell + blanks)
        print("  ".join(padded).rstrip())
