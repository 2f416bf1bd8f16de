"""An approved draft to a contact who agreed to be written to, on each database."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from crm_core.access import Actor
from crm_core.changes import Change, Op, commit_changes
from crm_core.db import Store
from crm_core.ids import new_id
from crm_core.sending import Letter, Ready, claim, find_ready
from crm_core.users import actor_for
from tests.factories import make, make_account, make_contact, make_user

NOW = datetime(2017, 11, 15, 9, 0, tzinfo=UTC)


@dataclass
class Desk:
    """A rep with a draft."""

    store: Store
    rep: Actor
    account: int
    contact: int
    draft: int

    def ready(self, actor: Actor | None = None) -> Ready:
        """The draft as it would be shown."""
        with self.store.read() as connection:
            return find_ready(connection, self.store.schema_at(connection), self.draft, actor=actor or self.rep)

    def claim(self, actor: Actor | None = None, **given: Any) -> Letter:
        """The person says: send it."""
        options: dict[str, Any] = {"door": "cli", "at": NOW, "shown": None, **given}
        options["shown"] = options["shown"] or self.ready(actor).approval
        return claim(self.store, self.draft, actor=actor or self.rep, **options)

    def approved(self, entity: str, record: int, **new: Any) -> None:
        """Change fields through an approved change set."""
        entity_ = self.store.schema.entity(entity)
        with self.store.read() as connection:
            table = entity_.table
            version = connection.execute(table.select().where(table.c.id == record)).one().version
        change = Change(Op.UPDATE, entity, record, version, {name: (None, value) for name, value in new.items()})
        commit_changes(self.store, [change], actor=self.rep, kind="edit", summary="edit", door="cli")


@pytest.fixture
def desk(store: Store) -> Desk:
    """Ada's draft to Grace."""
    ada = make_user(store, "Ada Byron", email="ada@us.example")
    account = make_account(store, "Norrvik", owner=ada)
    grace = make_contact(store, "Grace Hopper", email="grace@norrvik.example", account=account, consent="granted")
    rep = actor_for(store, "Ada Byron")
    draft = new_id()
    values = {"subject": "The pilot", "body": "Hello Grace,\n\nshall we?\n\nAda", "contact": grace, "account": account,
              "user": ada, "thread": "<first@norrvik.example>"}  # fmt: skip
    change = Change(Op.CREATE, "draft", draft, None, {name: (None, value) for name, value in values.items()})
    commit_changes(store, [change], actor=rep, kind="edit", summary="draft", door="cli")
    make(store, "interaction", kind="email", direction="in", happened_on=NOW.date(), thread="<first@norrvik.example>",
         external_id="<first@norrvik.example>", contact=grace, account=account)  # fmt: skip
    return Desk(store, rep, account, grace, draft)
