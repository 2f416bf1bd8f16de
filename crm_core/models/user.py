"""People of the company: who sells, who manages them, who may do what."""

from enum import StrEnum

from sqlalchemy.orm import Mapped

from crm_core.models.base import EntityInfo, Kind, Record, Role, field, reference


class UserRole(StrEnum):
    """What a user may do; the scopes of each role are rows of `role_scopes`."""

    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"
    AUDITOR = "auditor"


class User(Record):
    """Someone who works in the CRM: a rep, a manager, an administrator, an auditor."""

    __tablename__ = "users"
    __entity__ = EntityInfo(
        name="user",
        words=("rep", "sales rep", "salesperson", "seller", "sales agent", "account executive", "user"),
    )

    name: Mapped[str] = field(words=("name",), role=Role.TITLE, mask=True, index=True)
    email: Mapped[str | None] = field(words=("email", "email address"), kind=Kind.EMAIL, mask=True)
    role: Mapped[str] = field(words=("role",), kind=Kind.CHOICE, default=UserRole.REP)
    title: Mapped[str | None] = field(words=("title", "job title"))
    team: Mapped[str | None] = field(words=("team", "group"), kind=Kind.CHOICE)
    region: Mapped[str | None] = field(
        words=("region", "office", "regional office", "territory"), kind=Kind.CHOICE, role=Role.PLACE
    )
    manager_id: Mapped[int | None] = reference(
        "users",
        words=("manager", "boss", "team lead", "supervisor"),
        role=Role.PARENT,
        inverse="reports",
        inverse_words=("reports", "direct reports", "team members"),
    )
    is_active: Mapped[bool] = field(words=("active",), default=True)
