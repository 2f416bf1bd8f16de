"""Whose team "the team" is: that of the manager who says so."""

import re
from collections.abc import Sequence

from copilot.offline.compose.reading import Reading
from copilot.offline.lexicon import key
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Vocabulary
from crm_core.access import Actor

_THEIRS = re.compile(
    r"\b(?:on|in|from|of|across|within) (?:the|this) (?:team|group|squad|crew)\b(?! of\b)"
    r"|(?:团队|组|小组)(?:里|内|中)|(?:我们|咱们|咱|本)大?区(?!别|域)"
    r"|(?:我们?|咱们?|本)(?:这个|的|整个|全)?(?:部门|部(?!分)|小组|团队|组(?!织|长|员|成))"
    r"|(?:全|整个)(?:小组|组|部门|团队|队)(?!长|织|员|成)",
    re.IGNORECASE,
)

_LOT = "my lot"
_HAN = re.compile(r"\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+")


def of_their_team(actor: Actor, vocabulary: Vocabulary, reading: Reading, tags: Sequence[Tag]) -> None:
    """Narrow "who on the team …", 我们区 to those whom the asker leads; a head of managers means everybody."""
    lot = reading.mine == "team" and any(tag.text.lower() == _LOT for tag in tags)
    if lot and actor.id and not actor.team - {actor.id}:
        reading.mine = "me"  # who leads nobody means their own customers
    if reading.mine is not None or actor.id == 0:
        return
    if not _THEIRS.search(_HAN.sub("", " ".join(_said(tag) for tag in tags))):
        return
    sells = bool(actor.manager) and actor.name not in vocabulary.leaders  # whose team are the colleagues
    if any(test.entity == "user" for test in reading.records) or not (sells or _leads_sellers(actor, vocabulary)):
        return
    reading.mine, reading.ours = "team", False
    reading.columns = [dotted for dotted in reading.columns if dotted not in ("user.region", "user.team")]
    reading.loose = [tag for tag in reading.loose if not tag.get(T.TREE)]


def _said(tag: Tag) -> str:
    """Its words; a stored value says nothing of a team: "on the | Group | plan"."""
    return "-" if tag.type is T.VALUE else tag.text


def _leads_sellers(actor: Actor, vocabulary: Vocabulary) -> bool:
    """Whether people report to them, none of whom leads others."""
    senses = [sense for label in vocabulary.leaders for sense in vocabulary.phrases.get(key(label), ())]
    leaders = {name.id for s in senses if s.type is T.RECORD for name in s.value if name.entity == "user"}
    below = actor.team - {actor.id}
    return bool(below) and not below & leaders
