"""Other words for what waits or was approved, typed by the person at the keyboard: `--set`, or their editor."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crm_core.changes import Change, ChangeSet
    from crm_core.changes.draft import Mail
    from integrations.cli.session import Session

Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Another value for a field, or words for a blank of a mail."),
]
Edit = Annotated[bool, typer.Option("--edit", help="Open the mail in your editor (VISUAL or EDITOR).")]


def correct(session: "Session", id_or_prefix: str, sets: Sequence[str], *, in_editor: bool) -> "ChangeSet":
    """A corrected proposal in the place of one that waits, or a proposal to change a mail that was approved.

    Raises:
        Invalid: there is no such field or blank, or several.
        Conflict: nothing is different.
    """
    from crm_core.changes import Origin, propose
    from crm_core.changes.draft import edited, read_mail, rewrite, summarise
    from crm_core.errors import Conflict

    replaced: str | None
    store, actor, today = session.store.for_agent, session.actor, session.today
    waiting = None if id_or_prefix.isdecimal() and len(id_or_prefix) > 8 else _read(session, id_or_prefix)
    is_mail = waiting is None or [one.entity for one in waiting[1]] == ["draft"]
    if waiting is not None and not is_mail:
        given = _by_position(waiting[1], _pairs(sets), in_editor=in_editor)
        changes, replaced = edited(store, waiting[1], given, actor=actor, today=today), waiting[0].id
    else:
        mail = read_mail(store, id_or_prefix, actor=actor, today=today)
        texts = _reworded(session, mail, _pairs(sets), in_editor=in_editor)
        changes, replaced = list(rewrite(store, mail, texts, actor=actor, today=today).changes), mail.proposal
    if not changes:
        raise Conflict("Nothing is different.")
    origin = Origin("cli", tainted=waiting is not None and waiting[0].head.tainted)
    told = summarise(changes, store.schema)
    return propose(store, changes, actor=actor, summary=told, origin=origin, instead_of=replaced)


def _read(session: "Session", id_or_prefix: str) -> "tuple[ChangeSet, list[Change]]":
    from crm_core.changes import find_change_set, read_changes

    with session.store.read(session.actor) as connection:
        found = find_change_set(connection, session.actor, id_or_prefix)
        return found, [one for seq, one in read_changes(connection, found.id) if seq >= 0]


def _pairs(sets: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [(name.strip(), value.strip()) for name, _, value in (one.partition("=") for one in sets)]
    if any(not name or "=" not in given for (name, _), given in zip(pairs, sets, strict=True)):
        raise typer.BadParameter('write it like --set "price=4,500 EUR"', param_hint="--set")
    return pairs


def _by_position(
    changes: "Sequence[Change]", pairs: Sequence[tuple[str, str]], *, in_editor: bool
) -> dict[tuple[int, str], str]:
    """The values by the place of the one change that proposes such a field."""
    from crm_core.errors import Invalid

    if in_editor:
        raise Invalid("The editor opens mails; give other values by --set NAME=VALUE.")
    given = {}
    for name, value in pairs:
        places = [at for at, one in enumerate(changes) if name in one.set]
        if len(places) != 1:
            fields = ", ".join(dict.fromkeys(field for one in changes for field in one.set))
            why = "More than one change proposes" if places else "Nothing here proposes"
            raise Invalid(f"{why} {name!r}; proposed are: {fields}.")
        given[places[0], name] = value
    return given


def _reworded(session: "Session", mail: "Mail", pairs: Sequence[tuple[str, str]], *, in_editor: bool) -> dict[str, str]:
    from copilot.drafts.filling import fill_mail

    texts = {name: value for name, value in pairs if name in ("subject", "body")}
    fills = [pair for pair in pairs if pair[0] not in texts]
    if fills:
        texts |= fill_mail(mail, fills, actor=session.actor, today=session.today, over=texts).texts
    if in_editor:
        texts |= _in_editor({**mail.texts, **texts})
    return texts


def _in_editor(texts: dict[str, str]) -> dict[str, str]:
    """Subject and body as the person leaves them: the first line is the subject, the body begins two lines below."""
    import click

    from crm_core.errors import Conflict, Invalid

    before = f"{texts.get('subject', '')}\n\n{texts.get('body', '')}"
    try:
        after = click.edit(before, extension=".txt", require_save=False)
    except click.ClickException as error:
        raise Invalid(f"{error.message}. Name your editor in EDITOR, or give the words by --set.") from error
    subject, _, body = (after or "").strip("\n").partition("\n")
    if not body.strip():
        raise Conflict("No text is left, so nothing was changed.")
    return {"subject": subject.strip(), "body": body.strip("\n")}
