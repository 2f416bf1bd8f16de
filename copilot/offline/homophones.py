"""Characters that people take for another of the same sound: 再跟的 for 在跟的, 那个区 for 哪个区.

The typed ones are words as well, so that only the stretch they stand in tells: one that is no phrase by itself and
names a state of deals with the other character, or a pointer where nothing was said that it could point at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from copilot.offline.lexicon import Words
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.tokens import Token

_MEANT = {"再": "在", "以": "已", "己": "已", "做": "作", "作": "做", "帐": "账", "倍": "被"}
_ENDS = frozenset("的单商项中有还几多客数金了着吗呢吧")  # what may stand behind a state, and not behind 再跟
_LONGEST = 5
_ASKED = frozenset("几多谁啥么哪")  # 签了几单 asks
_BEING = ("是", "有")
_POINTED = frozenset("个家位名款种类几些天月季年笔单条")
_QUESTIONS = frozenset(
    {
        "which",
        "who",
        "whose",
        "what",
        "how_many",
        "how_much",
        "how_long",
        "when",
        "where",
        "count",
        "list",
        "exists",
        "why",
        "place",
    }
)
Repairs = list[tuple[str, str]]


def as_states(tokens: Sequence[Token], phrases: Mapping[Words, Sequence[Sense]]) -> tuple[list[Token], Repairs]:
    """The tokens with a confused character put right where a state of deals is then named."""
    out, repairs = list(tokens), Repairs()
    for at, token in enumerate(tokens):
        if _is_a_share(tokens, at):
            out[at] = replace(token, text="例", raw="例")
            repairs.append(("比列", "比例"))
        right = _MEANT.get(token.text)
        end = _state_end(out, at, right, phrases) if right else None
        ends_word = at > 0 and (tokens[at - 1].text, token.text) in phrases  # 除以
        if right is None or end is None or ends_word:
            continue
        typed = "".join(t.text for t in out[at:end])
        out[at] = replace(token, text=right, raw=right)
        repairs.append((typed, "".join(t.text for t in out[at:end])))
    return out, repairs


def _is_a_share(tokens: Sequence[Token], at: int) -> bool:
    """As in 占多大比列: the column is a share where a share is asked for."""
    before = [token.text for token in tokens[max(0, at - 10) : at]]
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return tokens[at].text == "列" and before[-1:] == ["比"] and "占" in before and after not in tuple("一出下表个成")


def _state_end(tokens: Sequence[Token], at: int, right: str, phrases: Mapping[Words, Sequence[Sense]]) -> int | None:
    """Where the state ends that begins at `at` with the right character; None if there is none."""
    for end in range(min(at + _LONGEST, len(tokens)), at + 1, -1):
        typed = tuple(token.text for token in tokens[at:end])
        meant = phrases.get((right, *typed[1:]), ())
        if typed in phrases or not any(sense.type is T.STATE for sense in meant):
            continue
        after = tokens[end] if end < len(tokens) else None
        if typed[-1] == "的" or after is None or after.script == "symbol" or after.text in _ENDS:
            return end
    return None


def asked_not_pointed(tokens: Sequence[Token], tags: Sequence[Tag], *, is_first: bool) -> tuple[list[Token], Repairs]:
    """The tokens with 哪 for a 那 that points at nothing, in a message that asks in no other way.

    Where something was said before only in the predicate: 分别是|那几家, 都有|那些.
    """
    measured = any(tag.type in (T.METRIC, T.VERB_METRIC, T.FIELD) and _ASKED & set(tag.text) for tag in tags)
    if (
        measured
        or any(token.text == "吗" for token in tokens)
        or any(s.type is T.ASK and s.value in _QUESTIONS for tag in tags for s in tag.senses if tag.type is T.ASK)
    ):
        return list(tokens), []
    ranks = any(tag.type is T.SUP for tag in tags)
    for at, token in enumerate(tokens):
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        before = tokens[at - 1].text if at else ""
        leads = not at or any(tag.end == at and tag.type in (T.DATE, T.PUNCT) for tag in tags)
        if (
            token.text == "那"
            and after in _POINTED
            and (before in _BEING or (is_first and (ranks or (leads and after in "几些"))))
        ):
            out = list(tokens)
            out[at] = replace(token, text="哪", raw="哪")
            return out, [("那" + after, "哪" + after)]
    return list(tokens), []
