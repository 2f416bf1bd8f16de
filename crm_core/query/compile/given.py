"""Records that a question names by id, handed to its statement when it runs: one statement serves them all."""

from typing import NamedTuple

from sqlalchemy import BigInteger, BindParameter, bindparam

from crm_core.errors import Invalid
from crm_core.query.spec import All, Condition, Filter, QuerySpec
from crm_core.schema import Schema


class Given(int):
    """Stands in a condition for the id with this number among those that are handed in."""

    def __repr__(self) -> str:
        """Never that of a number: a question with this is another one than with that id."""
        return f"given {int(self)}"

    @property
    def parameter(self) -> BindParameter[int]:
        """What takes the id."""
        return bindparam(_name(int(self)), type_=BigInteger())


class _Lifted(NamedTuple):
    spec: QuerySpec
    ids: dict[str, int]


def lift(schema: Schema, spec: QuerySpec) -> _Lifted:
    """The question with a place for each record that a plain condition names by id, and the ids by parameter."""
    tests = spec.where.all if isinstance(spec.where, All) else [spec.where] if spec.where is not None else []
    ids: dict[str, int] = {}
    lifted = [_with_place(schema, spec.entity, test, ids) for test in tests]
    if not ids:
        return _Lifted(spec, ids)
    where = All.model_construct(all=lifted) if isinstance(spec.where, All) else lifted[0]
    return _Lifted(spec.model_copy(update={"where": where}), ids)


def _with_place(schema: Schema, entity: str, test: Filter, ids: dict[str, int]) -> Filter:
    if not isinstance(test, Condition) or test.op != "eq" or type(test.value) is not int or abs(test.value) >= 2**63:
        return test
    try:
        if schema.path(entity, test.field).field.target is None:
            return test
    except Invalid:
        return test  # whoever compiles it says what is wrong
    place = Given(len(ids))
    ids[_name(place)] = test.value
    return test.model_copy(update={"value": place})


def _name(number: int) -> str:
    return f"given_{number:d}"
