"""What a new record is called: "called Rollout 2018", "New customer: Pelican Freight", 加个产品叫云HR."""

from copilot.offline.tags import T
from copilot.offline.writing.making.form import Form
from copilot.offline.writing.making.scan import Scan
from crm_core.models import Role

_QUOTES = "\"'“”‘’《》「」 "
_ENDS = frozenset({",", "(", ")", '"', "”", "》", "」"})
_OPENS = frozenset({":", "-", '"', "“", "《", "「"})


def take_name(form: Form) -> None:
    """The title: after "called", or right after the noun; a deal has one only where it is said."""
    title = form.entity.by_role(Role.TITLE)
    if title is None:
        return
    if _take_name_before(form, title.name):
        return
    starts = [(mark.start, mark.end) for mark in form.text.said("called") if mark.start not in form.used]
    if form.entity.name != "deal":
        starts += [(tag.end, tag.end) for tag, _ in form.text.of(T.ENTITY) if tag.start in form.used]
        starts += [(at + 1, at + 1) for at in sorted(form.noun) if at + 1 not in form.noun]
    for start, after in starts:
        at = _after_joint(form.text, after)
        end = name_end(form.text, at)
        if end > at:
            form.values[title.name] = form.text.cut(at, end).strip(_QUOTES)
            form.take(start, end)
            return


def _take_name_before(form: Form, title: str) -> bool:
    """As in "Add | Kinsale Harbour Board | as a customer": between the order and the noun."""
    text = form.text
    for order in text.said("create", "begin"):
        end = name_end(text, order.end)
        as_ = text.at(end, "as") if end < len(text.tokens) else None
        noun = as_ is not None and as_.end in form.used
        capital = order.end < end and text.tokens[order.end].raw[:1].isupper()
        if noun and capital and as_ is not None:
            form.values[title] = text.cut(order.end, end).strip(_QUOTES)
            form.take(order.start, as_.end)
            return True
    return False


def _after_joint(text: Scan, at: int) -> int:
    """Past "is", "for", an article, a colon or an opening quote."""
    while at < len(text.tokens):
        mark = text.at(at, "is", "called", "article", "the", "seat", *(["create"] if text.is_chinese else []))
        if mark is None and text.tokens[at].text not in _OPENS:
            break
        at = mark.end if mark is not None else at + 1
    return at


def name_end(text: Scan, at: int) -> int:
    """Where a name that begins here ends: with its capitals and numbers, or before the next joining word."""
    end = at
    capital = at < len(text.tokens) and text.tokens[at].raw[:1].isupper()
    while end < len(text.tokens) and not text.is_stop(end) and text.tokens[end].text not in _ENDS:
        if text.tokens[end].script == "latin":
            goes_on = (
                _is_capital(text, end) if capital else text.tag(end).type not in (T.PREP, T.FILLER, T.AND, T.FIELD)
            )
        else:
            goes_on = end == at or not (
                text.at(end, "is") or (text.tag(end).get(T.FIELD) and end - at > 1) or is_apart(text, end)
            )
        if not goes_on:
            break
        end += 1
    return end


def is_apart(text: Scan, at: int) -> bool:
    """Whether a space stands before a Chinese character: 远洲建设 总包."""
    return text.text[: text.tokens[at].start][-1:].isspace() and text.tokens[at - 1].script == "cjk"


def _is_capital(text: Scan, at: int) -> bool:
    """Whether a word is written as a part of a name, or joins two that are."""
    joins = text.at(at, "name_joint") is not None and at + 1 < len(text.tokens)
    return text.tokens[at].raw[:1].isupper() or (joins and text.tokens[at + 1].raw[:1].isupper())


def take_company(form: Form) -> None:
    """The company that a lead comes from: "from Tidewater Systems", "company Fjordline", 宏图科技的李娜."""
    text = form.text
    for mark in text.said("employed", "org"):
        end = name_end(text, mark.end)
        if mark.start not in form.used and end > mark.end and not {"company", "account"} & set(form.values):
            form.values["company"] = text.cut(mark.end, end)
            form.take(mark.start, end)
    for start, end in text.segments() if text.is_chinese else ():
        of = next((i for i in range(start + 2, end - 2) if text.tokens[i].text == "的"), None)
        if of is not None and start not in form.used and "company" not in form.values:
            form.values["company"] = text.cut(start, of)
            form.take(start, of + 1)


def take_source(form: Form) -> None:
    """Where a record comes from: "came from the website"."""
    text = form.text
    for mark in text.said("source"):
        free = (i for i in range(mark.end, len(text.tokens)) if text.is_stop(i) or i in form.used)
        end = next(free, len(text.tokens))
        start = mark.end + (text.at(mark.end, "article", "the") is not None)
        if "source" in form.entity.fields and "source" not in form.values and start < end:
            form.values["source"] = text.cut(start, end)
            form.take(mark.start, end)
