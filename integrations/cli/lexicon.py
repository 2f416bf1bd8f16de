"""`farley lexicon`: the words that nobody could read, what they may mean, and teaching them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.options import AsUser, JsonFlag

if TYPE_CHECKING:
    from copilot.suggesting import Suggestion
    from crm_core.company_words import TaughtWord
    from crm_core.schema import Schema
    from integrations.cli.session import Session

app = typer.Typer(
    help="Teach the company's own words to the offline planner.", rich_markup_mode=None, no_args_is_help=True
)

Word = Annotated[str, typer.Argument(metavar="WORD", help="As people say it; quotes around several words.")]
NOTHING = (
    "There is nothing to suggest: every question so far was read, or answered by other words. "
    "Words that a question fails on are collected on this machine (FARLEY_LEARN=off stops that)."
)
STOPPED = "There is nothing to suggest, and FARLEY_LEARN=off: no words are collected."


@app.command("suggest")
def suggest(
    user: AsUser = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=500, help="How many words.")] = 20,
    json: JsonFlag = False,
) -> None:
    """List the words that questions failed on, the most frequent first, and what each may mean."""
    from copilot.offline.planner import Planner
    from copilot.offline.similar import load_similar
    from copilot.suggesting import suggest as find_suggestions
    from copilot.unread import UnreadWords
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        _check_admin(session, "read what others asked")
        collected = UnreadWords(session.settings.conversations).read()
        similar = load_similar() if collected else None
        found = find_suggestions(
            collected, Planner(session.store), session.store.schema, today=session.today, limit=limit, similar=similar
        )
        if json:
            print_json({"suggestions": [_as_json(one) for one in found]})
        elif not found:
            say(STOPPED if session.settings.learn == "off" else NOTHING)
        else:
            for one in found:
                _show(one)


@app.command("accept")
def accept(
    word: Word,
    meaning: Annotated[
        str,
        typer.Argument(
            metavar="MEANING",
            help="deal.amount, account, metric:bookings, account.industry=retail, or a condition: 'revenue over 1m'.",
        ),
    ],
    user: AsUser = None,
    json: JsonFlag = False,
) -> None:
    """Let WORD mean MEANING from now on, in the place of what it meant before. Takes an administrator."""
    from copilot.offline.planner import Planner
    from crm_core.company_words import accept_word
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        _check_admin(session, "teach words")
        read = Planner(session.store).meanings(session.today).read(word, meaning)
        where = read.where.model_dump(mode="json", exclude_defaults=True) if read.where is not None else None
        change = accept_word(
            session.store, word, read.target, meaning=where, told=read.told, actor=session.actor, door="cli"
        )
        if json:
            told = {"word": word, "target": read.target, "where": where, "means": read.told, "change": change}
            print_json(told)
        else:
            say(f"{word!r} means from now on: {read.told}\n`farley undo {change[:8]}` takes this back.")


@app.command("list")
def list_words(user: AsUser = None, json: JsonFlag = False) -> None:
    """List the words of the company: those that were taught here and those that came with an import."""
    from crm_core.company_words import list_words as find_words
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say, show_table

    with open_session(user) as session:
        schema = session.store.schema
        rows = [(one, _told(schema, one)) for one in find_words(session.store)]
        if json:
            print_json({"words": [_word_json(one, told) for one, told in rows]})
        elif not rows:
            say("There are no words of your own yet: `farley lexicon accept WORD MEANING` teaches one.")
        else:
            show_table(("word", "means", "from"), [(one.phrase, told, one.source) for one, told in rows])


@app.command("remove")
def remove(word: Word, user: AsUser = None, json: JsonFlag = False) -> None:
    """Forget every meaning that WORD was given. Takes an administrator."""
    from crm_core.company_words import remove_word
    from integrations.cli.session import open_session
    from integrations.cli.show import print_json, say

    with open_session(user) as session:
        _check_admin(session, "remove words")
        change = remove_word(session.store, word, actor=session.actor, door="cli")
        if json:
            print_json({"word": word, "change": change})
        else:
            say(f"{word!r} has no meaning of its own any more.\n`farley undo {change[:8]}` takes this back.")


@app.command("forget")
def forget(user: AsUser = None, json: JsonFlag = False) -> None:
    """Delete the collected questions. What was taught stays. Takes an administrator."""
    from copilot.unread import UnreadWords
    from integrations.cli.session import open_session
    from integrations.cli.show import count_of, print_json, say

    with open_session(user) as session:
        _check_admin(session, "delete what was collected")
        number = UnreadWords(session.settings.conversations).forget()
        if json:
            print_json({"forgotten": number})
        else:
            say(f"Forgotten: {count_of(number, 'question')}.")


def _check_admin(session: "Session", what: str) -> None:
    """Before any work is done; the change set checks the right again."""
    from crm_core.errors import Forbidden
    from crm_core.models import UserRole

    if session.actor.role is not UserRole.ADMIN:
        raise Forbidden(f"The role {session.actor.role} may not {what}; it takes an administrator.")


def _told(schema: "Schema", word: "TaughtWord") -> str:
    from copilot.offline.telling import tell_condition, tell_target
    from crm_core.company_settings import TARGET as SETTING
    from crm_core.health.limits import TARGET as HEALTH

    if word.target.startswith((SETTING, HEALTH)):
        return ", ".join(f"{name} {value}" for name, value in (word.meaning or {}).items())
    if word.meaning is not None:
        own = schema.own_conditions.get(word.phrase)
        return tell_condition(schema, own.entity, own.where, lang="en") if own else "a field that is gone"
    known = word.target in schema.own_words.get(word.phrase, ())
    return tell_target(schema, word.target, lang="en") if known else f"{word.target}, which is gone"


def _show(one: "Suggestion") -> None:
    import shlex

    from integrations.cli.show import count_of, say

    note = "; known, but it had no place there" if one.is_known else ""
    say(f"{one.word}  ({count_of(one.count, 'question')}, last on {one.last_on}{note})", "bold")
    for example in one.examples:
        say(f"  asked: {example}", "dim")
    for text in one.rephrased:
        say(f"  then asked and answered: {text}", "dim")
    word = shlex.quote(one.word)
    for candidate, told in one.candidates:
        say(f"  {told}  [{candidate.how}: {candidate.phrase}]")
        say(f"    farley lexicon accept {word} {shlex.quote(candidate.meaning)}")
    if not one.candidates and not one.is_known:
        say(f"  nothing comes near; say what it means: farley lexicon accept {word} 'revenue over 1m'")


def _as_json(one: "Suggestion") -> dict[str, Any]:
    candidates = [
        {"meaning": candidate.meaning, "means": told, "near": candidate.phrase, "how": candidate.how,
         "score": candidate.score}
        for candidate, told in one.candidates
    ]  # fmt: skip
    return {
        "word": one.word, "is_known": one.is_known, "count": one.count, "last_on": one.last_on,
        "examples": list(one.examples), "rephrased": list(one.rephrased), "candidates": candidates,
    }  # fmt: skip


def _word_json(word: "TaughtWord", told: str) -> dict[str, Any]:
    return {
        "word": word.phrase, "target": word.target, "where": word.meaning, "means": told, "source": word.source,
    }  # fmt: skip
