"""Companies and their subsidiaries."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import names_at, nouns_at
from copilot.offline.compose.reading import RecordTest, Target
from copilot.offline.tags import T


def subsidiaries(c: Composer) -> None:
    """As in "X and its subsidiaries", "subsidiaries of X", Sonron 旗下有哪些子公司."""
    for at, _, sense in list(c.each(T.MANAGES, T.TREE)):
        names = names_at(c, at - 1, "account")
        if sense.value in ("has_subsidiaries", "account.subsidiaries"):
            holding(c, at)
        elif sense.value == "account.parent" and names and any("account" in nouns_at(c, k) for k in range(at - 1)):
            c.reading.records.append(RecordTest("account", names, reference="account.parent"))
            c.own(at, at - 1)  # "the companies that X owns"
        elif sense.value == "with_children" and names:
            c.reading.records.append(RecordTest("account", names, below=True, at=c.items[at].tag.start))
            c.own(at, at - 1)


def holding(c: Composer, at: int) -> None:
    for other in (at + 1, at - 1, at - 2, at - 3, at - 4, at + 2):
        names = names_at(c, other, "account")
        if not names:
            continue
        between = range(other + 1, at)
        joined = c.has(at, T.TREE, "account.subsidiaries") and (
            any(c.sense(k, T.FOLLOW, T.AND) for k in between) or bool(c.items[at].preps & {"including", "incl", "plus"})
        )
        test = (
            RecordTest("account", names, below=True, at=c.items[at].tag.start)
            if joined
            else RecordTest("account", names, reference="account.parent")
        )
        c.reading.records.append(test)
        if not joined:
            c.reading.facts.append("account")
            if c.reading.target is None:
                c.reading.target = Target("account", "which")
        kind = (k for k in range(at + 1, min(at + 4, len(c.items))) if c.has(k, T.OWNS, "account.parent"))
        c.own(at, other, *between, *kind)  # 旗下有哪些子公司
        return
