"""Files as rows: encodings, delimiters, quoting, limits."""

import pytest

from crm_core.errors import Invalid
from crm_core.transfer.read import MOST_CELL, find_files, open_source

TABLE = "名称,行业\n华信科技,软件\nMüller,retail\n"


def rows(path):
    return [row.cells for row in open_source(path).rows() if row.problem is None]


def problems(path):
    return [(row.number, row.problem) for row in open_source(path).rows() if row.problem]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_an_encoding_is_found(write, encoding):
    path = write("a.csv", TABLE, encoding)

    assert open_source(path).headers == ("名称", "行业")
    assert rows(path) == [["华信科技", "软件"], ["Müller", "retail"]]


@pytest.mark.parametrize("name", ["Müller", "Café Élan", "Señor Ñandú", "Lefèvre–Åse", "“Quoted” €5"])
def test_western_text_is_not_taken_for_chinese(write, name):
    path = write("a.csv", f"name,city\n{name},Zürich\n", "cp1252")

    assert rows(path) == [[name, "Zürich"]]


def test_short_chinese_text_is_not_taken_for_western(write):
    path = write("a.csv", "客户名称,城市\n上海贸易,上海\n", "gb18030")

    assert rows(path) == [["上海贸易", "上海"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_found(write, delimiter):
    path = write("a.csv", f"name{delimiter}note\nAcme{delimiter}a, b; c\n" if delimiter not in ",;" else
                 f'name{delimiter}note\nAcme{delimiter}"a, b; c"\n')  # fmt: skip

    assert rows(path) == [["Acme", "a, b; c"]]


def test_a_delimiter_named_in_the_first_line_is_taken(write):
    path = write("a.csv", "sep=;\nname;city\nAcme, Inc;Bonn\n")

    assert rows(path) == [["Acme, Inc", "Bonn"]]


def test_one_column_is_a_table_too(write):
    assert rows(write("a.csv", "name\nAcme\nBorg\n")) == [["Acme"], ["Borg"]]


@pytest.mark.parametrize("line", ["'Acme, Inc','x'\n'B, C','y'\n'D','z'\n", '"Acme, Inc","x"\n"B, C","y"\n"D","z"\n'])
def test_quotes_of_both_kinds_are_read(write, line):
    header = "'name','note'\n" if line.startswith("'") else '"name","note"\n'

    assert rows(write("a.csv", header + line))[0] == ["Acme, Inc", "x"]


def test_quotes_escaped_by_a_backslash_are_read(write):
    path = write("a.csv", 'name,note\nAcme,"a \\"b\\" c"\nBorg,"x \\"y\\""\n')

    assert rows(path) == [["Acme", 'a "b" c'], ["Borg", 'x "y"']]


def test_line_breaks_inside_a_cell_belong_to_it(write):
    path = write("a.csv", 'name,note\r\nAcme,"one\r\ntwo"\r\nBorg,x\r\n')

    assert rows(path) == [["Acme", "one\r\ntwo"], ["Borg", "x"]]


def test_blank_lines_are_no_rows(write):
    assert rows(write("a.csv", "\n\nname,city\n\nAcme,Bonn\n,\n\n")) == [["Acme", "Bonn"]]


def test_ragged_rows_are_told_with_their_number(write):
    path = write("a.csv", "name,city\nAcme\nBorg,Bonn,x\nCyb,Rome,,\n")

    assert problems(path) == [(2, "it has 1 cells, the header has 2"), (3, "it has 3 cells, the header has 2")]
    assert rows(path) == [["Cyb", "Rome", "", ""]]


def test_a_quote_that_is_never_closed_is_told(write):
    path = write("a.csv", 'name,city\nAcme,Bonn\n"Borg,Rome\nCyb,Oslo\n')

    assert problems(path) == [(3, "a quote is opened and never closed")]


def test_text_after_a_closing_quote_spoils_only_its_row(write):
    path = write("a.csv", 'name,city\n"Acme" x,Bonn\nBorg,Rome\n')

    assert problems(path) == [(2, "text stands after a closing quote")]
    assert rows(path) == [["Borg", "Rome"]]


def test_a_large_cell_is_taken_and_a_larger_one_told(write):
    path = write("a.csv", f"name,note\nAcme,{'x' * (MOST_CELL - 10)}\nBorg,{'x' * (MOST_CELL + 1)}\nCyb,y\n")

    assert [cells[0] for cells in rows(path)] == ["Acme", "Cyb"]
    assert problems(path) == [(3, f"a cell has {MOST_CELL + 1:,} characters; at most {MOST_CELL:,} can be taken")]


def test_a_doubled_header_gets_a_name_of_its_own(write):
    source = open_source(write("a.csv", "name,note,Note,\nAcme,a,b,\n"))

    assert source.headers == ("name", "note", "Note (2)")
    assert "stands twice" in source.notes[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n , \n".replace(b" ", b""), "no header row"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"%PDF-1.7 x", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"name,city\nAc\0me,Bonn\n" * 3, "NUL bytes .the first at byte 13"),
        (bytes(range(256)) * 40, "binary file"),
        (b"SQLite format 3\0", "a database"),
        (b"name\n" + b"\x81\x8d\x8f\x90\x9d\xff\n", "encoding is unknown"),
    ],
)
def test_what_is_no_table_is_refused_in_words(write, content, message):
    with pytest.raises(Invalid, match=message):
        open_source(write("a.csv", content))


def test_too_many_columns_are_refused(write):
    with pytest.raises(Invalid, match="1,001 columns"):
        open_source(write("a.csv", ",".join(f"c{i}" for i in range(1001)) + "\n"))


def test_a_folder_stands_for_its_tables(write):
    wanted = [write("b.csv", "a\n1\n"), write("a.tsv", "a\n1\n")]
    for other in ("README.md", ".hidden.csv", "a.errors.csv", "~$a.csv"):
        write(other, "x")

    assert find_files([wanted[0].parent]) == sorted(wanted, key=lambda path: path.name)


def test_paths_that_lead_nowhere_are_told(tmp_path):
    with pytest.raises(Invalid, match="There is no file or folder"):
        find_files([tmp_path / "nothing.csv"])
    with pytest.raises(Invalid, match="holds no CSV"):
        find_files([tmp_path])
