"""Leads: who asked, who was called, who became a deal."""

from datetime import date, timedelta
from typing import Any

from crm_core.demo.cast import Cast, Company, Person, Row
from crm_core.demo.content import load, phrases, story_bank
from crm_core.demo.deals import Deal
from crm_core.demo.people import person_name, plain
from crm_core.demo.story import SOURCE_FLAGS
from crm_core.demo.teller import Scene, Teller, base_holes
from crm_core.demo.workdays import add_workdays, back_to_workday

_STATUSES = {"new": 30, "working": 40, "qualified": 18, "unqualified": 30}
_AGE_DAYS = {"new": (1, 18), "working": (12, 70), "qualified": (15, 80), "unqualified": (30, 520)}
_CONVERTED = 22
_ASKING_SOURCES = {"Website", "Webinar", "Partner", "Trade fair"}


def mark_converted(cast: Cast, deals: list[Deal]) -> list[Deal]:
    """Choose the deals that began as a lead."""
    fitting = [
        deal for deal in deals if deal.company.lang == "en" and not deal.is_known and deal.source in _ASKING_SOURCES
    ]
    chosen = cast.rng.sample(fitting, min(_CONVERTED, len(fitting)))
    for deal in chosen:
        deal.from_lead = True
    return sorted(chosen, key=lambda deal: deal.id)


def build_leads(
    teller: Teller, converted: list[Deal], contacts: list[Row], total: int = 140
) -> tuple[list[Row], list[Scene]]:
    """Lead rows, oldest first, and what was said with each."""
    cast = teller.cast
    names = _company_names(cast)
    statuses = [status for status, count in _STATUSES.items() for _ in range(count)]
    drafts = [_draft(cast, status, *names.pop()) for status in statuses[: total - len(converted)]]
    by_id = {contact["external_id"]: contact for contact in contacts}
    drafts += [_converted_draft(cast, deal, by_id[deal.roles["champ"].id]) for deal in converted]
    drafts.sort(key=lambda draft: (str(draft[0]["created_on"]), str(draft[0]["name"])))
    rows, scenes = [], []
    for number, (row, company) in enumerate(drafts, start=3001):
        scenes.append(_tell_lead(teller, {"external_id": f"L-{number}", **row}, company))
        rows.append({"external_id": f"L-{number}", **{key: row[key] for key in row if key != "product"}})
    return rows, scenes


def _company_names(cast: Cast) -> list[tuple[str, str]]:
    """Free company names with their industry, in random order."""
    content = load("leads")
    names = [(first, cast.rng.choice(list(content["last"]))) for first in content["first"] for _ in range(4)]
    made = {f"{first} {cast.rng.choice(content['last'][industry])}": industry for first, industry in names}
    pairs = list(made.items())
    cast.rng.shuffle(pairs)
    return pairs


def _draft(cast: Cast, status: str, name: str, industry: str) -> tuple[Row, Company]:
    rng, content = cast.rng, load("leads")
    country = rng.choice(content["countries"])
    english = [company for company in cast.companies if company.country == country]
    owner = rng.choice(english).owner
    person, mailbox = person_name(country, rng)
    low, high = _AGE_DAYS[status]
    company = Company("", name, name, industry, country, "", rng.randint(3, 120) * 10, owner)
    row: Row = {
        "name": person,
        "company": name,
        "title": rng.choice(content["titles"]),
        "email": f"{mailbox}@{plain(name)}.example",
        "phone": f"+{load('people')['code'][country]} {rng.randint(200, 989)} 555 0{rng.randint(100, 199)}",
        "status": status,
        "source": rng.choice(load("company")["sources"]),
        "industry": industry,
        "country": country,
        "owner": owner.id,
        "created_on": back_to_workday(cast.today - timedelta(days=rng.randint(low, high))),
        "converted_on": None,
        "account": None,
        "contact": None,
        "deal": None,
    }
    return row, company


def _converted_draft(cast: Cast, deal: Deal, contact: Row) -> tuple[Row, Company]:
    row, _ = _draft(cast, "new", deal.company.name, deal.company.industry)
    row |= {
        **{key: contact[key] for key in ("name", "title", "email", "phone")},
        "status": "converted",
        "source": deal.source,
        "country": deal.company.country,
        "owner": deal.owner.id,
        "created_on": back_to_workday(deal.started_on - timedelta(days=cast.rng.randint(9, 40))),
        "converted_on": deal.started_on,
        "account": deal.company.id,
        "contact": contact["external_id"],
        "deal": deal.id,
        "product": deal.product,
    }
    return row, deal.company


def _tell_lead(teller: Teller, row: Row, company: Company) -> Scene:
    rng = teller.rng
    product = row.get("product") or rng.choice(load("accounts")["fits"][company.industry])
    owner = next(rep for rep in teller.cast.reps if rep.id == row["owner"])
    person = Person(str(row["contact"] or ""), str(row["name"]), str(row["name"]).split()[0], str(row["title"]), "")
    need: dict[str, Any] = rng.choice(story_bank("en")["needs"][product])
    fact = rng.randrange(len(need["facts"]["before"]))
    banks = phrases("en") | {f"need.{key}": value for key, value in need.items() if isinstance(value, tuple)}
    holes = base_holes(teller, company, str(product)) | {key: values[fact] for key, values in need["facts"].items()}
    holes |= {
        "need": need["name"],
        "title": person.title.lower() if not person.title.startswith("IT") else person.title,
        "industry_low": company.industry.lower(),
        "size": str(company.size),
    }
    refs: dict[str, str | None] = {"lead": str(row["external_id"])}
    if row["account"]:
        refs["account"] = company.id
    scene = Scene(
        company,
        owner,
        {"champ": person},
        banks,
        holes,
        {SOURCE_FLAGS.get(str(row["source"]), "inbound")},
        refs,
    )
    created = row["created_on"]
    assert isinstance(created, date)
    _tell_touches(teller, scene, str(row["status"]), created, asked="inbound" in scene.flags)
    return scene


def _tell_touches(teller: Teller, scene: Scene, status: str, day: date, *, asked: bool) -> None:
    """The first touch on the day the lead came in, then what its status tells."""
    form, scan = teller.beats["lead_new"]
    teller.tell(scene, form if asked else scan, "lead", day)
    touches = []
    if status == "working":
        touches = teller.rng.sample(teller.beats["lead_working"], 1)
    if status in ("qualified", "converted"):
        touches += teller.beats["lead_qualified"]
    if status == "unqualified":
        touches += teller.beats["lead_unqualified"]
    last = back_to_workday(teller.cast.today - timedelta(days=1))
    for beat in touches:
        day = min(add_workdays(day, teller.rng.randint(1, 3)), last)
        teller.tell(scene, beat, "lead", day)
