import json

from crm_core.tokens import Right


def test_a_typed_question_is_answered_with_its_words(ada):
    spec = {"entity": "deal", "measures": [{"fn": "sum", "field": "amount"}]}

    told = ada.post("/api/query", json={"spec": spec}).json()

    assert told["rows"] == [[1000.5]]
    assert told["currency"] == "USD"
    assert "sum of amount" in told["query_text"] or "total amount" in told["query_text"]


def test_an_unknown_name_in_a_question_comes_back_with_the_right_ones(ada):
    refused = ada.post("/api/query", json={"spec": {"entity": "deal", "columns": ["amonut"]}})

    assert refused.status_code == 422
    assert "did you mean amount" in refused.json()["detail"]
    assert refused.json()["errors"][0]["field"] == "amonut"


def test_a_question_in_words_is_answered_as_the_command_line_prints_it(ada):
    told = ada.post("/api/ask", json={"text": "How many deals are there?"}).json()

    assert told["status"] == "answered"
    assert told["rows"] == [[1]]
    again = ada.post("/api/ask", json={"text": "And accounts?", "thread": told["id"]}).json()
    assert again["id"] == told["id"]


def test_what_is_offered_in_the_place_of_a_question_is_picked_by_its_number(ada):
    asked = ada.post("/api/ask", json={"text": "How many flashy deals are there?"}).json()

    told = ada.post("/api/ask", json={"text": "1", "thread": asked["id"]}).json()

    assert (asked["status"], asked["options"], asked["rows"]) == ("clarify", ["How many deals are there?"], [])
    assert (told["status"], told["rows"]) == ("answered", [[1]])


def test_a_listener_hears_what_goes_on_and_then_the_reply(ada):
    with ada.stream("POST", "/api/ask", json={"text": "How many deals are there?"}, headers=LISTEN) as stream:
        text = "".join(stream.iter_text())

    events = [event.split("\n") for event in text.strip().split("\n\n")]
    names = [lines[0] for lines in events]
    assert names[-1] == "event: reply"
    assert set(names[:-1]) == {"event: step"}
    assert json.loads(events[-1][1].removeprefix("data: "))["rows"] == [[1]]


LISTEN = {"Accept": "text/event-stream"}


def test_what_the_copilot_proposes_waits_until_a_person_approves_exactly_that(ada, company):
    told = ada.post("/api/ask", json={"text": "Set the amount of Alpha to 5000"}).json()
    proposal = told["proposals"][0]
    path = f"/api/changes/{proposal['id']}"

    assert ada.get("/api/changes?waiting=true").json()["items"][0]["id"] == proposal["id"]
    assert ada.get(path).json()["changes"] == proposal["changes"]
    assert ada.post(f"{path}/approve", json={"sha256": "0" * 64}).status_code == 409
    assert ada.get(f"/api/deals/{company.adas_deal}").json()["amount"] == 1000.5

    done = ada.post(f"{path}/approve", json={"sha256": proposal["sha256"]})

    assert done.json()["state"] == "applied"
    assert ada.get(f"/api/deals/{company.adas_deal}").json()["amount"] == 5000
    assert ada.post(f"{path}/approve", json={"sha256": proposal["sha256"]}).status_code == 409
    assert ada.post(f"{path}/undo", json={"fields": ["amount"]}).json()["records"] == {"deal": 1}
    assert ada.get(f"/api/deals/{company.adas_deal}").json()["amount"] == 1000.5


def test_a_rejected_proposal_changes_nothing(ada, company):
    proposal = ada.post("/api/ask", json={"text": "Set the amount of Alpha to 5000"}).json()["proposals"][0]

    done = ada.post(f"/api/changes/{proposal['id']}/reject", json={"reason": "not agreed"})

    assert (done.json()["state"], done.json()["note"]) == ("rejected", "not agreed")
    assert ada.get(f"/api/deals/{company.adas_deal}").json()["version"] == 1


def test_a_token_that_may_ask_may_not_approve(connect):
    asking = connect("Ada North", rights=[Right.ASK])
    proposal = asking.post("/api/ask", json={"text": "Set the amount of Alpha to 5000"}).json()["proposals"][0]

    refused = asking.post(f"/api/changes/{proposal['id']}/approve", json={"sha256": proposal["sha256"]})

    assert refused.status_code == 403
    assert "'approve'" in refused.json()["detail"]


def test_long_change_sets_are_read_in_parts(connect):
    admin = connect("admin")
    items = [{"op": "create", "set": {"name": f"Firm {number}"}} for number in range(5)]
    made = admin.post("/api/accounts/bulk", json={"changes": items}).json()["change_set_id"]

    labels, cursor = [], ""
    while cursor is not None:
        page = admin.get(f"/api/changes/{made}?limit=2&cursor={cursor}").json()
        labels += [change["label"] for change in page["changes"]]
        cursor = page["next_cursor"]

    assert labels == [f"Firm {number}" for number in range(5)]
