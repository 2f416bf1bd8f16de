"""Where a phrase or a date would take characters that belong to the words beside it, in Chinese."""

from collections.abc import Sequence

from copilot.offline.tokens import Token

_AFTER_WHICH = frozenset("个家款种位名类些几")
_OWNERS_PLACE = frozenset("名旗手")
_EXPECTED = ("预计能", "预计会", "预计要", "预计可", "预期能", "预期会", "预计", "有望")
_BEFORE_PERSON = frozenset("每各哪几这那一两三四五六七八九十")
_COUNTERS = frozenset("个台套件单笔只条款")


def closes_place(tokens: Sequence[Token], at: int) -> bool:
    """As in 在哪个产品|上: the end of what 在 begins."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    ends = after is None or after.script == "symbol" or after.text in "的丢输赢签卖"
    return ends and any(token.text == "在" for token in tokens[max(0, at - 8) : at - 1])


def is_cut_short(texts: Sequence[str], start: int, end: int) -> bool:
    """Whether "how much" loses the counter that makes it "how many", or 跟进|到 its last character to 进到."""
    if texts[start:end][:2] == ("进", "到") and texts[start - 1 : start] == ("跟",):
        return True
    if tuple(texts[start:end]) == ("个", "人", "的") and start and texts[start - 1] in _BEFORE_PERSON:
        return True  # 每|个人的: of each person, and not one's own
    if texts[start] == "下" and start and texts[start - 1] in _OWNERS_PLACE:
        return True  # 谁名下|的客户
    if "多" in texts[start:end] and "".join(texts[max(0, start - 3) : start]).endswith(_EXPECTED):
        return True  # 预计能|签多少钱: 预计能签, and how much
    if end - start > 1 and texts[end - 1] == "哪" and texts[end : end + 1] and texts[end] in _AFTER_WHICH:
        return True  # 丢在哪 but not 丢在哪个产品
    after = texts[end : end + 2]
    return end - start > 2 and texts[end - 2 : end] == ("多", "少") and bool(after) and (
        after[0] in _COUNTERS and after[1:] not in (("月",), ("季",))
    )  # fmt: skip


def swallowed(tokens: Sequence[Token], start: int, end: int) -> int:
    """Where a date ends whose last characters may belong to the next word: 今年|中标, 八月|开始接触; 0: nowhere."""
    text = "".join(token.raw for token in tokens[start:end])
    if text.endswith("中") and end < len(tokens) and tokens[end].text == "标":
        return end - 1
    return end - 2 if text.endswith("开始") else 0


def is_numeral(texts: Sequence[str], at: int) -> bool:
    return at < len(texts) and (texts[at] in "一二两三四五六七八九十几" or texts[at].isdigit())
