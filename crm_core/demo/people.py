"""Users, accounts and contacts."""

import random
import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from crm_core.demo.cast import Cast, Company, Person, Rep, Row
from crm_core.demo.content import load

_SERVICE = {"Building services", "Elevator maintenance", "Utilities", "Medical equipment", "Machinery"}
_OWNERS = {
    "United Kingdom": ["Callum"], "Ireland": ["Callum"], "Netherlands": ["Callum"],
    "Sweden": ["Ingrid"], "Norway": ["Ingrid"], "Denmark": ["Ingrid"],
    "Germany": ["Élodie"], "France": ["Élodie"], "Spain": ["Élodie"], "Italy": ["Élodie"],
    "China": ["思远", "雅婷"], "Canada": ["Wes"],
    "United States": ["Marcus", "Priya", "Tomás", "Joanna", "Wes"],
}  # fmt: skip
_NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "nine", "eleven"]
_ZH_NUMBERS = ["两", "三", "四", "五", "六", "七", "九", "十一"]
_ROLE_ORDER = ["champion", "decision maker", "technical", "procurement", "user"]


def build_users() -> list[Row]:
    company = load("company")
    managers = {team["name"]: team["manager"] for team in company["teams"]}
    ids = {user[0]: f"U-{number:02d}" for number, user in enumerate(company["users"], start=1)}
    return [
        {
            "external_id": ids[name],
            "name": name,
            "email": f"{mailbox}@{company['domain']}",
            "role": role,
            "manager": ids[managers[team]] if role == "rep" else None,
            "team": team,
            "region": region,
            "title": title,
        }
        for name, _called, mailbox, role, team, region, title in company["users"]
    ]


def build_reps(users: list[Row]) -> list[Rep]:
    called = {user[0]: user[1] for user in load("company")["users"]}
    return [
        Rep(
            str(user["external_id"]),
            str(user["name"]),
            called[user["name"]],
            str(user["team"]),
            str(user["role"]),
        )
        for user in users
        if user["role"] == "rep"
    ]


def build_accounts(today: date, rng: random.Random, reps: list[Rep]) -> tuple[list[Row], Cast]:
    """The account rows, and the cast with companies that still lack their people."""
    content = load("accounts")
    ids = {raw[0]: f"A-{1000 + number}" for number, raw in enumerate(content["accounts"], start=1)}
    by_name = {rep.called: rep for rep in reps}
    turn: dict[str, int] = {}
    rows: list[Row] = []
    companies: list[Company] = []
    for name, short, industry, country, city, founded, employees, revenue, domain in content["accounts"]:
        names = _OWNERS[country]
        turn[country] = turn.get(country, -1) + 1
        owner = by_name[names[turn[country] % len(names)]]
        companies.append(Company(ids[name], name, short, industry, country, city, int(employees), owner))
        rows.append(
            {
                "external_id": ids[name],
                "name": name,
                "industry": industry,
                "revenue": Decimal(revenue) * 1_000_000,
                "currency": "USD",
                "employees": int(employees),
                "founded_year": int(founded),
                "country": country,
                "city": city,
                "website": f"https://www.{domain}.example",
                "phone": _phone(country, rng),
                "parent": ids.get(content["parents"].get(name, "")),
                "owner": owner.id,
                "source": rng.choice(load("company")["sources"]),
                "description": _describe(content, industry, city, country, rng),
            }
        )
    return rows, Cast(today, rng, reps, companies)


def build_contacts(cast: Cast, total: int = 180) -> list[Row]:
    """Two to five people for each company, `total` in all; they join the cast as well."""
    rng = cast.rng
    sizes = [3] * len(cast.companies)
    for _ in range(len(sizes) // 3):
        down, up = rng.sample(range(len(sizes)), 2)
        if sizes[down] > 2 and sizes[up] < 5 and cast.companies[down].lang == "en":
            sizes[down], sizes[up] = sizes[down] - 1, sizes[up] + 1
    sizes[0] += total - sum(sizes)
    rows: list[Row] = []
    taken: set[str] = set()
    for company, size in zip(cast.companies, sizes, strict=True):
        domain = load("accounts")["accounts"][cast.companies.index(company)][8]
        roles = _ROLE_ORDER[:2] + rng.sample(_ROLE_ORDER[2:], 3)
        for role in roles[:size]:
            person, mailbox = _person(f"C-{2001 + len(rows)}", role, company, taken, rng)
            company.people.append(person)
            rows.append(_contact_row(person, company, f"{mailbox}@{domain}.example", rng))
    return rows


def _contact_row(person: Person, company: Company, email: str, rng: random.Random) -> Row:
    return {
        "external_id": person.id,
        "name": person.full,
        "title": person.title,
        "email": email,
        "phone": _phone(company.country, rng) if rng.random() < 0.85 else None,
        "account": company.id,
        "owner": company.owner.id,
        "consent": rng.choices(["granted", "unknown", "withheld"], [70, 24, 6])[0],
        "do_not_contact": False,
    }


def _person(id: str, role: str, company: Company, taken: set[str], rng: random.Random) -> tuple[Person, str]:
    people = load("people")
    kind = "service" if company.industry in _SERVICE else "stock"
    while True:
        if company.lang == "zh":
            surname, sound = rng.choice(people["names"]["zh_surname"])
            given, given_sound = rng.choice(people["names"]["zh_given"])
            full, mailbox = surname + given, f"{given_sound}.{sound}"
        else:
            pool = people["names"][people["locale"][company.country]]
            first, last = rng.choice(pool["first"]), rng.choice(pool["last"])
            full, mailbox = f"{first} {last}", f"{plain(first)}.{plain(last)}"
        if full not in taken and not any(person.called == full.split()[0] for person in company.people):
            taken.add(full)
            break
    if company.lang == "zh":
        key = "champion_service" if role == "champion" and kind == "service" else role
        title, honorific = rng.choice(people["titles_zh"][key])
        return Person(id, full, full[0] + honorific, title, role), mailbox
    title = rng.choice(people["titles"][role][kind])
    return Person(id, full, full.split()[0], title, role), mailbox


def person_name(country: str, rng: random.Random) -> tuple[str, str]:
    """A full name for `country` and its mailbox name."""
    people = load("people")
    pool = people["names"][people["locale"][country]]
    first, last = rng.choice(pool["first"]), rng.choice(pool["last"])
    return f"{first} {last}", f"{plain(first)}.{plain(last)}"


def plain(text: str) -> str:
    """Lower-case ASCII letters only, as in a mailbox name."""
    for letter, letters in {"ø": "o", "æ": "ae", "ß": "ss"}.items():
        text = text.lower().replace(letter, letters)
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", ascii_text)


def _phone(country: str, rng: random.Random) -> str:
    code = load("people")["code"][country]
    area = rng.randint(201, 989) if code == "1" else rng.randint(20, 98)
    return f"+{code} {area} 555 0{rng.randint(100, 199)}"


def _describe(content: Any, industry: str, city: str, country: str, rng: random.Random) -> str:
    number = rng.randrange(len(_NUMBER_WORDS))
    lines = content["about_zh"] if country == "China" else content["about"][industry]
    line = str(rng.choice(lines)).replace("<city>", city)
    text = line.replace("<sites_zh>", _ZH_NUMBERS[number]).replace("<sites>", _NUMBER_WORDS[number])
    return text[0].upper() + text[1:]
