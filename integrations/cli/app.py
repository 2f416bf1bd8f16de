"""The commands. Each topic module adds its own; `farley --help` shows them in this order."""

import typer

from integrations.cli import (
    adapting,
    asking,
    attacking,
    autodrafting,
    briefing,
    changes,
    chat,
    checkup,
    day,
    drafting,
    egress,
    evaluating,
    gauging,
    health,
    importing,
    indexing,
    lexicon,
    making,
    reporting,
    scoring,
    sending,
    serving,
    slacking,
    starting,
    tokens,
    usage,
    users,
    working,
)

app = typer.Typer(
    help="A sales copilot over your own CRM data: it proposes, a person approves, every figure has a source.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("start")(starting.start)
app.command("init")(making.init)
app.command("import")(importing.import_files)
app.command("ask")(asking.ask)
app.command("chat")(chat.chat)
app.command("brief")(briefing.brief)
app.command("day")(day.day)
app.command("health")(health.health)
app.command("report")(reporting.report)
app.command("draft")(drafting.draft)
app.command("approve")(changes.approve)
app.command("reject")(changes.reject)
app.command("send")(sending.send)
app.command("undo")(changes.undo)
app.command("changes")(changes.changes)
app.command("serve")(serving.serve)
app.command("mcp")(serving.mcp)
app.command("egress")(egress.egress)
app.command("usage")(usage.usage)
app.command("index")(indexing.index)
app.command("score")(scoring.score)
app.command("worker")(working.worker)
app.command("doctor")(checkup.doctor)
app.add_typer(users.app, name="user")
evaluating.app.add_typer(gauging.app)  # nameless: its commands stand beside the others
app.add_typer(tokens.app, name="token")
app.add_typer(slacking.app, name="slack")
app.add_typer(autodrafting.app, name="autodrafts")
app.add_typer(lexicon.app, name="lexicon")
evaluating.app.command("safety")(attacking.safety)
evaluating.app.command("all")(attacking.everything)
evaluating.app.command("adapter")(adapting.adapter)
app.add_typer(evaluating.app, name="eval")
