"""Lists, record pages and the search: what they show, and what they keep from whoever may not see it."""

from datetime import date

import pytest
from sqlalchemy import event

from copilot.knowledge import Knowledge
from crm_core.access import ADMIN, Scope
from crm_core.changes import undo
from crm_core.errors import Forbidden, Invalid, NotFound
from crm_core.models import Kind
from crm_core.query.spec import QuerySpec
from integrations.indexing import keep_in_step
from integrations.web.editing import create, delete, form_fields, look_alikes, offered, save
from integrations.web.lists import (
    add_condition,
    conditions_of,
    operators_for,
    plain_list,
    read_list,
    sorted_by,
    values_of,
    with_words,
)
from integrations.web.reader import Link, Reader
from integrations.web.record import read_figures, read_record, read_relations, read_talks
from integrations.web.searching import search_names, search_texts
from tests.factories import (
    actor_for,
    make_account,
    make_contact,
    make_custom_field,
    make_deal,
    make_interaction,
    make_task,
    make_user,
)

TODAY = date(2017, 11, 15)


@pytest.fixture
def shop(sqlite_store):
    """Ada and Bo, who may each read their own alone; Ada has Acme and its deal, Bo has Bolt."""
    store = sqlite_store
    ada, bo = make_user(store, "Ada"), make_user(store, "Bo")
    acme = make_account(store, "Acme", owner=ada, industry="retail")
    bolt = make_account(store, "Bolt secret", owner=bo, industry="medical")
    deal = make_deal(store, "Alpha", owner=ada, account=acme, amount=1000.5, currency="USD")
    return {"store": store, "ada": ada, "bo": bo, "acme": acme, "bolt": bolt, "deal": deal}


def reader(shop, who=None, lang="en"):
    actor = ADMIN if who is None else actor_for(shop[who], reads=Scope.OWN)
    return Reader(shop["store"], actor, TODAY, lang)


def read_page(at, account):
    with at.steady():
        read_record(at, "account", account)
        read_relations(at, "account", account)
        read_talks(at, "account", account)
        read_figures(at, "account", account)


def listed(at, entity, **given):
    spec = plain_list(at.schema.entity(entity)).model_copy(update=given)
    return [line.cells[0].text for line in read_list(at, spec).lines]


class TestLists:
    def test_every_kind_of_record_has_a_list(self, shop):
        at = reader(shop)

        for entity in at.schema.entities.values():
            assert read_list(at, plain_list(entity)).heads

    def test_a_list_shows_and_counts_what_the_person_may_see(self, shop):
        spec = plain_list(reader(shop).schema.entity("account"))

        own, whole = read_list(reader(shop, "ada"), spec), read_list(reader(shop), spec)

        assert ([line.cells[0].text for line in own.lines], own.total) == (["Acme"], 1)
        assert whole.total == 2

    def test_amounts_references_and_headings_are_told_in_the_readers_language(self, shop):
        spec = QuerySpec(entity="deal", columns=["name", "amount", "account"])

        found = read_list(reader(shop, lang="zh"), spec)

        assert [cell.text for cell in found.lines[0].cells] == ["Alpha", "$1,000.50", "Acme"]
        assert found.lines[0].cells[2].link == Link("account", shop["acme"])
        assert [(head.label, head.is_number) for head in found.heads][1] == ("金额", True)

    def test_a_long_list_comes_in_parts(self, shop):
        with shop["store"].write() as connection:
            for number in range(60):
                make_contact(connection, f"Person {number:02}")
        spec = plain_list(reader(shop).schema.entity("contact"))

        first, second = (read_list(reader(shop), spec, page=page) for page in (1, 2))

        assert (first.first, first.last, first.total, first.has_more) == (1, 50, 60, True)
        assert (second.first, second.last, second.has_more) == (51, 60, False)

    def test_tests_are_added_one_by_one_and_can_be_told(self, shop):
        at = reader(shop)
        spec = plain_list(at.schema.entity("account"))

        narrowed = add_condition(at, add_condition(at, spec, "industry", "eq", "retail"), "name", "contains", "ac")

        assert [line.cells[0].text for line in read_list(at, narrowed).lines] == ["Acme"]
        assert [at.condition("account", one) for one in conditions_of(narrowed)] == [
            "industry is retail",
            "name contains “ac”",
        ]

    @pytest.mark.parametrize(
        ("name", "op", "value"), [("employees", "ge", "many"), ("nam", "eq", "x"), ("name", "eq", "")]
    )
    def test_a_test_that_makes_no_sense_is_refused(self, shop, name, op, value):
        at = reader(shop)

        with pytest.raises(Invalid):
            add_condition(at, plain_list(at.schema.entity("account")), name, op, value)

    def test_words_narrow_a_list_to_names(self, shop):
        at = reader(shop)
        make_contact(shop["store"], "Eve Hall", email="eve@bolt.example", account=shop["acme"])

        spec = plain_list(at.schema.entity("contact"))

        for words in ("hall", "@bolt", "acme"):
            assert len(read_list(at, with_words(spec, at.schema.entity("contact"), words)).lines) == 1
        assert not read_list(at, with_words(spec, at.schema.entity("contact"), "nobody")).lines

    def test_a_column_sorts_upwards_and_then_downwards(self, shop):
        spec = plain_list(reader(shop).schema.entity("account"))
        up = sorted_by(sorted_by(spec, "industry"), "name")

        assert listed(reader(shop), "account", order_by=up.order_by) == ["Acme", "Bolt secret"]
        assert listed(reader(shop), "account", order_by=sorted_by(up, "name").order_by) == ["Bolt secret", "Acme"]

    def test_every_field_can_be_tested_in_some_way_and_knows_its_values(self, shop):
        at = reader(shop, "ada")

        assert all(operators_for(field) for field in at.schema.fields() if field.ask)
        assert values_of(at, at.schema.entity("account").fields["industry"]) == ("retail",)
        assert values_of(at, at.schema.entity("account").fields["name"]) == ()


class TestRecords:
    def test_a_record_has_its_fields_in_groups_with_the_companys_own(self, shop):
        make_custom_field(shop["store"], "account", "tier", Kind.CHOICE, label="Tier")

        view = read_record(reader(shop, "ada"), "account", shop["acme"])

        assert (view.title, view.may_edit) == ("Acme", True)
        assert [group.key for group in view.groups] == ["key", "more", "texts", "own", "kept"]
        assert view.shown("tier").may_edit
        assert not view.shown("created_at").may_edit

    @pytest.mark.parametrize("record", ["bolt", None])
    def test_a_record_of_another_and_none_at_all_look_the_same(self, shop, record):
        record_id = shop[record] if record else 12345

        with pytest.raises(NotFound, match=r"^There is no such account\.$"):
            read_record(reader(shop, "ada"), "account", record_id)
        with pytest.raises(NotFound, match=r"^There is no such account\.$"):
            read_figures(reader(shop, "ada"), "account", record_id)

    def test_days_and_phone_numbers_stay_in_one_line_and_texts_do_not(self, shop):
        heads = read_list(reader(shop), QuerySpec(entity="deal", columns=["name", "closes_on", "amount"])).heads
        phone = read_list(reader(shop), QuerySpec(entity="contact", columns=["name", "phone"])).heads

        assert [head.is_whole for head in (*heads, *phone)] == [False, True, True, False, True]

    def test_a_rate_is_listed_with_its_two_currencies(self, shop):
        listed = plain_list(reader(shop).schema.entity("exchange_rate")).columns

        assert {"from_currency", "to_currency", "rate", "valid_on"} <= set(listed)

    @pytest.mark.parametrize(
        ("kind", "lang", "label"),
        [("user", "en", "reports"), ("user", "zh", "直接下属"), ("account", "en", "subsidiaries"),
         ("account", "zh", "子公司"), ("account", "en", "contacts")],
    )  # fmt: skip
    def test_what_hangs_on_a_record_is_called_by_its_plural(self, shop, kind, lang, label):
        relations = read_relations(reader(shop, lang=lang), kind, shop["ada" if kind == "user" else "acme"])

        assert label in [one.label for one in relations]

    def test_roles_are_told_in_chinese(self, shop):
        (line, *_) = read_list(reader(shop, lang="zh"), QuerySpec(entity="user", columns=["role"])).lines

        assert line.cells[0].text == "销售代表"

    def test_a_task_that_is_done_was_overdue_until_it_was_done(self, shop):
        given = {"due_on": date(2017, 11, 1), "title": "Call"}
        late = make_task(shop["store"], **given, status="done", done_on=date(2017, 11, 4))
        still = make_task(shop["store"], **given)

        days = [
            [one.cell.text for one in read_figures(reader(shop), "task", task) if "overdue" in one.label]
            for task in (late, still)
        ]

        assert days == [["3 days"], ["14 days"]]

    def test_what_hangs_on_a_record_is_counted_by_the_readers_rights(self, shop):
        make_deal(shop["store"], "Hidden", owner=shop["bo"], account=shop["acme"])

        own = {one.name: one for one in read_relations(reader(shop, "ada"), "account", shop["acme"])}
        whole = {one.name: one for one in read_relations(reader(shop), "account", shop["acme"])}

        assert (own["deals"].total, whole["deals"].total) == (1, 2)
        assert own["deals"].field == "account"
        assert [head.name for head in own["deals"].listed.heads].count("account") == 0

    def test_what_was_said_stands_newest_first(self, shop):
        for day in (1, 3, 2):
            make_interaction(
                shop["store"], date(2017, 11, day), account=shop["acme"], subject=f"Day {day}", user=shop["ada"]
            )

        talks, total = read_talks(reader(shop, "ada"), "account", shop["acme"], limit=2)

        assert ([talk.subject for talk in talks], total) == (["Day 3", "Day 2"], 3)
        assert read_talks(reader(shop, "ada"), "pipeline", 1) == ((), 0)

    def test_what_is_worked_out_is_told_where_there_is_something(self, shop):
        figures = {one.field.name: one.cell.text for one in read_figures(reader(shop), "account", shop["acme"])}

        assert figures["open_deal_count"] == "1"
        assert "last_interaction_at" not in figures

    def test_how_it_stands_among_all_others_is_told_apart(self, shop):
        at, names = reader(shop), ("recency", "frequency", "monetary", "rfm_segment")

        make_deal(shop["store"], "Won", stage="Won", account=shop["acme"], amount=5, closed_on=TODAY, currency="USD")
        plain = {one.field.name for one in read_figures(at, "account", shop["acme"])}
        among = {one.field.name for one in read_figures(at, "account", shop["acme"], among_all=True)}

        assert "lifecycle" in plain
        assert not plain.intersection(names)
        assert among == set(names)
        assert read_figures(at, "deal", shop["deal"], among_all=True) == ()

    def test_the_page_of_an_account_asks_once_for_each_kind_of_record(self, shop):
        at = reader(shop)
        seen = []
        read_page(at, shop["bolt"])
        event.listen(shop["store"]._reader, "before_cursor_execute", lambda c, cursor, sql, *_: seen.append(sql))

        read_page(at, shop["acme"])

        assert len(seen) <= 5 + len(at.schema.entity("account").children)


class TestEditing:
    def test_an_edit_is_saved_and_can_be_undone(self, shop):
        at = reader(shop, "ada")

        saved = save(at, read_record(at, "deal", shop["deal"]), {"amount": 2000, "next_step": "call"})
        undo(shop["store"], saved.change_set, actor=at.actor, door="web")

        assert (saved.now.shown("amount").cell.text, saved.clashes) == ("$2,000", ())
        assert read_record(at, "deal", shop["deal"]).shown("amount").cell.text == "$1,000.50"

    def test_an_edit_that_changes_nothing_leaves_no_trace(self, shop):
        at = reader(shop, "ada")
        view = read_record(at, "deal", shop["deal"])

        assert save(at, view, {"name": "Alpha"}).change_set == ""

    def test_two_edits_of_different_fields_both_hold(self, shop):
        at = reader(shop)
        first = second = read_record(at, "deal", shop["deal"])

        save(at, first, {"next_step": "call"})
        saved = save(at, second, {"amount": 5})

        assert saved.change_set
        assert (saved.now.shown("next_step").cell.text, saved.now.shown("amount").cell.text) == ("call", "$5")

    def test_two_edits_of_one_field_show_what_was_what_is_and_who_was_first(self, shop):
        at = reader(shop)
        view = read_record(at, "deal", shop["deal"])
        save(reader(shop, "ada"), view, {"amount": 1500})

        clashed = save(at, view, {"amount": 900, "next_step": "call"})
        (clash,) = clashed.clashes
        decided = save(at, clashed.now, {"amount": 900, "next_step": "call"})

        assert (clash.base, clash.theirs, clash.who) == ("$1,000.50", "$1,500", f"user {shop['ada']}")
        assert clashed.change_set == ""
        assert decided.now.shown("amount").cell.text == "$900"

    def test_nobody_edits_or_deletes_another_persons_record(self, shop):
        view = read_record(reader(shop), "account", shop["bolt"])
        may_read = Reader(shop["store"], actor_for(shop["ada"]), TODAY, "en")

        assert not read_record(may_read, "account", shop["bolt"]).may_edit
        with pytest.raises(Forbidden):
            save(may_read, view, {"industry": "retail"})
        with pytest.raises(Forbidden):
            delete(may_read, view)

    def test_a_deleted_record_is_gone_until_the_undo(self, shop):
        at = reader(shop, "ada")

        done = delete(at, read_record(at, "deal", shop["deal"]))
        with pytest.raises(NotFound):
            read_record(at, "deal", shop["deal"])
        undo(shop["store"], done, actor=at.actor, door="web")

        assert read_record(at, "deal", shop["deal"]).title == "Alpha"

    def test_a_new_record_says_what_it_needs_and_what_it_looks_like(self, shop):
        at = reader(shop)
        fields, needed = form_fields(at, "account")

        made = create(at, "account", {"name": "Zeta", "industry": None})

        assert (fields[0].name, needed) == ("name", {"name"})
        assert read_record(at, "account", made).title == "Zeta"
        assert look_alikes(at, "account", {"name": "acme"}) == (("account", shop["acme"], "Acme"),)
        with pytest.raises(Invalid, match="name"):
            create(at, "account", {"industry": "retail"})

    def test_a_reference_offers_what_the_person_may_see(self, shop):
        assert offered(reader(shop, "ada"), "account") == {shop["acme"]: "Acme"}
        assert list(offered(reader(shop), "account", "bol").values()) == ["Bolt secret"]
        assert list(offered(reader(shop), "stage").values()) == ["Prospecting", "Engaging", "Won", "Lost"]


class TestSearch:
    def test_names_are_found_across_kinds_the_nearest_first(self, shop):
        store = shop["store"]
        make_account(store, "Halpha", owner=shop["ada"])
        make_contact(store, "Al Phare", email="alpha@acme.example", owner=shop["ada"])

        found = {kind: [hit.label for hit in hits] for kind, hits in search_names(reader(shop, "ada"), " alpha ").hits}

        assert found == {"deal": ["Alpha"], "account": ["Halpha"], "contact": ["Al Phare"]}

    def test_a_search_tells_nothing_of_what_the_person_may_not_see(self, shop):
        make_interaction(shop["store"], date(2017, 11, 1), account=shop["bolt"], body="The turbine budget is frozen.")
        keep_in_step(shop["store"])
        knowledge = Knowledge(shop["store"])

        assert search_names(reader(shop, "ada"), "secret").is_empty
        assert search_texts(reader(shop, "ada"), knowledge, "turbine budget") == ()
        assert [hit.label for _, hits in search_names(reader(shop), "secret").hits for hit in hits] == ["Bolt secret"]
        assert "turbine" in search_texts(reader(shop), knowledge, "turbine budget")[0].text

    @pytest.mark.parametrize("words", ["", " ", "a"])
    def test_too_little_to_look_for_finds_nothing(self, shop, words):
        assert search_names(reader(shop), words).is_empty
        assert search_texts(reader(shop), Knowledge(shop["store"]), words) == ()
