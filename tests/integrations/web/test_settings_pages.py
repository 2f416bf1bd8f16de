"""What may be set, by whom, and that it can be taken back."""

from decimal import Decimal

import pytest
from nicegui import ui
from pydantic import SecretStr

from crm_core.access import ADMIN
from crm_core.auto_drafts import rules_of
from crm_core.changes import list_changes
from crm_core.custom_fields import list_fields
from crm_core.errors import Forbidden
from crm_core.health import read_limits
from crm_core.scores.points import card_text
from crm_core.stages import list_stages
from crm_core.tokens import list_tokens
from integrations.stored import effective
from integrations.web.settings.frame import is_admin
from integrations.web.settings.hooks import read_hooks
from integrations.web.settings.pages import SETTINGS
from integrations.web.settings.scoring import keep_card
from integrations.web.settings.users import read_members

ARRANGED = tuple(page.path for page in SETTINGS if page.may_see is is_admin)
OWN = tuple(page.path for page in SETTINGS if page.may_see is not is_admin)


async def fill(user, label, value):
    field = [one for one in user.find(kind=ui.input).elements if one.props.get("label") == label][-1]
    field.value = value


def press(user, label):
    """The newest button of this name: that of a window which stands open."""
    buttons = user.find(kind=ui.button, content=label)
    buttons.elements = {max(buttons.elements, key=lambda one: one.id)}
    buttons.click()


def test_what_holds_for_all_is_not_there_for_others_than_administrators(visit):
    assert len(ARRANGED) == 5

    async def walk(user):
        for path in ARRANGED:
            assert (await user.http_client.get(path)).status_code == 404, path
        for path in OWN:
            assert (await user.http_client.get(path)).status_code == 200, path

    visit("Ada North", walk)
    visit("Cy Audit", walk)


def test_every_page_of_settings_opens_for_an_administrator_in_both_languages(visit, company):
    from crm_core.signing_in import set_preferences

    async def walk(user):
        for path in (*ARRANGED, *OWN):
            assert (await user.http_client.get(path)).status_code == 200, path

    visit("Di Admin", walk)
    set_preferences(company.store, company.actor("Di Admin").id, lang="zh")
    visit("Di Admin", walk)


def test_a_person_is_added_and_taken_back(visit, company):
    async def walk(user):
        await user.open("/settings/users")
        await user.should_see("New person", retries=150)
        user.find("New person").click()
        await user.should_see("Job title", retries=150)
        await fill(user, "Name", "Eli New")
        user.find("Save").click()
        await user.should_see("Saved.", retries=150)
        await user.should_see("Eli New", retries=150)
        user.find("Undo").click()
        await user.should_see("Taken back.", retries=150)

    visit("Di Admin", walk)
    assert "Eli New" not in [one.name for one in read_members(company.store).people]
    assert len(list_changes(company.store, ADMIN)) == 2


def test_how_far_a_role_sees_is_set_and_taken_back(visit, company):
    async def walk(user):
        await user.open("/settings/users")
        await user.should_see("What the roles may do", retries=150)
        edits = user.find(kind=ui.button, content="Edit")
        edits.elements = {one for one in edits.elements if one.props.get("aria-label") == "Edit Rep"}
        edits.click()
        await user.should_see("Save", retries=150)
        next(one for one in user.find(kind=ui.select).elements if one.props.get("label") == "Sees").value = "team"
        user.find("Save").click()
        await user.should_see("Saved.", retries=150)
        assert company.actor("Ada North").reads == "team"
        user.find("Undo").click()
        await user.should_see("Taken back.", retries=150)

    before = company.actor("Ada North").reads
    visit("Di Admin", walk)
    assert company.actor("Ada North").reads == before


def test_a_link_for_a_password_is_shown_once_and_good_once(visit, company):
    from crm_core.signing_in import Purpose, use_link

    shown = []

    async def walk(user):
        await user.open("/settings/users")
        await user.should_see("Password link", retries=150)
        user.find("Password link").click()
        await user.should_see("Good once", retries=150)
        shown.extend(str(one.value) for one in user.find(kind=ui.input).elements if "key=" in str(one.value))

    visit("Di Admin", walk)
    key = shown[0].partition("key=")[2]
    assert use_link(company.store, key, Purpose.SET_PASSWORD) is not None
    assert use_link(company.store, key, Purpose.SET_PASSWORD) is None


def test_a_field_of_ones_own_is_made(visit, company):
    async def walk(user):
        await user.open("/settings/fields")
        await user.should_see("New field", retries=150)
        user.find("New field").click()
        await user.should_see("Holds", retries=150)
        await fill(user, "Name", "Budget holder")
        user.find("Create").click()
        await user.should_see("Saved.", retries=150)

    visit("Di Admin", walk)
    assert [field.label for field in list_fields(company.store)] == ["Budget holder"]


def test_a_stage_with_deals_is_not_deleted(visit, company):
    async def walk(user):
        await user.open("/settings/stages")
        await user.should_see("Prospecting", retries=150)
        user.find(marker="delete-Prospecting").click()
        await user.should_see("Delete the stage Prospecting?", retries=150)
        press(user, "Delete")
        await user.should_see("stand in Prospecting", retries=150)

    visit("Di Admin", walk)
    assert "Prospecting" in [one.name for one in list_stages(company.store)]


def test_a_token_is_shown_once_and_taken_back(visit, company):
    async def walk(user):
        await user.open("/settings/tokens")
        await user.should_see("There are no tokens.", retries=150)
        user.find("New token").click()
        await user.should_see("Days that it lives", retries=150)
        await user.should_not_see("arrange webhooks")
        await fill(user, "For", "my script")
        user.find("Create").click()
        await user.should_see("It is shown this once", retries=150)
        assert any(str(one.value).startswith("farley_") for one in user.find(kind=ui.input).elements)
        await user.open("/settings/tokens")
        await user.should_see("my script", retries=150)
        await user.should_not_see("farley_")
        user.find("Take back").click()
        await user.should_see("At once and for good", retries=150)
        press(user, "Take back")
        await user.should_see("opens nothing any more", retries=150)

    visit("Ada North", walk)
    assert list_tokens(company.store, company.actor("Ada North"))[0].revoked_at is not None


def test_everybody_chooses_when_drafts_come_for_them_and_not_for_others(visit, company):
    async def walk(user):
        await user.open("/settings/drafts")
        await user.should_see("Drafts for you", retries=150)
        await user.should_not_see("For all who chose nothing else")
        await fill(user, "Quiet from", "21:30")
        user.find("Save").click()
        await user.should_see("Saved.", retries=150)

    visit("Ada North", walk)
    with company.store.read() as connection:
        assert rules_of(connection, company.ada, time_zone="UTC").quiet_from == "21:30"


def test_a_limit_of_a_warning_is_set_and_can_be_undone(visit, company):
    async def walk(user):
        await user.open("/settings/scoring")
        await user.should_see("Warnings", retries=150)
        user.find(marker="limit-stalled").click()
        await user.should_see("Give this warning", retries=150)
        next(one for one in user.find(kind=ui.number).elements).value = 45
        press(user, "Save")
        await user.should_see("Saved.", retries=150)

    visit("Di Admin", walk)
    with company.store.read() as connection:
        assert read_limits(connection).of("stalled") == 45


def test_the_points_card_takes_an_administrator_and_a_card_that_is_one(desk, company):
    desk.settings.home.mkdir()
    own = desk.settings.home / "points.yaml"
    good = card_text(own).replace("A: 60", "A: 61")

    with pytest.raises(Forbidden):
        keep_card(desk, good, actor=company.actor("Ada North"))
    keep_card(desk, good, actor=ADMIN)
    assert "A: 61" in card_text(own)
    keep_card(desk, None, actor=ADMIN)
    assert "A: 61" not in card_text(own)


def test_webhooks_are_read_by_administrators_alone(desk, company):
    assert read_hooks(desk, ADMIN).hooks == ()
    with pytest.raises(Forbidden):
        read_hooks(desk, company.actor("Ada North"))


@pytest.mark.parametrize("environment", [{"model_key": SecretStr("sk-of-ours")}])
def test_a_setting_that_is_secret_is_on_no_page(visit):
    async def walk(user):
        await user.open("/settings/usage")
        await user.should_see("FARLEY_MODEL_KEY", retries=150)
        await user.should_see("there, not shown")
        await user.should_not_see("sk-of-ours")
        await user.should_not_see("FARLEY_SMTP_PASSWORD")

    visit("Di Admin", walk)


def test_the_budget_is_set_on_the_page_with_undo(visit, desk, company):
    async def walk(user):
        await user.open("/settings/usage")
        await user.should_see(marker="set-model_daily_cap", retries=150)
        user.find(marker="set-model_daily_cap").click()
        await user.should_see(marker="setting-value", retries=150)
        user.find(marker="setting-value").clear().type("2.5")
        user.find("Save").click()
        await user.should_see("Saved", retries=150)
        await user.should_see("an administrator", retries=150)
        assert effective(desk.settings, company.store).model_daily_cap == Decimal("2.5")
        user.find("Undo").click()
        await user.should_not_see("an administrator", retries=150)
        assert effective(desk.settings, company.store) == desk.settings

    visit("Di Admin", walk)


@pytest.mark.parametrize("environment", [{"model_daily_cap": 7}])
def test_what_the_environment_sets_is_told_and_cannot_be_set_on_the_page(visit):
    async def walk(user):
        await user.open("/settings/usage")
        await user.should_see("the environment (FARLEY_MODEL_DAILY_CAP)", retries=150)
        await user.should_not_see(marker="set-model_daily_cap")

    visit("Di Admin", walk)
