"""From the company's closed leads and deals to a model, or to the points card with the reason why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from crm_core.db import Store
from crm_core.errors import Invalid, Unavailable
from crm_core.scores.deals import CHANCE, IN_STAGE, STAGE
from crm_core.scores.keep import Kept, save_model
from crm_core.scores.past import Afterwards
from crm_core.scores.points import PointsCard, points_model
from crm_core.scores.rates import rates_on
from crm_core.scores.rows import SEEN_ON, Reader, Row, chunks
from crm_core.scores.subjects import Seen, seen_before_the_end, subjects_of
from crm_core.scoring.fit import FEWEST, fit
from crm_core.scoring.model import Model, ModelCard

Progress = Callable[[int, int], None]
MOST = 50_000  # closed records that are learned from: the latest
_POINTS = "The points card is used: it ranks, and tells no probability."
_DATED = (STAGE, IN_STAGE)  # read off dated moves, so they stand before the outcome


@dataclass(frozen=True)
class History:
    """Closed records as rows, with what must not be learned from."""

    reader: Reader
    seen: tuple[Seen, ...]
    rows: tuple[Row, ...]
    late: dict[str, str]


def learn(store: Store, entity: str, card: PointsCard, *, today: date, at: datetime, progress: Progress) -> Kept:
    """Learn from what ended, put the model in force and give it."""
    history = read_history(store, entity, today=today, progress=progress)
    model = model_of(history, card, today=today)
    about = {
        "model": model.card.model_dump() | {"status": model.status},
        "features": [one.name for one in model.features],
        "points": card.model_dump_json(),
    }
    return save_model(store, entity, model, about, at=at)


def read_history(store: Store, entity: str, *, today: date, progress: Progress) -> History:
    """The latest records that ended, each as it stood on a day before."""
    with store.read() as connection:
        schema = store.schema_at(connection)
        reader = Reader.of(schema, entity, rates_on(connection, today), today)
        ended = seen_before_the_end(subjects_of(connection, schema, reader.entity), today)
        ended = sorted(ended, key=lambda one: one.moment or date.min)[-MOST:]
        late, found = Afterwards(), []
        for some in chunks(ended):
            found += reader.rows(connection, some, late=late)
            progress(len(found), len(ended))
    return History(reader, tuple(one for one, _ in found), tuple(row for _, row in found), late.refused())


def model_of(history: History, card: PointsCard, *, today: date) -> Model:
    """A fitted model where the history allows one, else the points card."""
    names = [name for name in history.reader.names if name != CHANCE and name not in history.late]
    outcomes = [one.outcome for one in history.seen]
    try:
        fitted = fit(history.rows, outcomes, names=[SEEN_ON, *names], order=SEEN_ON, today=today, trusted=_DATED)
    except Invalid:
        about = ModelCard(rows=0, good=0, rung="points", why=_too_few(0, 0))
    except Unavailable as error:
        good = sum(map(bool, outcomes))
        about = ModelCard(rows=len(outcomes), good=good, rung="points", why=str(error))
    else:
        about = _told(fitted.card, history)
        if fitted.status == "fitted":
            return fitted.model_copy(update={"card": about})
        if fitted.status == "no signal":
            about = about.model_copy(update={"why": f"{about.why} {_POINTS}"})
    return points_model(card, history.reader.names, about)


def _told(card: ModelCard, history: History) -> ModelCard:
    left_out = {name: why for name, why in card.left_out.items() if name != SEEN_ON}
    return card.model_copy(update={"refused": {**card.refused, **history.late}, "left_out": left_out})


def _too_few(good: int, bad: int) -> str:
    return f"Not enough history: {good:,} good and {bad:,} bad outcomes, and {FEWEST} of each are needed. {_POINTS}"
