"""Steps: changes as a person or a model says them, before they are worked out record by record.

A step names records by filter, by id or by name, fields by their public names and values as people write them (major
units, labels of records, ISO dates). `crm_core.changes.draft` turns steps into exact changes.
"""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from crm_core.query.spec import Filter, Part, Scalar


class Computed(Part):
    """A value worked out for each record: (a dotted field `of`, or the field itself) × `times` + `plus`; a date moved.

    "ten percent off list" is of product.list_price times 0.9.
    """

    of: str | None = None
    times: float = 1
    plus: float = 0
    days: int = 0
    months: int = 0


class Among(Part):
    """The records are dealt out evenly among these."""

    among: list[str | int] = Field(min_length=2, max_length=50)


Given = Scalar | None | Computed | Among


class Step(Part):
    """One thing to change.

    Attributes:
        op: create one record; update or delete all that are meant; convert a lead.
        records: which ones, by id or by name.
        where: or all that match, within what the asker may see.
        set: public field → value. A reference takes the name or id of a record, or "@name" of an earlier step.
        name: what later steps call the record that this one creates.
        quote: the person's words that it rests on.
        is_new: the person says that it is not the one that looks like it.
    """

    op: Literal["create", "update", "delete", "convert"]
    entity: str
    records: list[int | str] = Field([], max_length=1000)
    where: Annotated[
        Filter | None, WithJsonSchema({"type": "object", "description": "a filter, as `where` of a query_crm spec"})
    ] = None
    set: dict[str, Given] = Field(default_factory=dict)
    name: str | None = None
    quote: str | None = Field(None, max_length=2000)
    is_new: bool = False
