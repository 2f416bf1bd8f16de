from time import thread_time

import pytest

from copilot.offline.tokens import normalise, split_hyphens, tokenize


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("“won” ‘deals’", "\"won\" 'deals'"), ("１２月６号", "12月6号"), ("Ｄｅａｌｓ", "Deals"),
        ("（东区），", "(东区),"),
        ("a\u200bb\u202ec\u00ad", "abc"), ("a\x00b\x07", "ab"), ("a\tb\nc", "a b c"), ("6½k", "6.5k"), ("½", "0.5"),
        ("Farley™", "Farley "), ("non‑breaking", "non-breaking"), ("a\ud800b", "ab"), ("Zoë", "Zoë"),
    ],
)  # fmt: skip
def test_text_is_normalised(text: str, clean: str) -> None:
    assert normalise(text) == clean


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("what's won", ["what", "'s", "won"]),
        ("whats won", ["whats", "won"]),
        ("Rosie's reps' deals", ["rosie", "'s", "reps", "'s", "deals"]),
        ("don't can't won't", ["do", "n't", "can", "n't", "will", "n't"]),
        ("I'm they've we'll I'd", ["i", "'m", "they", "'ve", "we", "'ll", "i", "'d"]),
        ("O'Brien's", ["o'brien", "'s"]),
        ("'East deals' now", ["'", "east", "deals", "'", "now"]),
        ("$400K 100+ 6,500 2.7 50%", ["$400k", "100+", "6,500", "2.7", "50%"]),
        ("in 1990, and", ["in", "1990", ",", "and"]),
        ("¥5万 30w", ["¥5", "万", "30w"]),
        ("RMB500 5kusd", ["rmb", "500", "5k", "usd"]),
        ("30days 90d", ["30", "days", "90", "d"]),
        ("Kan-code Xx-holding U.S. AT&T", ["kan-code", "xx-holding", "u.s.", "at&t"]),
        ("1C1I7A6R DJMPI9TO B2B", ["1c1i7a6r", "djmpi9to", "b2b"]),
        ("2017-12-31 31/12/2017 12/31 2017-03", ["2017-12-31", "31/12/2017", "12/31", "2017-03"]),
        ("2017-12-31之前", ["2017-12-31", "之", "前"]),
        ("3pm 15:00 1st", ["3pm", "15:00", "1st"]),
        ("2016-2017", ["2016", "-", "2017"]),
        ("11月丢的GTX Pro单", ["11", "月", "丢", "的", "gtx", "pro", "单"]),
        ("deals.What next?", ["deals", ".", "what", "next", "?"]),
        ("a@b.com https://x.io/a?b", ["a@b.com", "https://x.io/a?b"]),
        (">=5 😀!", [">=", "5", "😀", "!"]),
        ("Zoë Müller", ["zoë", "müller"]),
        ("", []),
        ("   ", []),
    ],
)
def test_text_is_cut_into_tokens(text: str, tokens: list[str]) -> None:
    assert words(text) == tokens


@pytest.mark.parametrize(
    ("text", "script"),
    [("deals", "latin"), ("1C1I7A6R", "latin"), ("'s", "latin"), ("单", "cjk"), ("〇", "cjk"), ("$5k", "number"),
     ("12/31", "number"), ("3pm", "number"), ("?", "symbol"), ("😀", "symbol")],
)  # fmt: skip
def test_a_token_knows_its_script(text: str, script: str) -> None:
    assert tokenize(f"x {text}")[1].script == script


@pytest.mark.parametrize("text", ["What's Rosie’s “GTX Pro”？ 5万 — İstanbul ½", "don't 12月6日 AT&T's"])
def test_offsets_point_into_the_normalised_text(text: str) -> None:
    clean = normalise(text)

    assert all(clean[t.start : t.end] == t.raw for t in tokenize(text))
    assert "".join(t.raw for t in tokenize(text)) == clean.replace(" ", "")


def test_case_is_kept_in_raw_only() -> None:
    token = tokenize("GTXPro")[0]

    assert (token.text, token.raw) == ("gtxpro", "GTXPro")


def test_a_hyphenated_word_splits_into_parts_of_one_token() -> None:
    parts = split_hyphens(tokenize("in mid-March"))

    assert [(p.text, p.token, p.is_first, p.is_last) for p in parts] == [
        ("in", 0, True, True), ("mid", 1, True, False), ("march", 1, False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "a+" * 5_000, "1," * 5_000, "1.1" * 3_300, "'s" * 5_000, "a-" * 5_000, "$" * 10_000, "1" * 10_000,
     "deals.What" * 1_000, "1/1" * 3_300, "单" * 10_000, "\ud800\u202e" * 5_000, "ﷺ" * 5_000, "a.b@" * 2_500],
)  # fmt: skip
def test_a_long_text_takes_linear_time_and_never_raises(text: str) -> None:
    started = thread_time()
    tokenize(text)

    assert thread_time() - started < 2
