"""The shapes in which mail programs quote, and what people write under a mail."""

import pytest

from crm_core.transfer.mail.html import html_to_text
from crm_core.transfer.mail.split import split_mail

QUOTED = {
    "Gmail": "On Tue, Nov 14, 2017 at 10:12 AM Ada North <ada@farley.example> wrote:\n\n> Shall we?\n> Ada\n",
    "Gmail, broken line": "On Tue, Nov 14, 2017 at 10:12 AM Ada North\n<ada@farley.example> wrote:\n\n> Shall we?\n",
    "Apple Mail": "On 14 Nov 2017, at 10:12, Ada North <ada@farley.example> wrote:\n\n> Shall we?\n",
    "iPhone": "Sent from my iPhone\n\n"
    "> On 14 Nov 2017, at 10:12, Ada North <ada@farley.example> wrote:\n> \n> Shall we?",
    "Outlook": "From: Ada North <ada@farley.example>\nSent: Tuesday, November 14, 2017 10:12 AM\n"
    "To: Eva Novak <eva@norrvik.example>\nSubject: RE: Offer\n\nShall we?\n",
    "Outlook, old": "-----Original Message-----\nFrom: Ada North\nSent: Tuesday\nTo: Eva\nSubject: Offer\n\nShall we?",
    "Outlook on the web": "________________________________\nFrom: Ada North <ada@farley.example>\n"
    "Sent: Tuesday\nTo: Eva\nCc: Bo; Cem;\n Dan\nSubject: Offer\n\nShall we?",
    "Outlook, bold": "*From:* Ada North <ada@farley.example>\n*Sent:* Tuesday\n"
    "*To:* Eva\n*Subject:* Offer\n\nShall we?",
    "Outlook, Chinese": "发件人: Ada North <ada@farley.example>\n发送时间: 2017年11月14日 10:12\n"
    "收件人: 李雷\n主题: 报价\n\n您好",
    "Thunderbird, German": "Am 14.11.2017 um 10:12 schrieb Ada North <ada@farley.example>:\n> Wollen wir?\n",
    "Gmail, French": "Le mar. 14 nov. 2017 à 10:12, Ada North <ada@farley.example> a écrit :\n\n> On y va ?\n",
    "Gmail, Chinese": "Ada North <ada@farley.example> 于2017年11月14日周二 10:12写道：\n\n> 您好\n",
    "Apple Mail, Chinese": "在 2017年11月14日，10:12，Ada North <ada@farley.example> 写道：\n\n> 您好\n",
    "QQ": "\n------------------ 原始邮件 ------------------\n发件人: \"Ada\" <ada@farley.example>;\n"
    "发送时间: 2017年11月14日(星期二) 上午10:12\n收件人: \"李雷\"<lilei@qq.com>;\n主题: 报价\n\n您好",
    "QQ, English": "------------------&nbsp;Original&nbsp;------------------\n"
    "From: &nbsp;\"Ada\"\nDate: &nbsp;Tue\n\nHello",
    "163": "在 2017-11-14 10:12:13，\"Ada North\" <ada@farley.example> 写道：\n>您好\n>报价如下\n",
    "163, newer": "---- 回复的原邮件 ----\n| 发件人 | Ada North<ada@farley.example> |\n| 日期 | 2017年11月14日 |\n您好",
    "163, English": "At 2017-11-14 10:12:13, \"Ada North\" <ada@farley.example> wrote:\n\nShall we?\n",
}  # fmt: skip

UNDER = {
    "dashes": ("We take it.", "-- \nEva Novak\nNorrvik AB"),
    "dashes without a space": ("We take it.", "--\nEva Novak"),
    "a row of lines": ("We take it.", "______\nEva Novak\n+46 8 123 456"),
    "after the closing and the name": ("We take it.\n\nBest regards,\nEva Novak", "Head of Buying\n+46 8 123 456"),
    "after a Chinese closing": ("可以。\n\n此致\n敬礼\n李雷", "采购经理\n电话：010-1234567"),
    "with a long notice": (
        "We take it.\n\nThanks!\nEva",
        "Eva Novak | Norrvik AB\nThis e-mail is confidential and meant for whom it is addressed to; if that is not "
        "you, tell us and delete it, and do not pass on what stands in it to anybody else.",
    ),
    "a telephone": ("We take it.", "Sent from my iPhone"),
    "a Chinese telephone": ("可以。", "发自我的iPhone"),
    "a telephone's program": ("We take it.\n\nThanks,\nEva", "Get Outlook for iOS<https://aka.example/o>"),
}

WHOLE = {
    "no quotation": "Hello Ada,\n\nwe need three:\n- one\n- two\n\nEva",
    "a closing in mid-sentence": "Thanks, that works: we take three.\n\nRegards to Bo. He knows more.",
    "a sentence that says who wrote": "As Bo wrote: we take three.\nSee you.",
    "a label in a sentence": "From: what I hear, all is well.\nTo: be sure, call me.",
    "dashes between two parts": "First part.\n--\n" + "Much more text follows in many lines.\n" * 20,
    "a last part after dashes": "Two points.\n--\nThe second one is that we need them by June.",
    "words under a telephone's line": "Yes.\nSent from my iPhone\nPlease add the pilot to the offer as well.",
    "passed on": "FYI\n\n---------- Forwarded message ---------\nFrom: Eva\nDate: Tue\nTo: Ada\n\nWe want 40 seats.",
    "passed on, Chinese": "---- 转发的邮件 ----\n发件人: 李雷\n\n我们要40个席位。",
    "a postscript": "We take it.\n\nBest,\nEva\n\nP.S. And 20 more by June",
    "a Chinese postscript": "可以。\n\n谢谢\n李雷\n\n另：六月前还要20台",
    "a sentence after the name": "We take it.\n\nThanks,\nEva\n\nPlease call me before Friday, I am away then.",
    "a question after the name": "可以。\n\n谢谢\n李雷\n\n请问六月前可以交货吗？",
    "nothing but a quotation": "> We want 40 seats.\n> Eva",
    "nothing but a signature": "Best regards,\nEva",
    "empty": "",
}


@pytest.mark.parametrize("quoted", QUOTED.values(), ids=QUOTED.keys())
def test_the_quoted_mail_is_split_off(quoted):
    found = split_mail(f"We take it.\nThree of them.\n\n{quoted}")

    assert found.said == "We take it.\nThree of them."
    assert found.rest.split() == quoted.split()


@pytest.mark.parametrize(("said", "under"), UNDER.values(), ids=UNDER.keys())
def test_the_signature_is_split_off_and_the_closing_stays(said, under):
    assert split_mail(f"{said}\n\n{under}") == (said, under)


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_what_is_doubtful_stays(text):
    assert split_mail(text) == (text.strip(), "")


def test_answers_between_quoted_lines_are_kept():
    intro = "On 14 Nov 2017, at 10:12, Ada North <ada@farley.example> wrote:"

    found = split_mail(f"{intro}\n\n> Can you do 5 %?\n\nNo, 3 % at most.\n\n> And delivery?\n\nIn May.\n")

    assert found.said == "No, 3 % at most.\n\nIn May."


def test_quoted_lines_that_were_broken_on_their_way_are_quoted_still():
    long = "> We would like to hear by the end of this week whether the pilot in"
    quoted = f"On Nov 14, 2017 10:12 AM, Ada <ada@farley.example> wrote:\n{long}\nLyon can begin in May.\n> Ada"

    assert split_mail(f"Yes.\n\n{quoted}").said == "Yes."
    assert split_mail("> Can you do 5 %?\nNo.\n> And delivery?\nIn May.").said == "No.\nIn May."


def test_a_signature_above_the_quoted_mail_is_found_too():
    found = split_mail(f"We take it.\n\n-- \nEva Novak\nNorrvik AB\n\n{QUOTED['Outlook']}")

    assert found.said == "We take it."


@pytest.mark.parametrize(
    "text",
    [
        "Am " + " schrieb " * 50_000,
        "On " * 100_000,
        ("On " * 100 + "\n") * 2_000,
        "\n" * 200_000,
        "From: x:\n" * 50_000,
    ],
    ids=["one line", "one word", "many lines", "blank", "labels"],
)
def test_a_mail_made_to_be_slow_is_not(text):
    import time

    started = time.process_time()
    split_mail(text)

    assert time.process_time() - started < 5


ADA = "Ada &lt;<a href='mailto:a@b.example'>a@b.example</a>&gt;"
HTML = {
    "Gmail": f"<div dir=ltr>We take it.</div><br><div class=gmail_quote><div>On Tue, Nov 14, 2017 at 10:12 AM {ADA} "
    "wrote:<br></div><blockquote>Shall we?</blockquote></div>",
    "Outlook": f"<p>We take it.</p><div style='border-top:solid'><p><b>From:</b> {ADA}<br><b>Sent:</b> Tuesday<br>"
    "<b>To:</b> Eva<br><b>Subject:</b> Offer</p></div><p>Shall we?</p>",
    "Apple Mail": f"<div>We take it.</div><div><blockquote type=cite><div>On 14 Nov 2017, at 10:12, {ADA} wrote:</div>"
    "<br><div><div>Shall we?</div></div></blockquote></div>",
    "QQ": "<div>We take it.</div><div>&nbsp;</div><div style='font-size:12px'>------------------&nbsp;原始邮件&nbsp;"
    "------------------</div><div><b>发件人:</b> Ada<br><b>主题:</b> 报价</div><div>Shall we?</div>",
    "163": f"<div>We take it.</div><div>在 2017-11-14 10:12:13，{ADA} 写道：</div>"
    "<blockquote id=isReplyContent><div>Shall we?</div></blockquote>",
    "answers below": "<p>We take</p><blockquote><p>Shall we?</p><blockquote>Deeper.</blockquote></blockquote>it.",
}  # fmt: skip


@pytest.mark.parametrize("html", HTML.values(), ids=HTML.keys())
def test_quotations_in_html_are_split_off(html):
    found = split_mail(html_to_text(html))

    assert found.said.split() == ["We", "take", "it."]
    assert "Shall we?" in found.rest


def test_what_is_passed_on_within_a_quotation_is_kept_whole():
    html = "<p>FYI</p><blockquote><p>Begin forwarded message:</p><p>From: Eva</p><p>We want 40 seats.</p></blockquote>"

    assert "We want 40 seats." in split_mail(html_to_text(html)).said
