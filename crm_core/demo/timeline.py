"""The pace of a deal: which beats are told in which stage, and on which days."""

from datetime import date, timedelta

from crm_core.demo.content import Beat
from crm_core.demo.deals import TRIAL_DAYS, Deal
from crm_core.demo.story import draw_story
from crm_core.demo.teller import Scene, Teller
from crm_core.demo.workdays import back_to_workday, is_workday

_HOW_MANY = {
    "qualification": (1, 2), "discovery": (1, 2), "evaluation": (1, 3), "proposal": (1, 2),
    "negotiation": (1, 2), "won": (1, 3), "lost": (2, 2), "silence": (1, 2),
}  # fmt: skip
_COOLING_REASONS = {"No decision", "No budget", "Timing", "Price"}


def tell_deal(teller: Teller, deal: Deal) -> Scene:
    """The whole story of a deal up to yesterday, and its next step."""
    scene = draw_story(teller, deal)
    yesterday = back_to_workday(teller.cast.today - timedelta(days=1))
    if not deal.from_lead:
        first = deal.started_on - timedelta(days=teller.rng.randint(2, 17))
        _tell_stage(teller, scene, "opening", (first, deal.started_on - timedelta(days=1)), (1, 1))
    ends = [entered - timedelta(days=1) for _, entered in deal.entered[1:]]
    for (stage, start), end in zip(deal.entered, [*ends, yesterday], strict=True):
        window = (start, max(start, min(end, yesterday)))
        if stage in ("won", "lost"):
            _tell_end(teller, scene, stage, start, yesterday)
        elif stage == deal.reached:
            _tell_last_stage(teller, scene, deal, window)
        else:
            _tell_stage(teller, scene, stage, window, _HOW_MANY[stage])
    return scene


def _tell_last_stage(teller: Teller, scene: Scene, deal: Deal, window: tuple[date, date]) -> None:
    """The stage that the deal is in or was closed from; it cools before a loss and stalls in silence."""
    start, end = window
    stage = deal.reached
    if deal.quiet_from:
        end = max(start, deal.quiet_from)
        busy_until = max(start, end - timedelta(days=24))
        _tell_stage(teller, scene, stage, (start, busy_until), _HOW_MANY[stage])
        _tell_stage(teller, scene, "silence", (max(start, busy_until + timedelta(days=6)), end), _HOW_MANY["silence"])
    elif deal.outcome == "lost":
        turn = start + (end - start) * 2 // 3
        _tell_stage(teller, scene, stage, (start, turn), _HOW_MANY[stage])
        if teller.rng.random() < 0.6:
            _tell_stage(teller, scene, "warning", (turn, end), (1, 1))
        if deal.lost_reason in _COOLING_REASONS and teller.rng.random() < 0.4:
            _tell_stage(teller, scene, "silence", (turn, end), (1, 2))
    else:
        recent = end - timedelta(days=teller.rng.randint(0, 14)) if deal.outcome == "open" else end
        _tell_stage(teller, scene, stage, (start, max(start, recent)), _HOW_MANY[stage])


def _tell_end(teller: Teller, scene: Scene, stage: str, closed_on: date, yesterday: date) -> None:
    """The news on the closing day, then the aftermath of up to 28 days."""
    low, high = _HOW_MANY[stage]
    chosen = _choose(teller, scene, stage, teller.rng.randint(low, high), (closed_on, closed_on))
    _play(teller, scene, stage, chosen[:1], (closed_on, closed_on))
    pace = 9 if stage == "won" else 4
    last = min(closed_on + timedelta(days=min(28, pace * len(chosen))), yesterday)
    room = chosen[1:] if last > closed_on else chosen[1:2]
    _play(teller, scene, stage, room, (closed_on, max(last, closed_on)))


def _tell_stage(teller: Teller, scene: Scene, stage: str, window: tuple[date, date], how_many: tuple[int, int]) -> None:
    room = 1 + (window[1] - window[0]).days // 3
    count = min(teller.rng.randint(*how_many), max(room, 1))
    _play(teller, scene, stage, _choose(teller, scene, stage, count, window), window)


def _choose(teller: Teller, scene: Scene, stage: str, count: int, window: tuple[date, date]) -> list[Beat]:
    """About `count` beats of the stage in their order; those that a later one needs come with it."""
    flags = scene.flags | ({"short"} if (window[1] - window[0]).days < TRIAL_DAYS else set())
    chosen: list[Beat] = []
    candidates = teller.beats[stage]
    for position, beat in enumerate(candidates):
        if not beat.fits(flags, set(scene.roles)):
            continue
        left = [other for other in candidates[position:] if other.fits(flags, set(scene.roles))]
        wanted = count - len(chosen)
        eager = 1.6 if beat.kind == "chat" else 1.0
        if beat.must or beat.must_if in flags or teller.rng.random() < eager * wanted / len(left):
            chosen.append(beat)
            flags |= set(beat.sets)
    return chosen


def _play(teller: Teller, scene: Scene, stage: str, chosen: list[Beat], window: tuple[date, date]) -> None:
    """Word the chosen beats on rising workdays inside the window."""
    start, end = window
    day = scene.rows[-1]["happened_on"] if scene.rows else date.min
    for beat, place in zip(chosen, _places(teller, chosen), strict=True):
        wish = back_to_workday(start + timedelta(days=int((end - start).days * place)))
        assert isinstance(day, date)
        day = max(day, wish, start if is_workday(start) else wish)
        teller.tell(scene, beat, stage, day)


def _places(teller: Teller, chosen: list[Beat]) -> list[float]:
    """Where in the window each beat lies, 0 to 1: spread out, but with room for a trial to take its weeks."""
    places = [(number + teller.rng.random()) / len(chosen) for number in range(len(chosen))]
    trial = next((number for number, beat in enumerate(chosen) if "trial" in beat.sets), None)
    if trial is None:
        return places
    result = next((number for number, beat in enumerate(chosen) if "result" in beat.sets), len(chosen))
    scales = [
        (0.0, 0.2) if number <= trial else (0.3, 0.6) if number < result else (0.85, 1.0)
        for number in range(len(chosen))
    ]
    return [low + (high - low) * place for place, (low, high) in zip(places, scales, strict=True)]
