"""`farley score`: leads and deals scored, and what the scores rest on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from integrations.cli.options import JsonFlag, Today

if TYPE_CHECKING:
    from integrations.scoring import Outcome


def score(
    train: Annotated[bool, typer.Option("--train", help="Learn anew from the leads and deals that ended.")] = False,
    entity: Annotated[
        Literal["lead", "deal"] | None, typer.Option("--entity", help="Only these. [default: both]")
    ] = None,
    card: Annotated[
        bool, typer.Option("--card", help="Print the points card in force, to be edited, and do nothing else.")
    ] = False,
    today: Today = None,
    json: JsonFlag = False,
) -> None:
    """Score every open lead and deal. What is learned from history is a chance; the points card only ranks."""
    from crm_core.query.derived import SCORED
    from integrations.bootstrap import open_store
    from integrations.cli.session import start_logging, this_day
    from integrations.cli.show import print_json, progress_bar, say
    from integrations.scoring import score as score_records
    from integrations.settings import get_settings

    settings = get_settings()
    own = settings.points_card
    if card:
        from crm_core.scores.points import card_text

        return say(card_text(own).rstrip())
    start_logging()
    store = open_store(settings)
    try:
        wanted = [entity] if entity else SCORED
        done = score_records(store, wanted, train=train, card=own, today=today or this_day(), bar=progress_bar)
    finally:
        store.close()
    if json:
        return print_json({"models": [_as_json(one) for one in done]})
    for one in done:
        for line, style in _lines(one):
            say(line, style)
    return None


def _as_json(one: "Outcome") -> dict[str, Any]:
    run = one.run
    return {
        "entity": one.kept.entity, "model": str(one.kept.id), "made_at": one.kept.made_at, "learned": one.learned,
        **one.kept.card["model"], "scored": run.scored, "changed": run.changed, "grades": run.grades,
        "moved": run.moved, "ended_since": run.ended_since, "rate_since": run.rate_since,
        "currencies_without_rate": sorted(run.lacking_rates),
    }  # fmt: skip


def _lines(one: "Outcome") -> Iterator[tuple[str, str]]:
    run, card = one.run, one.kept.card["model"]
    if one.learned:
        yield f"{one.kept.entity}s: a model was made, since {one.learned}.", "dim"
    grades = ", ".join(f"{grade} {count:,}" for grade, count in run.grades.items())
    yield f"{run.scored:,} open {one.kept.entity}s scored, {run.changed:,} with something new: {grades}.", ""
    yield f"  {card['why']}", ""
    if card["auc"] is not None:
        yield f"  {_card_line(card)}", ""
    for name, why in card["refused"].items():
        yield f"  refused: {name}: {why}", "dim"
    for code in sorted(run.lacking_rates):
        yield f"  Amounts in {code} have no exchange rate, so they count as not given.", "yellow"
    yield from ((line, "yellow") for line in drift_lines(one.kept.card))


def _card_line(card: dict[str, Any]) -> str:
    return (
        f"{card['rung']}, learned from {card['rows']:,} records seen from {card['first_day']} to {card['last_day']}: "
        f"AUC {card['auc']:.3f}, calibration error {card['ece']:.3f}, "
        f"{card['lift_top_tenth']:.1f} times as many good ones in the top tenth."
    )


def drift_lines(card: dict[str, Any]) -> Iterator[str]:
    """What moved since the model was made, as far as the last run saw."""
    run = card.get("run", {})
    for name, index in run.get("moved", {}).items():
        yield f"  {name} spreads otherwise than when the model was made: stability index {index:.2f}, and .25 is usual."
    if run.get("rate_since") is not None:
        learned = card["model"]["good"] / max(card["model"]["rows"], 1)
        yield f"  {run['rate_since']:.0%} of the {run['ended']:,} that ended since were good; it learned {learned:.0%}."
