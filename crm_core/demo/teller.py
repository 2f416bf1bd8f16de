"""Turns one beat at a time into an interaction, and remembers what was said and promised."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm_core.demo.cast import Cast, Company, Person, Rep, Row
from crm_core.demo.content import Beat, Variant, beats, load
from crm_core.demo.text import Writer, fill
from crm_core.demo.workdays import WORKDAY_MINUTES, add_workdays, at_minute, spoken_date, spoken_weekday

VENDOR = {"en": "Brackenlight", "zh": "布瑞肯"}


@dataclass(slots=True)
class Promise:
    """Somebody's word: what is sent by when, and the day on which it was."""

    what: str
    due_on: date
    made_on: date
    by_us: bool
    person: Person | None
    kept_on: date | None = None


@dataclass(slots=True)
class Scene:
    """What has been said and promised so far in one deal, lead or account."""

    company: Company
    owner: Rep
    roles: dict[str, Person]
    banks: dict[str, tuple[Variant, ...]]
    holes: dict[str, str]
    flags: set[str]
    refs: dict[str, str | None]
    closes_on: date | None = None
    said: set[Variant] = field(default_factory=set)
    promises: list[Promise] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def open_promise(self, by_us: bool) -> Promise | None:
        """The latest promise of that side which is still to be kept; None when there is none."""
        waiting = [one for one in self.promises if one.by_us is by_us and one.kept_on is None]
        return waiting[-1] if waiting else None


def money(amount: Decimal, lang: str) -> str:
    return f"{amount:,.0f}美元" if lang == "zh" else f"${amount:,.0f}"


class Teller:
    """Turns beats into interaction rows in one language."""

    def __init__(self, cast: Cast, lang: str) -> None:
        self.cast = cast
        self.rng = cast.rng
        self.lang = lang
        self.writer = Writer(cast.rng, lang)
        self.beats = beats(lang)
        self.told: Counter[int] = Counter()
        self._minute = 0

    def tell(self, scene: Scene, beat: Beat, stage: str, day: date) -> None:
        """Word `beat` on `day` and add its row and its promises to the scene.

        Adds nothing when all that the beat could say has been said.
        """
        flags = scene.flags | set(beat.sets)
        person = self._person(scene, beat)
        offers = self._offers(scene, flags, stage, day)
        kept = {by_us: one for by_us in _SIDE if (one := self._kept(scene, by_us, day))}
        holes = scene.holes | self._people_holes(scene, person) | self._date_holes(scene, offers, day)
        holes |= {f"kept_{_SIDE[by_us]}": one.what for by_us, one in kept.items()}
        unsaid = set() if "quoted" in flags else _QUOTE_HOLES
        if scene.closes_on and day > scene.closes_on - _LATE:
            unsaid = unsaid | {"close"}
        holes = {name: value for name, value in holes.items() if name not in unsaid}
        if any(one.due_on + _LATE < day for one in kept.values()):
            flags.add("late")
        subject, texts, used = self.writer.write(beat, scene.banks, holes, flags, scene.said)
        if not texts:
            return
        scene.flags = (scene.flags | set(beat.sets)) - set(beat.clears)
        for by_us, promise in kept.items():
            if f"kept_{_SIDE[by_us]}" in used:
                promise.kept_on = day
        scene.promises += [
            Promise(what, due, day, by_us, person)
            for by_us, (what, due) in offers.items()
            if f"what_{_SIDE[by_us]}" in used
        ]
        scene.rows.append(self._row(scene, beat, day, person, subject, texts))

    def _person(self, scene: Scene, beat: Beat) -> Person | None:
        role = beat.who
        if role == "any":
            role = "dm" if "left" in scene.flags and "dm" in scene.roles else "champ"
        return scene.roles.get(role)

    def _people_holes(self, scene: Scene, person: Person | None) -> dict[str, str]:
        holes: dict[str, str] = {}
        for role, other in scene.roles.items():
            if other is not person or role == "champ":
                holes |= {role: other.called, f"{role}_full": other.full, f"{role}_title": other.title}
        if person:
            holes |= {"first": person.called, "first_full": person.full, "first_title": person.title}
        return holes

    def _offers(self, scene: Scene, flags: set[str], stage: str, day: date) -> dict[bool, tuple[str, date]]:
        """A thing that we could promise now, and one that they could."""
        offers: dict[bool, tuple[str, date]] = {}
        made = {promise.what for promise in scene.promises}
        for by_us, side in _SIDE.items():
            bank = self.writer.phrases.get(f"what_{side}.{stage}", ())
            fitting = [one for one in bank if one.fits(scene.holes, flags)]
            fitting = [one for one in fitting if fill(one.text, scene.holes) not in made]
            if fitting and self._kept(scene, by_us, day) is None:
                least = min(self.told[id(one)] for one in fitting)
                chosen = self.rng.choice([one for one in fitting if self.told[id(one)] == least])
                self.told[id(chosen)] += 1
                what = fill(chosen.text, scene.holes)
                offers[by_us] = (what, add_workdays(day, self.rng.randint(2, 10)))
        return offers

    def _date_holes(self, scene: Scene, offers: dict[bool, tuple[str, date]], day: date) -> dict[str, str]:
        country = scene.company.country
        soon = add_workdays(day, self.rng.randint(2, 4))
        holes = {"day": spoken_weekday(soon, day, country)}
        for by_us, (what, due) in offers.items():
            said = spoken_date(due, day, country, self.rng)
            holes |= {f"what_{_SIDE[by_us]}": what, f"due_{_SIDE[by_us]}": said}
        return holes

    def _kept(self, scene: Scene, by_us: bool, day: date) -> Promise | None:
        """A promise that could be kept now: made earlier, and not long forgotten."""
        promise = scene.open_promise(by_us)
        if promise and promise.made_on < day <= promise.due_on + _FORGOTTEN:
            return promise
        return None

    def _row(self, scene: Scene, beat: Beat, day: date, person: Person | None, subject: str, texts: list[str]) -> Row:
        body = self.writer.jotting(texts) if beat.kind != "chat" else self.writer.join(texts)
        if beat.kind == "email":
            rep, called = scene.owner.called, person.called if person else scene.holes.get("first", "")
            full = person.full if person else scene.holes.get("first_full", "")
            to, sender = (rep, full) if beat.direction == "in" else (called, self._our_name(scene.owner))
            body = self.writer.letter(texts, to, sender)
        last = scene.rows[-1]["happened_on"] if scene.rows else None
        minute = self.rng.randint(5, WORKDAY_MINUTES - 120)
        if last == day:
            minute = min(self._minute + self.rng.randint(20, 90), WORKDAY_MINUTES)
        self._minute = minute
        return {
            "kind": beat.kind,
            "direction": beat.direction,
            "happened_on": day,
            "happened_at": at_minute(day, minute, scene.company.country),
            "subject": subject,
            "body": body,
            "account": None,
            "contact": (person.id or None) if person else None,
            "deal": None,
            "lead": None,
            **scene.refs,
            "user": scene.owner.id,
        }

    def _our_name(self, rep: Rep) -> str:
        return f"{rep.called}，{VENDOR['zh']}" if self.lang == "zh" else self.rng.choice([rep.called, rep.full])


def base_holes(teller: Teller, company: Company, product: str) -> dict[str, str]:
    """The holes that hold for any text about `company` and `product`."""
    words = load(f"{teller.lang}_phrases")
    item: Any = load("company")["products"][product]
    return {
        "vendor": VENDOR[teller.lang],
        "co": company.short,
        "city": company.city,
        "product": item["name"],
        "unit": item["unit_zh"] if teller.lang == "zh" else item["unit"],
        "list_price": money(Decimal(item["price"]), teller.lang),
        "erp": random.Random(company.id).choice(words["erp"]),
        "reference": teller.rng.choice(words["reference"][item["family"]]),
    }


_SIDE = {True: "ours", False: "theirs"}
_LATE = timedelta(days=6)
_FORGOTTEN = timedelta(days=24)
_QUOTE_HOLES = {"amount", "list_total", "discount", "scope"}
