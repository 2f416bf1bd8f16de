from copilot.egress import EgressLog, Sent

SENT = Sent(
    at="2026-03-02T10:00:00+00:00", turn="t1", actor=7, model="gpt-5-mini", sha256="ab", messages=2, characters=4321,
    fields=("deal.name", "deal.amount"), stand_ins={"person": 2},
)  # fmt: skip


def test_it_says_that_nothing_has_left(farley):
    assert "Nothing has left" in farley("egress").out


def test_it_lists_what_left_the_newest_first(farley, home):
    log = EgressLog(home / "conversations.db")
    log.add(SENT)
    log.add(SENT)

    shown, told = farley("egress"), farley("egress", "--json", "--limit", "1")

    assert "deal.amount" in shown.out
    assert "2 person" in shown.out
    assert [line["characters"] for line in told.json["sent"]] == [4321]


def test_local_only_answers_offline_and_says_so(farley, company, monkeypatch):
    monkeypatch.setenv("FARLEY_MODEL", "openai:gpt-5-mini")
    monkeypatch.setenv("FARLEY_LOCAL_ONLY", "on")

    ran = farley("ask", "How many deals are there?", "--json")

    assert ran.json["status"] == "answered"
    assert "Local only: no language model was asked; the offline planner answered." in ran.json["receipt"]
    model = next(found for found in farley("doctor", "--json").json["findings"] if found["name"] == "model")
    assert "local only" in model["text"]


def test_a_withheld_field_that_does_not_exist_is_named(farley, company, monkeypatch):
    monkeypatch.setenv("FARLEY_MODEL", "nosuch:model")
    monkeypatch.setenv("FARLEY_WITHHELD_FIELDS", "deal.amounts")

    ran = farley("doctor", "--json")

    egress = next(found for found in ran.json["findings"] if found["name"] == "egress")
    assert egress["level"] == "fail"
    assert "did you mean amount" in egress["text"]
