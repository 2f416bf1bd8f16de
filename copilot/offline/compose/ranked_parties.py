"""Whoever is to be put in order by a measure: X的下属业绩排名, 西区的销售按业绩排个名, 产品按丢单率从高到低排."""

from copilot.offline.compose.composer import Composer
from copilot.offline.tags import T

_RANKED = ("rep", "account", "product")


def ranked_party(c: Composer) -> str | None:
    """The party that a ranking is of where no word asks for it: those of a team, or the one that is named."""
    r = c.reading
    if r.mine == "team" or any(test.reference == "user.manager" for test in r.records):
        return "rep"
    nouns = [at for at, item in enumerate(c.items) if item.tag.get(T.ENTITY) and not item.tag.get(T.METRIC)]
    if len(r.measures) != 1 or len(nouns) != 1 or c.items[nouns[0]].tag.text.isascii() or r.share or r.change:
        return None
    noun = str(c.items[nouns[0]].tag.all(T.ENTITY)[0].value)
    if noun not in _RANKED:
        return None
    c.own(nouns[0])
    return noun
