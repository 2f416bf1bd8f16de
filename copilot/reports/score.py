"""Why a lead or a deal has its score: the parts that add up to it, what would raise it, and what it rests on."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import prompts
from copilot.answering import answer_to
from copilot.context import TurnContext
from copilot.labels import entity_label
from copilot.page import Line, Page, Section
from copilot.reply import Answer, Citation
from copilot.reports.report import Asked, Report
from copilot.reports.score_reasons import feature_name, find_field, tell_part
from copilot.words import sentence
from crm_core.errors import NotFound
from crm_core.query.derived import SCORED
from crm_core.query.spec import Condition, Order, QuerySpec
from crm_core.scores.keep import Kept, history_of, latest_model, model_with_id

_EARLIER = 5
_LEAST = 50  # of each outcome, from which the scorer learns

Card = Mapping[str, Any]


def score_page(context: TurnContext, asked: Asked) -> Page:
    """The score of one lead or deal, or of the best open deal of an account; without a record, the models."""
    if asked.about is None:
        return _models_page(context)
    about = _scored_record(context, asked.about)
    with context.store.read(context.actor) as connection:
        rows = history_of(connection, about.entity, about.id)
        kept = model_with_id(connection, rows[0].model_id) if rows else None
    if not rows or not rows[0].is_latest or kept is None:
        raise NotFound(sentence("score_none", context.lang, name=about.label))
    newest = rows[0]
    earlier = [row for after, row in pairwise(rows) if (row.score, row.grade) != (after.score, after.grade)][:_EARLIER]
    answer = _behind(context, about, newest.reasons)
    before = [Line(sentence("score_earlier", context.lang, **_shown(row)), day=row.scored_on) for row in earlier]
    sections = (
        Section(sentence("score_parts", context.lang), tuple(_parts(context, about, newest))),
        Section(
            sentence("score_step", context.lang),
            tuple(_step(context, about.entity, newest.reasons.get("act"))),
            sentence("score_no_step", context.lang),
        ),
        Section(sentence("score_before", context.lang), tuple(before)),
        Section(sentence("score_model", context.lang), tuple(_rests_on(context, kept))),
    )
    title = sentence("score_title", context.lang, name=about.label)
    return Page(title, about, sections, (answer,), asked=answer.query_text)


def _scored_record(context: TurnContext, about: tuple[str, int, str]) -> Citation:
    """The record itself, or of an account its deal with the highest score."""
    entity, id_, label = about
    if entity in SCORED:
        return Citation(entity, id_, label, "")
    if entity == "account":
        best = QuerySpec(
            entity="deal",
            columns=["name", "score"],
            where=Condition(field="account", value=id_),
            order_by=[Order(by="score", descending=True)],
        )
        for row in answer_to(context, best).result.rows:
            if row.record_id is not None and row.values[1] is not None:
                return Citation("deal", row.record_id, str(row.values[0]), "")
    raise NotFound(sentence("score_none", context.lang, name=label))


def _behind(context: TurnContext, about: Citation, reasons: Card) -> Answer:
    """The record's score as a question, with the fields that the reasons rest on."""
    schema = context.store.schema
    fields = [part["feature"] for part in reasons["parts"] if find_field(part["feature"], schema, about.entity)]
    spec = QuerySpec(entity=about.entity, columns=["name", "score", "grade", *dict.fromkeys(fields)])
    return answer_to(context, spec, only=[about.id])


def _parts(context: TurnContext, about: Citation, row: Any) -> Iterator[Line]:
    lang, reasons, schema = context.lang, row.reasons, context.store.schema
    said = "score_points" if row.probability is None else f"score_chance_{about.entity}"
    yield Line(sentence(said, lang, **_shown(row)), about)
    if reasons["base"]:
        yield Line(sentence("score_base", lang, points=reasons["base"]))
    for part in reasons["parts"]:
        text = tell_part(part, schema, about.entity, lang)
        yield Line(sentence("score_part", lang, points=_signed(part["points"]), text=text))
    if reasons["other"]:
        yield Line(sentence("score_other", lang, points=_signed(reasons["other"])))


def _shown(row: Any) -> dict[str, object]:
    return {"score": row.score, "grade": row.grade, "on": row.scored_on.isoformat()}


def _signed(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{-points}"


def _step(context: TurnContext, entity: str, act: Card | None) -> Iterator[Line]:
    if act is None:
        return
    lang, schema = context.lang, context.store.schema
    if "log" in act:
        kind = prompts.load_yaml("score_reasons")["kinds"][act["log"]][lang]
        yield Line(sentence("score_step_log", lang, kind=kind, score=act["score"]))
    else:
        field = feature_name(act["fill"], schema, entity, lang)
        yield Line(sentence("score_step_fill", lang, field=field, score=act["score"]))


def _rests_on(context: TurnContext, kept: Kept) -> Iterator[Line]:
    """The model card in two lines."""
    lang, card = context.lang, kept.card["model"]
    if card["status"] == "fitted":
        rung = prompts.load_yaml("score_reasons")["rungs"][card["rung"]][lang]
        told = {"rows": f"{card['rows']:,}", "since": card["first_day"], "until": card["last_day"], "rung": rung}
        yield Line(sentence("score_learned", lang, auc=round(100 * card["auc"]), exact=f"{card['auc']:.3f}", **told))
    else:
        said = "score_no_signal" if card["auc_by_rung"] else "score_too_few"
        values = {"rows": f"{card['rows']:,}", "good": f"{card['good']:,}", "least": _LEAST}
        yield Line(sentence(said, lang, **values))
    if card["refused"]:
        names = [feature_name(name, context.store.schema, kept.entity, lang) for name in card["refused"]]
        yield Line(sentence("score_refused", lang, fields=("、" if lang == "zh" else ", ").join(names)))


def _models_page(context: TurnContext) -> Page:
    with context.store.read(context.actor) as connection:
        found = [kept for entity in SCORED if (kept := latest_model(connection, entity))]
    if not found:
        raise NotFound(sentence("score_nothing", context.lang))
    sections = [
        Section(
            sentence("score_model_of", context.lang, records=entity_label(kept.entity, context.lang)),
            tuple(_rests_on(context, kept)),
        )
        for kept in found
    ]
    return Page(sentence("score_about_all", context.lang), None, tuple(sections), ())


SCORE = Report("score", "deal", score_page, "why a lead or deal is scored as it is")
