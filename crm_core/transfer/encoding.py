"""Which encoding a text file is in. Refuses what is no text."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from crm_core.errors import Invalid

_SAMPLE = 1 << 20
_MAGIC = (
    (b"PK\x03\x04", "a zip file or an Excel workbook; save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save the sheet as CSV"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED = frozenset(  # code pages that refuse some bytes, so that a fit means something
    ["big5", "cp932", "shift_jis", "euc_jp", "cp949", "euc_kr", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255",
     "cp1256", "koi8_r"]
)  # fmt: skip
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


def detect_encoding(path: Path) -> str:
    """The encoding of the text file at `path`, checked over all of it.

    Raises:
        Invalid: it is empty, binary, holds NUL bytes, or fits no known encoding.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    _refuse_binary(path, head)
    named = next((name for bom, name in _BOMS if head.startswith(bom)), None) or _utf16_without_bom(head)
    for encoding in [named] if named else ["utf-8", *eight_bit_encodings(head)]:
        if _decodes(path, encoding):
            return encoding
    raise Invalid(f"{path.name}: the encoding is unknown or damaged; save the file as UTF-8.")


def _refuse_binary(path: Path, head: bytes) -> None:
    if not head:
        raise Invalid(f"{path.name} is empty.")
    what = next((text for magic, text in _MAGIC if head.startswith(magic)), None)
    if what:
        raise Invalid(f"{path.name} is {what}, not a CSV file.")
    if any(head.startswith(bom) for bom, _ in _BOMS) or _utf16_without_bom(head):
        return
    if len(_CONTROL.findall(head)) > max(2, len(head) // 200):
        raise Invalid(f"{path.name} is a binary file, not a CSV file.")
    position = _find_nul(path)
    if position is not None:
        raise Invalid(f"{path.name} holds NUL bytes (the first at byte {position + 1:,}): it is damaged or no text.")


def _find_nul(path: Path) -> int | None:
    offset = 0
    with path.open("rb") as file:
        while block := file.read(_SAMPLE):
            if (at := block.find(b"\0")) >= 0:
                return offset + at
            offset += len(block)
    return None


def _utf16_without_bom(head: bytes) -> str | None:
    even, odd = head[::2], head[1::2]
    if not odd:
        return None
    zero_even, zero_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zero_odd > 0.4 and zero_even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if zero_even > 0.4 and zero_odd < 0.05 else None


def eight_bit_encodings(head: bytes) -> list[str]:
    """Candidates, best first: Chinese text has its high bytes in pairs, European text mostly alone."""
    runs = [len(run) for run in _HIGH_RUN.findall(head)]
    paired = sum(n for n in runs if n % 2 == 0)
    if (runs and paired >= 0.7 * sum(runs) and max(runs) >= 4) or (runs and paired == sum(runs)):
        return ["gb18030", "cp1252", *_guessed(head)]
    return ["cp1252", *_guessed(head), "gb18030"]


def _guessed(head: bytes) -> list[str]:
    best = from_bytes(head[:200_000]).best()
    return [best.encoding] if best is not None and best.encoding in _GUESSED else []


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_SAMPLE):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except (UnicodeDecodeError, UnicodeError):
        return False
    return True
