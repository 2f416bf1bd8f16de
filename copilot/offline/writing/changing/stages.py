"""Where deals go: to a stage by its name, won, lost, back to life."""

from copilot.offline.lexicon import key
from copilot.offline.tags import T
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.parts import names_of, wishes
from copilot.offline.writing.words import small

STAGE = "deal.stage"
_REASON = "deal.lost_reason"
_PERFECT = ("been", "already")
_NOUNS = ("product", "deal", "account")


def stages(desk: Desk) -> None:
    """The stage that the part moves deals to."""
    _reasons(desk)
    due = desk.find("due")
    if due is not None:  # "is expected to be won in May": not yet
        desk.take(*[k for k in range(due, len(desk.tags)) if _kind(desk, k)])
    for at in range(len(desk.tags)):
        if desk.free[at]:
            _stage(desk, at)
    _untold_reason(desk)
    back = desk.find("reopen")
    if back is not None and not any(s.field == STAGE for s in desk.piece.settings):
        if desk.wish(back, "later", "earlier", "set", "delete") or desk.says(back, "back"):
            return
        desk.set(STAGE, "reopen", back, sure=True)


def _stage(desk: Desk, at: int) -> None:
    """A stage or an end, where the word there is what becomes of the deals."""
    names, kind = names_of(desk.tags[at], "stage"), _kind(desk, at)
    ended = desk.vocabulary.stages.get(names[0].label) if len(names) == 1 else None
    kind = kind or (ended if ended in ("won", "lost") and not _is_moved_to(desk, at) else None)
    if kind and _is_signing_day(desk, at):
        moved = next(k for k in range(at) if desk.wish(k, "set", "later"))
        desk.set("deal.closes_on", desk.tags[at - 1].senses[0].value, moved, at - 1, at, sure=True)
        return
    if kind and _is_supposed(desk, at):
        desk.piece.is_condition = True
    if kind and (names == () or desk.vocabulary.stages.get(names[0].label) == kind):
        if _is_target(desk, at):
            typed = desk.tags[at].text.removesuffix("了")
            desk.set(STAGE, kind, at, *_links(desk, at), sure=_is_sure(desk, at), typed=typed)
    elif names and _is_moved_to(desk, at):
        desk.set(STAGE, names, at, *_links(desk, at), sure=True)


def _reasons(desk: Desk) -> None:
    """As in "lost to a competitor", in a value that the company has for it."""
    lost = any(_kind(desk, k) == "lost" for k in range(len(desk.tags)))
    for at, tag in enumerate(desk.tags):
        told = next((s.value[1] for s in tag.all(T.VALUE) if s.value[0] == _REASON), None)
        if told is None or not desk.free[at] or _kind(desk, at) is not None:
            continue
        if lost:
            desk.set(_REASON, told, at, at - 1 if desk.says(at - 1, "reason_link") else None)
        elif _says_lost(desk, tag.text) and desk.has_content(range(at)):
            desk.set(STAGE, "lost", sure=True)
            desk.set(_REASON, told, at)


def _untold_reason(desk: Desk) -> None:
    """As in "we lost it on price": a reason in no words of the company, which sets nothing."""
    at = len(desk.tags) - 1
    lost = any((s.field, s.value) == (STAGE, "lost") for s in desk.piece.settings)
    if lost and desk.says(at - 1, "reason_link") and (desk.says(at, "price_word") or desk.tags[at].type is T.NOT_HELD):
        desk.take(at - 1, at)


def _says_lost(desk: Desk, text: str) -> bool:
    """Whether a reason says itself that the deal is lost: "lost to competitor"."""
    senses = desk.vocabulary.phrases.get(key(text.lower())[:1], ())
    return any(s.type is T.STATE and s.value == "lost" for s in senses)


def _is_supposed(desk: Desk, at: int) -> bool:
    """As in "we will probably lose it", "might be won": nothing that has happened."""
    if desk.text(at) in small("under_way") or any(desk.says(k, "belief") for k in range(len(desk.tags))):
        return True
    return desk.verb is None and any(desk.says(k, "modal") or desk.wish(k, "guess") for k in range(at))


def _is_signing_day(desk: Desk, at: int) -> bool:
    """As in 推到一月底签: on that day it should be signed."""
    dated = at > 0 and desk.tags[at - 1].type is T.DATE
    return dated and any(desk.wish(k, "set", "later") and k < at for k in range(len(desk.tags)))


def _kind(desk: Desk, at: int) -> str | None:
    """Won or lost, where the words say so."""
    for sense in desk.tags[at].senses:
        if sense.type in (T.STATE, T.WISH) and sense.value in ("won", "lost"):
            return str(sense.value)
    return None


def _is_moved_to(desk: Desk, at: int) -> bool:
    """Whether a named stage is the goal: "to Engaging", 推到 Engaging, or alone after a colon."""
    before = desk.before(at)
    if before is None:
        return not desk.has_content([k for k in range(len(desk.tags)) if k != at]) and desk.piece.part.begins in (
            ":",
            "：",
        )
    linked = desk.says(before, "stage_goal") or _is_verb(desk, before) or _is_put_in(desk, before, at)
    linked = linked or _is_labelled(desk, before, at) or desk.wish(before, "correction")
    linked = linked or (desk.says(before, "put_in") and _is_obliged(desk, before))
    return linked and not desk.wish(before - 1 if before else None, "old")


def _is_obliged(desk: Desk, at: int) -> bool:
    """As in "should all be | in Engaging"."""
    return desk.is_copula(at - 1) and any(desk.says(k, "obliged") for k in range(at))


def _is_labelled(desk: Desk, before: int, at: int) -> bool:
    """As in "…: stage Negotiation, amount 50k": the field's word and its value, and nothing else."""
    others = [k for k in range(len(desk.tags)) if k not in (before, at)]
    return _is_stage_word(desk, before) and not desk.has_content(others)


def _is_stage_word(desk: Desk, at: int) -> bool:
    return any((s.type, s.value) == (T.FIELD, STAGE) for s in desk.tags[at].senses)


def _is_put_in(desk: Desk, before: int, at: int) -> bool:
    """As in "put it in Engaging"; the deals "in Engaging" are others."""
    last = not desk.has_content(range(at + 1, len(desk.tags)))
    named = desk.has_content([k for k in range(before) if desk.tags[k].type is not T.PRONOUN])
    return desk.says(before, "put_in") and last and desk.wish(desk.verb, "set") and not named


def _is_verb(desk: Desk, at: int) -> bool:
    """Whether the word moves deals; of several, "that went to Lost" tells which."""
    if desk.says(at, "past_move") and any(tag.type is T.ENTITY for tag in desk.tags):
        return False
    return desk.wish(at, "set", "reopen", "close") or _goes_to(desk, at)


def _goes_to(desk: Desk, at: int | None) -> bool:
    """As in "go to Engaging"."""
    return desk.wish(at, "give") and desk.text(at).endswith(" to")


def _links(desk: Desk, at: int) -> list[int]:
    """The words that tie it to its verb, and a copula."""
    before = desk.before(at)
    linked = before is not None and (
        desk.says(before, "stage_goal")
        or desk.wish(before, "reopen", "set", "close")
        or desk.is_copula(before)
        or _goes_to(desk, before)
        or _is_labelled(desk, before, at)
        or desk.wish(before, "correction")
        or (desk.says(before, "put_in") and _is_obliged(desk, before))
    )
    after = [at + 1] if at + 1 < len(desk.tags) and _is_stage_word(desk, at + 1) else []  # 谈判阶段
    return [before, *after] if linked and before is not None else after


def _is_alternative(desk: Desk, at: int) -> bool:
    """As in "that aren't signed or lost yet": of two outcomes none is what becomes of the deals."""
    joined = [k for k in (desk.before(at), desk.after(at)) if k is not None and desk.tags[k].type is T.OR]
    others = [desk.before(k) if k < at else desk.after(k) for k in joined]
    return any(k is not None and _kind(desk, k) is not None for k in others)


def _is_target(desk: Desk, at: int) -> bool:
    """Whether "won" says what became of the deals, and not which are meant."""
    before, after = desk.before(at), at + 1
    tag = desk.tags[at]
    before_tag = desk.tags[before] if before is not None else None
    after_tag = desk.tags[after] if after < len(desk.tags) else None
    denied = any(
        tag.type is T.NEG and not wishes(tag) and tag.senses[0].value != "exclude"
        for tag in (before_tag, after_tag)
        if tag is not None
    )
    if denied or _is_alternative(desk, at) or is_relative(desk, at) or _is_adjective(desk, at) or _is_noun(desk, at):
        return False
    if before is not None and (desk.says(before, "stage_goal") or _is_verb(desk, before) or desk.is_copula(before)):
        return True
    if desk.wish(before, "all") and desk.has_content(range(before or 0)):
        return True
    if desk.wish(at, "won", "lost") or (
        " " in tag.text and not tag.text.lower().endswith((" by", " from", " with", " in"))
    ):
        return True
    verb = desk.verb
    if verb is not None and not desk.wish(verb, "set", "close"):
        return False
    rest = range(after, len(desk.tags))
    ends = not any(desk.free[k] and desk.tags[k].type in (T.RECORD, T.ENTITY, T.VALUE, T.FIELD) for k in rest)
    if ends:
        return True
    starts = _begins(desk, at)
    owned = after_tag is not None and bool(names_of(after_tag, "user")) and desk.is_owner(after)
    return starts and (desk.says(after, "determiner") or _is_name(desk, after) or owned)


def _is_name(desk: Desk, at: int) -> bool:
    named = at < len(desk.tags) and desk.tags[at].type is T.RECORD
    return named and any(names_of(desk.tags[at], kind) for kind in _NOUNS)


def _begins(desk: Desk, at: int) -> bool:
    """Whether nothing but its subject stands before the word: "we won …", "Zane lost …"."""
    before = [k for k in range(at) if desk.free[k] and desk.has_content([k])]
    return all(_is_subject(desk, k) for k in before)


def _is_subject(desk: Desk, at: int) -> bool:
    tag = desk.tags[at]
    return tag.type in (T.MINE, T.PRONOUN) or bool(names_of(tag, "user") and not desk.is_owner(at))


def is_relative(desk: Desk, at: int) -> bool:
    """As in "the GTX 500 we won at Groovestreet should be …": of the deal, and something else is to be done with it."""
    before = desk.before(at)
    if before is None:
        return False
    lead = at - 2 if desk.text(at - 1) in _PERFECT else at - 1  # "deals that have | been | lost"
    linked = lead >= 0 and bool(desk.text(lead)) and desk.text(lead).split()[0] in small("relative")
    is_subject = linked or _is_subject(desk, before)
    nouns = any(_is_deal_noun(desk, k) for k in range(lead if linked else before))
    if not (is_subject and nouns and not desk.is_owner(before)):
        return False
    later = range(at + 1, len(desk.tags))
    done = any((desk.wish(k) and not desk.wish(k, "all", "also", "noise")) or desk.is_copula(k) for k in later)
    return desk.verb is not None or done or _kind_after(desk, at)


def _is_deal_noun(desk: Desk, at: int) -> bool:
    """Whether deals are named there; "the amount of the deal" names one too."""
    tag = desk.tags[at]
    last = desk.vocabulary.phrases.get(key(tag.text.lower())[-1:], ()) if tag.type is T.FIELD else ()
    of_deal = any(s.type is T.ENTITY and s.value == "deal" for s in last)
    return of_deal or tag.type in (T.ENTITY, T.THING) or any(names_of(tag, kind) for kind in _NOUNS)


def _is_noun(desk: Desk, at: int) -> bool:
    """As in "Hayden's win from 29 December", 12月24号赢的那单: a deal that is told by what became of it."""
    if desk.text(at).endswith("的"):
        return desk.says(at + 1, "pointed_deal")
    return desk.says(at, "ended_noun") and desk.says(at - 1, "possessive", "determiner")


def _kind_after(desk: Desk, at: int) -> bool:
    return any(desk.free[k] and names_of(desk.tags[k], "stage") for k in range(at + 1, len(desk.tags)))


def _is_adjective(desk: Desk, at: int) -> bool:
    """As in "Elease's won GTK 500", "all lost deals"."""
    after = at + 1
    if after >= len(desk.tags):
        return False
    noun = desk.free[after] and desk.tags[after].type in (T.ENTITY, T.FIELD, T.RECORD, T.VALUE)
    nouny = noun or desk.text(after) == "的"
    starts = _begins(desk, at) and desk.verb is None
    before = desk.before(at)
    linked = before is not None and (desk.says(before, "stage_goal") or desk.is_copula(before))
    person = after < len(desk.tags) and desk.tags[after].type is T.RECORD and starts
    return nouny and not linked and not person


def _is_sure(desk: Desk, at: int) -> bool:
    """Whether the words are an order or a report, and not a bare "deals lost"."""
    before = desk.before(at)
    tag = desk.tags[at]
    linked = before is not None and (desk.says(before, "stage_goal") or _is_verb(desk, before))
    if linked or desk.is_copula(before) or desk.wish(before, "all"):
        return True
    ours = before is not None and desk.tags[before].type is T.MINE  # "we won D1218", "lost the Acme deal"
    if _begins(desk, at) and (ours or (desk.says(at + 1, "determiner") and not desk.piece.every)):
        return any(names_of(tag, kind) for tag in desk.tags[at:] for kind in ("deal", "account"))
    if desk.wish(at, "won", "lost") and any(s.type is T.WISH for s in tag.senses):
        return True
    told = at + 2 if desk.says(at + 1, "price_at") else at + 1
    money = told < len(desk.tags) and desk.tags[told].type is T.NUMBER and not desk.tags[told].senses[0].value.unit
    return money or desk.text(at + 1) == "了" or tag.text.endswith("了")
