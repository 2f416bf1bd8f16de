"""Rules for a size that the question itself defines: "small clients, i.e. those with fewer than 500 staff"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.lexicon import key
from copilot.offline.tags import T


def sizes(c: Composer) -> None:
    """The test says what the adjective before its noun means; with neither a lead nor a bracket it ranks, as ever."""
    sizes_, leads = c.vocabulary.lexicon.frames["size"], c.vocabulary.lexicon.frames["definition"]
    for at, item in enumerate(c.items):
        named = item.get(T.NOT_HELD) is not None and key(item.tag.text[:1]) in sizes_  # 大客户: of no size that is kept
        noun = at if named else at + 1
        sized = named or (key(item.tag.text) in sizes_ and c.sense(noun, T.ENTITY, T.METRIC, T.STATE))
        if item.owned or not sized:
            continue
        starts = [t.at for t in c.reading.fields if t.at > item.tag.end and t.op != "in"]
        if len(starts) != 1:
            continue
        between = [k for k in range(noun + 1, len(c.items)) if c.items[k].tag.start <= starts[0]]
        said = [word for k in between for word in c.items[k].before] + [c.items[k].tag.text.lower() for k in between]
        led = c.has(noun + 1, T.ASK, "exists") or any(key(word) in leads for word in said)
        bracketed = noun + 1 in between and c.items[noun + 1].after_break and c.items[noun + 1].owned
        if led or bracketed:
            words = (T.PRONOUN, T.FOLLOW, T.BY, T.ASK)  # "by which I mean those that …"
            c.own(at, *(k for k in between if c.sense(k, *words) or c.items[k].tag.text.lower() == "one"))
