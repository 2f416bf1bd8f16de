"""Tasks, as they follow from promises, leads and account care; and the next step of each open deal."""

from datetime import date, timedelta
from typing import Any

from crm_core.demo.cast import Cast, Person, Row
from crm_core.demo.content import load
from crm_core.demo.deals import Deal
from crm_core.demo.teller import Promise, Scene
from crm_core.demo.text import fill
from crm_core.demo.workdays import add_workdays, back_to_workday, spoken_date

_TOTAL = 120
_DONE = 46
_LEADS = 20
_MEMORY_DAYS = 30
_OVERDUE_DAYS = 16


def give_next_step(cast: Cast, deal: Deal, scene: Scene) -> None:
    """Write into an open deal what a rep would: the last promise, else the usual step of the stage."""
    words = load("names")["next_step"][deal.company.lang]
    first = deal.roles["champ"].called
    if deal.outcome != "open" or cast.rng.random() < 0.06:
        return
    promise = _pending(cast, scene, by_us=True) or _pending(cast, scene, by_us=False)
    if deal.quiet_from:
        deal.next_step = fill(cast.rng.choice(words["chase"]), {"first": first})
    elif promise:
        due = spoken_date(promise.due_on, date.min, deal.company.country, cast.rng)
        named = promise.person.called if promise.person else first
        shape = words["send" if promise.by_us else "wait"]
        deal.next_step = fill(shape, {"what": promise.what, "due": due, "first": named})
    else:
        deal.next_step = fill(cast.rng.choice(words[deal.reached]), {"first": first, "city": deal.company.city})


def _pending(cast: Cast, scene: Scene, *, by_us: bool) -> Promise | None:
    promise = scene.open_promise(by_us)
    if promise and (cast.today - promise.due_on).days < _MEMORY_DAYS:
        return promise
    return None


def build_tasks(
    cast: Cast, told: list[tuple[Deal, Scene]], leads: list[tuple[Row, Scene]], care: list[Scene]
) -> list[Row]:
    """About half open (some overdue), the rest done, 120 in all."""
    open_rows = [row for deal, scene in told if deal.outcome == "open" for row in _open_tasks(cast, deal, scene)]
    cast.rng.shuffle(open_rows)
    done_rows = [row for deal, scene in told for row in _promised(cast, deal, scene, is_kept=True)]
    working = [pair for pair in leads if pair[0]["status"] in ("working", "qualified", "new")]
    lead_rows = [_lead_task(cast, *pair) for pair in cast.rng.sample(working, min(_LEADS, len(working)))]
    rows = open_rows[: _TOTAL - _DONE - len(lead_rows)] + lead_rows
    rows += cast.rng.sample(done_rows, min(_DONE, len(done_rows)))
    missing = _TOTAL - len(rows)
    rows += [_care_task(cast, scene) for scene in cast.rng.sample(care, min(missing, len(care)))]
    rows.sort(key=lambda row: (str(row["due_on"]), str(row["title"])))
    return [{"external_id": f"T-{number}", **row} for number, row in enumerate(rows, start=5001)]


def _open_tasks(cast: Cast, deal: Deal, scene: Scene) -> list[Row]:
    """What is still owed and not yet forgotten; for a lively deal without that, the next thing to do."""
    owed = [
        row
        for row in _promised(cast, deal, scene, is_kept=False)
        if isinstance(row["due_on"], date) and (cast.today - row["due_on"]).days < _OVERDUE_DAYS
    ]
    if owed or deal.quiet_from or cast.rng.random() < 0.35:
        return owed
    words = load("names")["next_step"][deal.company.lang][deal.reached]
    first = deal.roles["champ"]
    due = add_workdays(back_to_workday(cast.today), cast.rng.randint(0, 12))
    title = fill(cast.rng.choice(words), {"first": first.called, "city": deal.company.city})
    row = _task(cast, scene, "care", due, first, "")
    return [row | {"title": f"{deal.company.short}: {title}", "deal": deal.id}]


def _promised(cast: Cast, deal: Deal, scene: Scene, *, is_kept: bool) -> list[Row]:
    rows = []
    for promise in scene.promises:
        if (promise.kept_on is not None) is not is_kept:
            continue
        kind = "send" if promise.by_us else "chase"
        row = _task(cast, scene, kind, promise.due_on, promise.person, promise.what)
        row |= {"deal": deal.id, "status": "done" if is_kept else "open", "done_on": promise.kept_on}
        rows.append(row)
    return rows


def _lead_task(cast: Cast, lead: Row, scene: Scene) -> Row:
    due = add_workdays(back_to_workday(cast.today), cast.rng.randint(0, 10))
    if cast.rng.random() < 0.3:
        due = back_to_workday(cast.today - timedelta(days=cast.rng.randint(1, 8)))
    last = scene.rows[-1]["happened_on"]
    assert isinstance(last, date)
    row = _task(cast, scene, "lead", max(due, last), scene.roles["champ"], "")
    return row | {"lead": lead["external_id"], "account": None, "contact": None}


def _care_task(cast: Cast, scene: Scene) -> Row:
    due = add_workdays(back_to_workday(cast.today), cast.rng.randint(1, 25))
    return _task(cast, scene, "care", due, scene.company.present(cast.today)[0], "")


def _task(cast: Cast, scene: Scene, kind: str, due_on: date, person: Person | None, what: str) -> Row:
    shapes: Any = load("names")["task"][scene.company.lang][kind]
    holes = {"what": what, "first": person.called if person else "", "co": scene.company.short}
    title = fill(cast.rng.choice(shapes), holes)
    return {
        "title": title[0].upper() + title[1:],
        "due_on": due_on,
        "status": "open",
        "done_on": None,
        "priority": cast.rng.choices(["normal", "high", "low"], [60, 25, 15])[0],
        "owner": scene.owner.id,
        "account": scene.company.id,
        "contact": (person.id or None) if person else None,
        "deal": None,
        "lead": None,
    }
