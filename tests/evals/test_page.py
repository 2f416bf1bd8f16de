from html.parser import HTMLParser

from evals.page import page
from evals.report import Report
from evals.run import run_cases
from tests.evals.plays import make_case, reply, told

HOSTILE = "<script>alert(1)</script>"


class Loads(HTMLParser):
    """Collects tags and whatever a browser would fetch or run."""

    def __init__(self):
        super().__init__()
        self.open, self.outside = [], []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.outside += [value for name, value in attrs if name in ("src", "href") or name.startswith("on")]


def test_a_page_loads_nothing_and_shows_what_stood_in_a_record_as_text():
    case = make_case("w", why=HOSTILE)
    report = Report(list(run_cases([case], lambda _: told(reply(2, text=HOSTILE)))), {"solver": HOSTILE})
    found = Loads()

    found.feed(page(report.to_json()))

    assert "script" not in found.open
    assert found.outside == []
    assert found.open.count("details") == 3  # the failure, its tool calls, the fingerprints


def test_a_page_tells_the_rate_its_interval_and_each_failure():
    cases = [make_case("a"), make_case("b")]
    text = page(Report(list(run_cases(cases, lambda case: told(reply(1 if case.id == "a" else 2))))).to_json())

    assert "50.0% right" in text
    assert "9.5% to 90.5%" in text
    assert "wrong number</span> f/b" in text
