"""The demo company holds together: its references, its dates, its money and the variety of its texts."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm_core.demo import build_company
from crm_core.demo.text import count_words

Company = dict[str, list[dict[str, Any]]]

REFERENCES = {
    "user": {"manager": "user"},
    "stage": {"pipeline": "pipeline"},
    "account": {"parent": "account", "owner": "user"},
    "contact": {"account": "account", "owner": "user"},
    "lead": {"owner": "user", "account": "account", "contact": "contact", "deal": "deal"},
    "deal": {
        "account": "account",
        "stage": "stage",
        "pipeline": "pipeline",
        "owner": "user",
        "product": "product",
    },
    "deal_contact": {"deal": "deal", "contact": "contact"},
    "deal_line": {"deal": "deal", "product": "product"},
    "stage_change": {"deal": "deal", "from_stage": "stage", "to_stage": "stage", "user": "user"},
    "order": {"account": "account", "contact": "contact", "owner": "user"},
    "order_line": {"order": "order", "product": "product"},
    "quota": {"owner": "user"},
    "interaction": {
        "account": "account",
        "contact": "contact",
        "deal": "deal",
        "lead": "lead",
        "user": "user",
    },
    "task": {"owner": "user", "account": "account", "contact": "contact", "deal": "deal", "lead": "lead"},
}
MAY_BE_EMPTY = {
    "manager", "parent", "from_stage", "lead.account", "lead.contact", "lead.deal",
    "interaction.account", "interaction.contact", "interaction.deal", "interaction.lead",
    "task.account", "task.contact", "task.deal", "task.lead",
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PRICE = re.compile(r"\$([\d,]+)|([\d,]+)美元")


@pytest.fixture(scope="module", params=[date(2026, 3, 10), date(2027, 1, 1)], ids=str)
def today(request: pytest.FixtureRequest) -> date:
    day: date = request.param
    return day


@pytest.fixture(scope="module")
def company(today: date) -> Company:
    return build_company(today)


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["external_id"]: row for row in rows}


def kinds(company: Company) -> dict[str, str]:
    """open, won or lost by deal."""
    stages = by_id(company["stage"])
    return {deal["external_id"]: stages[deal["stage"]]["kind"] for deal in company["deal"]}


def talks(company: Company) -> dict[str, list[dict[str, Any]]]:
    """The interactions of each deal, oldest first."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(company["interaction"], key=lambda row: row["happened_at"]):
        if row["deal"]:
            found[row["deal"]].append(row)
    return found


def core(row: dict[str, Any]) -> str:
    """The body without greeting and sign-off."""
    if row["kind"] != "email":
        return str(row["body"])
    return "\n\n".join(row["body"].split("\n\n")[1:-1])


def test_the_same_day_and_seed_give_the_same_company(company: Company, today: date) -> None:
    assert build_company(today) == company
    assert build_company(today, seed=8) != company


def test_it_has_the_promised_size(company: Company) -> None:
    wanted = {
        "account": 60,
        "contact": 180,
        "lead": 140,
        "deal": 200,
        "interaction": 2000,
        "task": 120,
        "product": 9,
    }
    assert {name: len(company[name]) for name in wanted} == wanted
    assert Counter(user["role"] for user in company["user"]) == {
        "rep": 10,
        "manager": 2,
        "admin": 1,
        "auditor": 1,
    }
    assert len({product["family"] for product in company["product"]}) == 3


def test_ids_and_names_are_unique(company: Company) -> None:
    for name, rows in company.items():
        assert len(by_id(rows)) == len(rows), name
    for name in ("user", "account", "contact", "deal", "product", "order"):
        names = [row["name"] for row in company[name]]
        assert len(set(names)) == len(names), name
    mails = [row["email"] for name in ("user", "contact") for row in company[name]]
    assert len(set(mails)) == len(mails)
    assert all(mail.isascii() and mail.endswith(".example") for mail in mails)


def test_every_reference_resolves(company: Company) -> None:
    ids = {name: set(by_id(rows)) for name, rows in company.items()}
    for entity, fields in REFERENCES.items():
        for row in company[entity]:
            for field, target in fields.items():
                empty = row[field] is None and ({field, f"{entity}.{field}"} & MAY_BE_EMPTY)
                assert empty or row[field] in ids[target], (entity, row["external_id"], field)


def test_rows_of_an_entity_have_the_same_fields(company: Company) -> None:
    for name, rows in company.items():
        assert len({frozenset(row) for row in rows}) == 1, name


def test_contacts_and_deals_stay_inside_their_account(company: Company) -> None:
    deals, contacts = by_id(company["deal"]), by_id(company["contact"])
    for row in company["deal_contact"] + [row for row in company["interaction"] if row["deal"] and row["contact"]]:
        assert contacts[row["contact"]]["account"] == deals[row["deal"]]["account"]


def test_deals_close_after_they_start_and_only_closed_ones_have_a_day(company: Company, today: date) -> None:
    outcomes = kinds(company)
    for deal in company["deal"]:
        kind = outcomes[deal["external_id"]]
        assert (deal["closed_on"] is None) == (kind == "open")
        assert (deal["lost_reason"] is not None) == (kind == "lost")
        assert today - timedelta(days=550) < deal["started_on"] < today
        assert deal["started_on"] <= deal["closes_on"]
        if deal["closed_on"]:
            assert deal["started_on"] <= deal["closed_on"] < today


def test_stage_history_rises_and_ends_at_the_present_stage(company: Company) -> None:
    history: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in company["stage_change"]:
        history[row["deal"]].append(row)
    for deal in company["deal"]:
        steps = history[deal["external_id"]]
        days = [step["changed_on"] for step in steps]
        assert days == sorted(days)
        assert days[0] == deal["started_on"]
        assert steps[0]["from_stage"] is None
        assert [step["from_stage"] for step in steps[1:]] == [step["to_stage"] for step in steps[:-1]]
        assert steps[-1]["to_stage"] == deal["stage"]
        if deal["closed_on"]:
            assert days[-1] == deal["closed_on"]


def test_interactions_lie_within_their_deal_and_in_the_past(company: Company, today: date) -> None:
    deals = by_id(company["deal"])
    for row in company["interaction"]:
        assert row["happened_on"] < today
        assert row["happened_on"].weekday() < 5
        if row["deal"]:
            deal = deals[row["deal"]]
            last = deal["closed_on"] + timedelta(days=30) if deal["closed_on"] else today
            assert deal["started_on"] - timedelta(days=20) <= row["happened_on"] <= last


def test_interactions_happen_in_office_hours_of_the_account(company: Company) -> None:
    accounts = by_id(company["account"])
    hours = {"China": range(1, 10), "United States": range(14, 23), "Canada": range(14, 23)}
    for row in company["interaction"]:
        at: datetime = row["happened_at"]
        assert at.tzinfo is UTC
        assert at.date() == row["happened_on"]
        if row["account"]:
            country = accounts[row["account"]]["country"]
            assert at.hour in hours.get(country, range(8, 17)), row["external_id"]


def test_kinds_and_directions_agree(company: Company) -> None:
    for row in company["interaction"]:
        wanted = {None} if row["kind"] in ("note", "meeting") else {"in", "out"}
        assert row["direction"] in wanted


def test_about_a_third_of_the_closed_deals_is_won_in_most_months(company: Company) -> None:
    outcomes = kinds(company)
    count = Counter(outcomes.values())
    assert 0.25 <= count["won"] / (count["won"] + count["lost"]) <= 0.45
    won = [deal for deal in company["deal"] if outcomes[deal["external_id"]] == "won"]
    assert len({(deal["closed_on"].year, deal["closed_on"].month) for deal in won}) >= 14


def test_the_pipeline_has_stalled_overdue_and_closing_deals(company: Company, today: date) -> None:
    live = [deal for deal in company["deal"] if deal["closed_on"] is None]
    last = {deal: rows[-1]["happened_on"] for deal, rows in talks(company).items()}
    stalled = [deal for deal in live if (today - last[deal["external_id"]]).days >= 45]
    overdue = [deal for deal in live if deal["closes_on"] < today]
    due = [deal["closes_on"] for deal in live if deal["closes_on"] >= today]
    this_month = [day for day in due if (day.year, day.month) == (today.year, today.month)]
    quarter = (today.month - 1) // 3
    this_quarter = [day for day in due if day.year == today.year and (day.month - 1) // 3 == quarter]
    assert 6 <= len(stalled) <= 16
    assert 6 <= len(overdue) <= 22
    assert 5 <= len(this_month) <= 20
    assert 12 <= len(this_quarter) <= 40
    assert set(by_id([user for user in company["user"] if user["role"] == "rep"])) == {d["owner"] for d in live}


def test_one_big_open_deal_hangs_on_a_single_contact(company: Company) -> None:
    threads = Counter(row["deal"] for row in company["deal_contact"])
    biggest = max((d for d in company["deal"] if d["closed_on"] is None), key=lambda d: d["amount"] or 0)
    assert biggest["amount"] > 400_000
    assert threads[biggest["external_id"]] == 1


def test_amounts_are_the_sum_of_the_lines(company: Company) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    prices = {product["external_id"]: product["list_price"] for product in company["product"]}
    for line in company["deal_line"]:
        assert line["unit_price"] == prices[line["product"]]
        sums[line["deal"]] += line["quantity"] * line["unit_price"] * (100 - line["discount_pct"]) / 100
    for deal in company["deal"]:
        assert deal["amount"] == (sums[deal["external_id"]] or None)
        assert deal["currency"] == "USD"
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for line in company["order_line"]:
        totals[line["order"]] += line["amount"]
    assert all(order["amount"] == totals[order["external_id"]] for order in company["order"])


def test_prices_in_texts_are_those_of_the_deal_or_the_list(company: Company) -> None:
    lists = {int(product["list_price"]) for product in company["product"]}
    deals = by_id(company["deal"])
    full: dict[str, Decimal] = defaultdict(Decimal)
    for line in company["deal_line"]:
        full[line["deal"]] += line["quantity"] * line["unit_price"]
    named: Counter[str] = Counter()
    for row in company["interaction"]:
        for match in PRICE.finditer(core(row)):
            price = int((match[1] or match[2]).strip(",").replace(",", ""))
            amount = deals[row["deal"]]["amount"] if row["deal"] else None
            if price in lists:
                named["list"] += 1
            else:
                assert amount is not None, row["body"]
                is_budget = Decimal("0.7") * amount <= price < amount
                assert is_budget or price in (amount, full[row["deal"]]), (row["external_id"], row["body"])
                named["deal"] += price == amount
    assert named["deal"] > 150
    assert named["list"] > 30


def test_the_last_word_of_a_closed_deal_fits_its_outcome(company: Company) -> None:
    outcomes, deals = kinds(company), by_id(company["deal"])
    for deal, rows in talks(company).items():
        kind = outcomes[deal]
        after = [row for row in rows if row["happened_on"] >= (deals[deal]["closed_on"] or date.max)]
        text = " ".join(row["subject"] for row in after)
        if kind == "won":
            assert not re.search(r"Lost|lost|Not this time|Our decision|丢单", text)
        if kind == "lost":
            assert not re.search(r"Kickoff|Signed|Go ahead|启动会|合同已签|Welcome", text)
            assert after


def test_a_trial_takes_its_weeks_and_no_result_comes_without_one(company: Company) -> None:
    for rows in talks(company).values():
        begun = [
            row["happened_on"]
            for row in rows
            if re.search("^(Trial plan|Trial at|Start of)|^试点(计划|安排)", row["subject"])
        ]
        ended = [
            row["happened_on"]
            for row in rows
            if re.search("^(Trial res|Figures from|What the trial)|^试点(结果|数据)", row["subject"])
        ]
        for day in ended:
            assert begun
            assert (day - begun[0]).days >= 21


def test_chinese_accounts_are_talked_to_in_chinese(company: Company) -> None:
    chinese = [account["external_id"] for account in company["account"] if account["country"] == "China"]
    count = Counter(row["account"] for row in company["interaction"] if len(CHINESE.findall(row["body"])) > 15)
    assert len(chinese) == 8
    assert set(count) == set(chinese)
    assert min(count.values()) >= 6


def test_no_hole_is_left_open(company: Company) -> None:
    for rows in company.values():
        for row in rows:
            for value in row.values():
                assert not (isinstance(value, str) and re.search(r"<\w+>|\.\.(?!\.)|  |None", value)), row


def test_bodies_are_fifteen_to_160_words_long(company: Company) -> None:
    for row in company["interaction"]:
        assert 15 <= count_words(row["body"]) <= 160, row["body"]


def test_bodies_hardly_ever_repeat(company: Company) -> None:
    bodies = [row["body"] for row in company["interaction"]]
    assert len(set(bodies)) >= 0.97 * len(bodies)
    cores = [core(row) for row in company["interaction"]]
    assert len(set(cores)) >= 0.95 * len(cores)


def phrases(text: str) -> Iterator[tuple[str, ...]]:
    """All runs of eight words; in Chinese of sixteen characters."""
    words = re.findall(r"[\w'%$,-]+", text) if not CHINESE.search(text) else text
    length = 16 if CHINESE.search(text) else 8
    for start in range(len(words) - length + 1):
        yield tuple(words[start : start + length])


def test_no_phrase_wears_out(company: Company) -> None:
    count = Counter(phrase for row in company["interaction"] for phrase in set(phrases(core(row))))
    phrase, times = count.most_common(1)[0]
    assert times <= 0.03 * len(company["interaction"]), phrase


def test_tasks_are_open_overdue_and_done(company: Company, today: date) -> None:
    live = [task for task in company["task"] if task["status"] == "open"]
    overdue = [task for task in live if task["due_on"] < today]
    assert len(live) >= 50
    assert 8 <= len(overdue) <= len(live) / 2
    assert len(company["task"]) - len(live) >= 30
    for task in company["task"]:
        assert (task["done_on"] is None) == (task["status"] == "open")


def test_converted_leads_name_what_they_became(company: Company) -> None:
    deals, contacts = by_id(company["deal"]), by_id(company["contact"])
    converted = [lead for lead in company["lead"] if lead["status"] == "converted"]
    assert len(converted) >= 15
    for lead in company["lead"]:
        assert (lead["deal"] is not None) == (lead["status"] == "converted")
    for lead in converted:
        assert lead["name"] == contacts[lead["contact"]]["name"]
        assert lead["created_on"] < lead["converted_on"] == deals[lead["deal"]]["started_on"]


def test_quotas_cover_every_rep_and_quarter(company: Company, today: date) -> None:
    reps = {user["external_id"] for user in company["user"] if user["role"] == "rep"}
    now = [quota for quota in company["quota"] if quota["starts_on"] <= today <= quota["ends_on"]]
    assert {quota["owner"] for quota in now} == reps
    assert len(company["quota"]) == 7 * len(reps)
