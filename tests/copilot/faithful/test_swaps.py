"""How well the check tells a wrong figure, day or name from a right one.

100 answers and drafts over the demo company in every run, 500 with FARLEY_SOAK=1; the figures are printed.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from copilot.context import Lang
from copilot.faithful import doubts
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.demo import build_company
from crm_core.setup import create_store
from crm_core.transfer import load_rows
from tests.copilot.faithful.answers import QUARTERS, TODAY, Slot, Writer, Written, day_in_words, money_in_words

COUNT = 500 if os.environ.get("FARLEY_SOAK") else 100
INVENTED = {
    "en": ("Halvorsen Freight", "Dana Whitlock", "Globex Corporation", "Marisol Etxeberria", "Vantry Rollout 2",
           "Tidewell Holdings", "Quentin Abara", "Corvane", "Wexcombe Mills", "Zephyrine Max"),
    "zh": ("宏迈科技", "李晓峰", "郑佩瑶", "锐珂物流", "钱梓涵", "博翎实业", "沈昱彤", "鑫驰集团"),
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = create_store(f"sqlite:///{Path(tmp_path_factory.mktemp('demo')) / 'farley.db'}")
    load_rows(store, build_company(TODAY), actor=ADMIN, door="cli", summary="demo")
    yield store
    store.close()


def swapped(written: Written, writer: Writer) -> tuple[Slot, Written]:
    """The same answer with one slot that tells something else."""
    at = writer.rng.choice(written.slots)
    old = written.pieces[at]
    assert isinstance(old, Slot)
    new = _other(old, written, writer)
    return new, Written((*written.pieces[:at], new, *written.pieces[at + 1 :]), written.turn, written.answers)


def _other(slot: Slot, written: Written, writer: Writer) -> Slot:
    rng, lang = writer.rng, written.turn.lang
    if slot.kind == "name":
        pool = [*writer.titles(rng.choice(("account", "contact", "user", "deal"))), *INVENTED[lang]]
        return Slot("name", rng.choice([name for name in pool if name != slot.text]))
    if slot.kind == "figure":
        return _other_figure(slot, lang, rng)
    if slot.value is None:
        quarter = re.search(r"(?<=Q)\d|(?<=第)\d", slot.text)
        assert quarter
        return Slot("day", slot.text[: quarter.start()] + str(int(quarter[0]) % 4 + 1) + slot.text[quarter.end() :])
    day = slot.value + timedelta(rng.choice((-45, -9, 3, 21, 90)))
    return Slot("day", day_in_words(day, lang, rng), day)


def _other_figure(slot: Slot, lang: Lang, rng: random.Random) -> Slot:
    factor = Decimal(rng.choice(("0.4", "0.7", "1.2", "1.3", "2", "10")))
    if any(sign in slot.text for sign in ("$", "USD", "美元")):
        return Slot("figure", money_in_words(Decimal(str(slot.value)) * factor + 7, lang, rng))
    value = int(Decimal(str(slot.value)) * factor) + rng.randint(2, 9)
    return Slot("figure", f"{value}%" if "%" in slot.text else f"{value:,}")


def occurs(slot: Slot, written: Written) -> bool:
    """Whether the turn shows the swapped thing elsewhere, so that only its place is wrong."""
    results = [answer.result for answer in written.answers]
    values = [value for result in results for row in result.rows for value in row.values]
    asked = str([result.spec.model_dump(mode="json", exclude_defaults=True) for result in results])
    if slot.kind == "name":
        return any(slot.text in text for text in (*map(str, values), asked, written.turn.text))
    if slot.kind == "day" and slot.value is None:
        number = re.search(r"(?<=Q)\d|(?<=第)\d", slot.text)
        assert number
        bounds = QUARTERS[f"2025-Q{number[0]}"]
        return f"2025-Q{number[0]}" in values or any(bound in asked for bound in bounds) or number[0] == "1"  # today
    if slot.kind == "day":
        days = [value for value in values if isinstance(value, date)] + [TODAY]
        has_year = str(slot.value.year) in slot.text
        return any(
            day == slot.value if has_year else (day.month, day.day) == (slot.value.month, slot.value.day)
            for day in days
        )
    numbers = [Decimal(str(value)) for value in values if isinstance(value, int | float | Decimal)]
    numbers += [Decimal(text) for text in re.findall(r"\d+", asked)]
    numbers += [Decimal(count) for result in results for count in (len(result.rows), result.total) if count]
    return any(_tells(slot.text, number) for number in numbers)


def _tells(text: str, number: Decimal) -> bool:
    """Whether `number`, rounded as `text` is, reads the same."""
    found = re.search(r"([\d,]+)(?:\.(\d+))?\s?(M|million|k|K|万|亿|%)?", text)
    assert found
    size = {"M": 10**6, "million": 10**6, "k": 1000, "K": 1000, "万": 10**4, "亿": 10**8}.get(found[3] or "", 1)
    written = Decimal(f"{found[1].replace(',', '')}.{found[2] or 0}")
    step = Decimal(1).scaleb(-len(found[2] or ""))
    shown = {number, number * 100} if found[3] == "%" else {number / size}
    return any(abs(one - written) <= step / 2 for one in shown)


def test_what_was_swapped_is_caught_and_what_is_right_passes(demo: Store):
    writer = Writer(demo, random.Random(33))
    caught: Counter[str] = Counter()
    missed: dict[str, list[str]] = {"figure": [], "day": [], "name": []}
    elsewhere: Counter[str] = Counter()
    alarms = []
    for _ in range(COUNT):
        clean = writer.write()
        if found := doubts(clean.text, clean.answers, clean.turn):
            alarms.append(f"{found} in {clean.text!r}")
        slot, wrong = swapped(clean, writer)
        if occurs(slot, clean):
            elsewhere[slot.kind] += 1
        elif doubts(wrong.text, wrong.answers, wrong.turn):
            caught[slot.kind] += 1
        else:
            missed[slot.kind].append(f"{slot.text!r} in {wrong.text!r}")

    print(f"{COUNT} answers: caught {dict(caught)}, missed { ({k: len(v) for k, v in missed.items()}) }, ", end="")
    print(f"elsewhere in the turn {dict(elsewhere)}, false alarms {len(alarms)}")
    assert (missed["figure"], missed["day"]) == ([], [])
    assert len(missed["name"]) <= 0.01 * (caught["name"] + len(missed["name"])), missed["name"]
    assert len(alarms) <= 0.01 * COUNT, alarms
