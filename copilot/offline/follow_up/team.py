"""The asker's team through a conversation: it stays until the words name others, and 全组呢 puts it in one's place."""

from copilot.offline.compose.reading import Reading

_BARE = frozenset({"mine", "asks", "measures", "vague", "follow"})
_ASKS = frozenset({"how_much", "count", "what", "list"})


def of_whole_team(before: Reading, current: Reading) -> Reading | None:
    """As in 全组是多少, after a figure of one of them: the same figure of the team; None where more is said."""
    said = {name for name, value in vars(current).items() if value not in (None, [], False, (-1, -1), -1)}
    default = [m.metric for m in current.measures] in ([], ["bookings"])
    if current.mine != "team" or not said <= _BARE or not default or not set(current.asks) <= _ASKS:
        return None
    if not any(test.entity == "user" for test in before.records):
        return None
    out = before.copy()
    out.mine, out.records = "team", [test for test in before.records if test.entity != "user"]
    return out


def with_team(before: Reading, current: Reading) -> Reading:
    """A question that says nothing of whose, after one of the asker's team: of the team still."""
    whose = current.mine or current.ours or current.records or current.loose or current.not_held
    if before.mine != "team" or whose or current.pronouns:
        return current
    out = current.copy()
    out.mine = "team"
    return out
