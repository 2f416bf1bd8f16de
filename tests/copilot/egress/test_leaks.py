"""What leaves, over many generated conversations with seeded personal data: nothing personal, and all of it comes back.

200 conversations in every run, 2,000 with FARLEY_SOAK=1. A recorder stands in the place of the vendor.
"""

import os
import random
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

import pytest
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from copilot.egress.stand_ins import STAND_IN
from copilot.house_words import house_words
from crm_core.access import ADMIN
from crm_core.db import Store
from tests.factories import make_contact, make_interaction, make_lead, make_user
from tests.scripted import calls_all, remembered, scripted

CONVERSATIONS = 2000 if os.environ.get("FARLEY_SOAK") else 200
FIRST = (
    "Amelia",
    "Torbjørn",
    "Élodie",
    "Inés",
    "Maribel",
    "Ruben",
    "Keisha",
    "Sørine",
    "Paul-Henri",
    "Dmitri",
    "Brigid",
)
LAST = ("Underhill", "O'Shaughnessy", "de Haan", "Kowalczyk", "Nygård", "Sandoval", "Østby", "Müller-Lüdenscheidt")
ZH_LAST, ZH_GIVEN = "谢黄刘何梁马朱徐周韩", ("建华", "春雷", "海波", "振宇", "伟东", "美玲", "文静", "丽娜")
PHONES = ("+49 30 {a} 0{b}", "({c}) {c}-{d}", "{c}-{c}-{d}", "1385{d}{b}", "+44 20 {d} {d}", "030/{d}{b}")
FENCE = re.compile(r"crm [a-z]+ [0-9a-f]{12}")  # a boundary is random and may hold any digits
ASKED = (
    "What did {name} say about the offer?", "call {name} ({phone}) tomorrow", "who owns {email}?",
    "{first} asked for a discount, did {name} agree?", "{name} 最近谈了什么？", "把{email}和{phone}记到{name}名下",
    "Notes with {last}, please; {first}'s number is {phone}",
)  # fmt: skip
SAID = (
    "Spoke with {name}. {first} wants the quote at {email} or by phone: {phone}.\nMs {last} decides.",
    "From: {name} <{email}>\n\nHi,\nring me on {phone}!\n{first}", "{name}说下周签。电话{phone}，邮箱{email}。",
    "Signature: {last}, {first} | {phone} | {email}", "cc {email};{name}",
)  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """A person with all that must not leave."""

    name: str
    email: str
    phone: str

    def fill(self, text: str, rng: random.Random) -> str:
        name = rng.choice((self.name, self.name.upper() if self.name.isascii() else self.name, self.name))
        return text.format(name=name, email=self.email, phone=self.phone, first=self._parts[0], last=self._parts[-1])

    @property
    def _parts(self) -> list[str]:
        return self.name.split() if " " in self.name else [self.name[1:], self.name]

    def traces(self) -> list[str]:
        """What no text that leaves may hold: whole names, parts that are no words of the trade, addresses, digits."""
        parts = [part for part in self._parts if len(part) > 1 and part.lower() not in house_words()]
        return [bare(text) for text in (self.name, self.email, *parts)] + [re.sub(r"\D", "", self.phone)[-7:]]


def bare(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in split if not unicodedata.combining(char))


def words(text: str) -> set[str]:
    """In no order: a name comes back as the store writes it, first name first and whole."""
    return set(re.findall(r"\w+", bare(text)))


def people(rng: random.Random, count: int) -> list[Somebody]:
    found: dict[str, Somebody] = {}
    while len(found) < count:
        west = rng.random() < 0.75
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)}" if west else rng.choice(ZH_LAST) + rng.choice(ZH_GIVEN)
        box = "".join(char for char in bare(name) if char.isascii() and char.isalnum()) or f"box{len(found)}"
        digits = {"a": rng.randint(200, 999), "b": rng.randint(100, 999), "c": rng.randint(201, 989)}
        phone = rng.choice(PHONES).format(**digits, d=rng.randint(2000, 9999))
        found[name] = Somebody(name, f"{box}.{len(found)}@firma{rng.randint(1, 9)}.example", phone)
    return list(found.values())


@pytest.fixture
def crowd(sqlite_store: Store) -> list[Somebody]:
    rng = random.Random(20)
    made = people(rng, 60)
    with sqlite_store.write() as connection:
        for at, one in enumerate(made):
            where = (make_contact, make_lead, make_user)[at % 3]
            given = {} if at % 3 == 2 else {"phone": one.phone}
            record = where(connection, one.name, email=one.email, **given)
            contact = {"contact": record} if at % 3 == 0 else {}
            body = one.fill(rng.choice(SAID), rng)
            make_interaction(connection, date(2017, 11, 1), subject=f"Call {at} with {one.name}", body=body, **contact)
    return made


def looks_up(messages: list[BaseMessage]) -> AIMessage:
    """Ask for the notes on the first code of the question, and for a list of people."""
    code = next(found[0] for found in STAND_IN.finditer(str(messages[-1].content)))
    notes = {"entity": "interaction", "columns": ["subject", "body", "contact"]}
    where = {"field": "body", "op": "contains", "value": code}
    contacts = {"entity": "contact", "columns": ["name", "email", "phone"], "limit": 20}
    return calls_all(("query_crm", {"spec": {**notes, "where": where}}), ("query_crm", {"spec": contacts}))


def repeats(messages: list[BaseMessage]) -> AIMessage:
    """Say again all that the tools gave."""
    return AIMessage(results_in(messages))


def results_in(messages: list[BaseMessage]) -> str:
    return "\n".join(str(message.content) for message in messages if isinstance(message, ToolMessage))


def leaks_in(messages: list[BaseMessage], traces: list[str]) -> list[str]:
    parts = [f"{m.content} {getattr(m, 'tool_calls', '')} {m.additional_kwargs} {m.name}" for m in messages]
    left = bare("\n".join(parts))
    digits = re.sub(r"[^\d\n|]", "", STAND_IN.sub("", FENCE.sub("", left)))
    seen = [trace for trace in traces if trace in (digits if trace.isdigit() else left)]
    return [
        trace
        for trace in seen
        if not trace.isascii() or trace.isdigit() or re.search(rf"(?<![a-z]){re.escape(trace)}(?![a-z])", left)
    ]


def test_nothing_personal_leaves_and_everything_comes_back(
    crowd: list[Somebody], sqlite_store: Store, today, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "copilot.outcome.doubts", lambda *_, **__: None
    )  # has tests of its own, and takes most of a turn
    rng = random.Random(21)
    asker = replace(ADMIN, id=7, name=crowd[2].name)
    traces = sorted({trace for one in crowd for trace in one.traces()})
    leaks: list[str] = []
    lost: list[str] = []
    stand_ins = 0
    copilot, model = scripted(sqlite_store, *[looks_up, repeats] * CONVERSATIONS)
    for number in range(CONVERSATIONS):
        asked = rng.choice(crowd).fill(rng.choice(ASKED), rng)
        model.seen.clear()

        copilot.ask(asked, thread=str(number), actor=asker, today=today)

        leaks += [trace for messages in model.seen for trace in leaks_in(messages, traces)]
        kept = remembered(copilot, thread=f"7/{number}")
        stand_ins += len(STAND_IN.findall(results_in(model.seen[-1])))
        answer = str(kept[-1].content)
        lost += [asked] if STAND_IN.search(answer) or words(results_in(kept)) - words(answer) else []

    print(f"{CONVERSATIONS} conversations, {stand_ins} stand-ins: {len(leaks)} leaks, {len(lost)} not put back")
    assert stand_ins > CONVERSATIONS
    assert leaks == []
    assert lost == []
