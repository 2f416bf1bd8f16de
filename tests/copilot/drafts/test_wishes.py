"""How a draft is wished for and changed by chat, in both languages; what only sounds like it stays what it was."""

import pytest

from copilot.drafts.wishes import Wishes, read_lines, read_wishes
from copilot.offline.drafting import find_draft
from copilot.reply import Status
from crm_core.changes import approve
from crm_core.errors import Conflict
from crm_core.models import Purpose


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("shorter", Wishes(length="short")),
        ("Make it a bit shorter, please.", Wishes(length="short")),
        ("that's too long", Wishes(length="short", unread=("that's too long",))),
        ("longer and more formal", Wishes(length="long", tone="formal")),
        ("less formal", Wishes(tone="warm")),
        ("in Chinese", Wishes(lang="zh")),
        ("translate it to English", Wishes(lang="en")),
        ("mention the pilot", Wishes(mention=("the pilot",))),
        ("leave out the price", Wishes(leave_out=("the price",))),
        ("shorter, in English and mention the pilot", Wishes(length="short", lang="en", mention=("the pilot",))),
        ("make it a thank-you", Wishes(purpose=Purpose.THANK_YOU)),
        ("更短一点", Wishes(length="short")),
        ("用中文写", Wishes(lang="zh")),
        ("语气正式一些", Wishes(tone="formal")),
        ("提一下试点", Wishes(mention=("试点",))),
        ("不要提价格", Wishes(leave_out=("价格",))),
    ],
)
def test_wishes_are_read_from_words(text, wishes):
    assert read_wishes(text) == wishes


@pytest.mark.parametrize("text", ["how many deals are open?", "what about Acme?", "mark it as won", "thanks"])
def test_other_words_are_no_wishes_about_a_draft(text):
    found = read_wishes(text)

    assert found.unread or found == Wishes(purpose=Purpose.THANK_YOU)


def test_wishes_survive_being_kept_with_the_draft():
    wishes = Wishes(mention=("the pilot", "试点"), leave_out=("the price",))

    assert read_lines(wishes.lines()) == wishes
    assert read_wishes(wishes.words()) == wishes
    for purpose in Purpose:
        assert read_wishes(Wishes(purpose, "formal", "normal", "zh").words()) == Wishes(
            purpose, "formal", "normal", "zh"
        )


def test_what_is_wished_later_counts():
    first = Wishes(length="long", mention=("the pilot",))

    assert first.then(read_wishes("shorter, leave out the pilot")) == Wishes(length="short", leave_out=("the pilot",))


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("draft a follow-up to Ada about the pilot", "Ada"),
        ("Could you please draft a short thank-you note to Ada Byron", "Ada Byron"),
        ("write Ada an email", "Ada"),
        ("write a reply to Ada, keep it short", "Ada"),
        ("给李伟写一封跟进邮件", "李伟"),
        ("写一封感谢信给李伟，语气正式", "李伟"),
        ("write to Ada about the trial", "Ada"),
        ("draft something to Ada", "Ada"),
        ("draft a reply", ""),
    ],
)
def test_a_request_for_a_draft_is_known_by_its_form(text, who):
    found = find_draft(text)

    assert found is not None
    assert found.who == who


@pytest.mark.parametrize(
    "text",
    ["remind me to follow up with Ada", "write a note on Acme", "show my drafts", "what did Ada write?",
     "schedule a follow-up with Ada", "who wrote the email to Acme?", "draft a contract for Acme", "跟进李伟",
     "李伟的邮件写了什么"],
)  # fmt: skip
def test_what_only_sounds_like_it_is_no_request_for_a_draft(text):
    assert find_draft(text) is None


def test_a_topic_may_be_the_purpose():
    found = find_draft("draft a mail to Ada about her objections")

    assert found is not None
    assert found.wishes == Wishes(purpose=Purpose.OBJECTION)


@pytest.mark.parametrize("text", ["thanks", "谢谢", "how many open deals are there?", "what is the offer?"])
def test_small_talk_and_questions_leave_the_waiting_draft_alone(desk, text):
    desk.ask("draft a follow-up to Ada Byron")

    assert desk.ask(text).status is not Status.PROPOSED


@pytest.mark.parametrize("text", ["forget it", "算了"])
def test_a_waiting_draft_is_taken_back(desk, text):
    desk.ask("draft a follow-up to Ada Byron")

    assert desk.ask(text).receipt[0].startswith(("Taken back", "已撤回"))


def test_it_becomes_another_kind_of_mail_when_words_say_so(desk):
    desk.ask("draft a follow-up to Ada Byron")

    assert desk.draft("make it a thank-you")["purpose"] == "thank_you"


def test_it_is_changed_by_chat_and_the_old_version_waits_no_more(desk):
    first = desk.ask("draft a follow-up to Ada Byron").proposals[0]
    shorter = desk.draft("shorter please")
    assert "training" not in shorter["body"]
    assert shorter["length"] == "short"

    formal = desk.draft("more formal")
    assert formal["body"].startswith("Dear Ada Byron,")
    assert (formal["length"], formal["tone"]) == ("short", "formal")

    assert desk.draft("in Chinese")["body"].startswith("尊敬的Ada Byron，您好：")
    with pytest.raises(Conflict, match="superseded"):
        approve(desk.store, first.id, sha256=first.sha256, actor=desk.actor, door="cli")


def test_topics_are_put_in_with_where_they_came_up_and_left_out_again(desk):
    desk.ask("draft a follow-up to Ada Byron")

    assert "On the trial plan, which came up on 10 November" in desk.draft("mention the trial plan")["body"]
    assert "On the weather: […: " in desk.draft("mention the weather")["body"]
    assert "weather" not in desk.draft("leave out the weather")["body"]
    assert "$9,000" in desk.draft("mention the price")["body"]
    assert "$9,000" not in desk.draft("leave out the price")["body"]


def test_a_product_is_told_as_the_catalogue_has_it(desk):
    desk.ask("draft a follow-up to Eve Poe")

    assert "tariffs compared every night." in desk.draft("mention Tariff Desk")["body"]


def test_chinese_requests_and_wishes(desk):
    made = desk.draft("给李伟写一封跟进邮件")
    assert made["language"] == "zh"
    assert "没有网络的时候可以用吗？" in made["body"]
    assert "你们需要离线使用" in desk.draft("更长一点")["body"]
    assert desk.draft("用英文写")["language"] == "en"


def test_tasks_and_questions_about_follow_ups_are_read_as_before(desk):
    assert desk.ask("remind me to follow up with Ada Byron tomorrow").proposals[0].changes[0]["entity"] == "task"
    assert desk.ask("what follow-ups do I have?").status is not Status.PROPOSED
