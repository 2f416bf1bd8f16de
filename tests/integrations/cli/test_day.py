"""`farley day`: whom to turn to first, and what is set aside in a conversation stays so."""

from datetime import date

import pytest

from crm_core.db import Store
from tests.factories import make_task

TODAY = "2017-11-15"
pytestmark = pytest.mark.usefixtures("company")


def test_the_day_is_printed_and_an_empty_one_is_an_answer(farley):
    ran = farley("day", "--today", TODAY, "--as", "ada north")

    assert ran.code == 0
    assert "nothing is worth your first hour" in ran.out


def test_what_is_set_aside_in_one_process_is_out_of_the_day_of_the_next(farley, company):
    store = Store(company.url.render_as_string())
    make_task(store, "Call the wolf", due_on=date(2017, 11, 1))
    store.close()
    asked = ("--today", TODAY, "--thread", "t")

    assert "Call the wolf" in farley("ask", "who should I contact today?", *asked).out
    assert "nothing is worth" in farley("ask", "dismiss 1", *asked).out
    assert "nothing is worth" in farley("day", "--today", TODAY).out
