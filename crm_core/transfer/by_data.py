"""Columns told by how their cells are filled, where neither header nor form says what they are.

Each is guessed only when one column alone fits and the field is free; two that fit alike stay fields of their own.
"""

from collections.abc import Collection

from crm_core.models import Kind
from crm_core.schema import Entity
from crm_core.transfer.amounts import offer_amount
from crm_core.transfer.deal_columns import offer_deal_columns
from crm_core.transfer.finder import Finder
from crm_core.transfer.keys import is_code
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.looks import is_day, is_text, tells_kinds
from crm_core.transfer.persons import names_persons
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import full_words, header_words, headers

_LEAST_ROWS = 10
_NEARLY_ALL = 0.95
_MOST_KINDS = 25


def add_by_data(
    profile: FileProfile, entity: Entity, targets: dict[int, str], named: Collection[int] = ()
) -> tuple[dict[int, str], list[str]]:
    """`targets` with further columns, and a note for each that is added or fits no better than another.

    Args:
        profile: the file.
        entity: what it holds.
        targets: position → field, as headers and values said.
        named: positions of columns that name records of other files.
    """
    finder = Finder(profile, entity, dict(targets), frozenset(named))
    if entity.name == "user":
        finder.offer("manager", _is_manager, "its names stand for several rows each")
    if entity.name == "product":
        _offer_price(finder)
    if entity.name == "interaction":
        _offer_kind(finder)
        _offer_talk(finder)
    if entity.name == "order":
        _offer_day(finder, "ordered_on")
        finder.offer("status", _is_status, "its few words say how each stands")
    if entity.name in ("contact", "lead", "account"):
        finder.offer("phone", _is_phone, "it holds telephone numbers")
    if entity.name == "deal":
        offer_deal_columns(finder)
    if entity.name in ("deal", "order"):
        offer_amount(finder)
    finder.offer("external_id", lambda column: _is_own_code(profile, column), "each row has a code of its own")
    return finder.targets, finder.notes


def _offer_price(finder: Finder) -> None:
    """The column of a list of products that is called a price, else its only column of numbers."""
    offer_amount(finder, "list_price", "prices")
    numbers = [c for c in finder.profile.columns if c.filled and c.share(Kind.DECIMAL) == 1.0]
    if len(numbers) == 1 and finder.is_free("list_price") and numbers[0].index not in finder.targets:
        is_other = set(header_words(numbers[0].header).split()) & set(headers()["no_prices"])
        if not is_other and not is_code(finder.profile, numbers[0]):
            finder.take("list_price", numbers, "it is the only column of numbers")


def _offer_kind(finder: Finder) -> None:
    """The column of few words that say how people spoke, whatever its header: "Site visit", "Call" under Activity."""
    subject = finder.at.get("subject")
    beside = [finder.profile.columns[subject]] if subject is not None else []
    fitting = [column for column in [*finder.rest(), *beside] if tells_kinds(column)]
    if len(fitting) == 1 and finder.is_free("kind"):
        finder.targets.pop(fitting[0].index, None)
        finder.take("kind", fitting, "its words say how people spoke")


def _offer_talk(finder: Finder) -> None:
    """When a talk took place, and what was said."""
    _offer_day(finder, "happened_on")
    texts = [column for column in finder.rest() if is_text(column) and column.index not in finder.named]
    told = max(texts, key=lambda column: column.longest, default=None)
    if finder.is_free("body") and told is not None:
        finder.take("body", [told], "it holds what was said")


def _offer_day(finder: Finder, target: str) -> None:
    """The first date that nearly every row has."""
    rows = finder.profile.rows - finder.profile.unreadable
    full = [column for column in finder.rest() if is_day(column) and column.filled >= _NEARLY_ALL * rows]
    if full and finder.is_free(target):
        finder.take(target, full[:1], "it is the first date that nearly every row has")


def _is_status(column: Profile) -> bool:
    """As in "Job Status", 执行情况."""
    words = full_words(column.header)
    called = words.split()[-1:] in (["status"], ["state"]) or words.endswith(("状态", "情况", "进度"))
    return called and column.is_whole and 1 < len(column.distinct) <= _MOST_KINDS and column.uniqueness <= 0.5


def _is_phone(column: Profile) -> bool:
    return custom_kind(column) is Kind.PHONE or (column.share(Kind.PHONE) >= _NEARLY_ALL and not is_day(column))


def _is_own_code(profile: FileProfile, column: Profile) -> bool:
    """Whether the column tells the rows apart by codes."""
    other = set(header_words(column.header).split()) & set(headers()["other_codes"])
    return not other and len(column.distinct) >= _LEAST_ROWS and is_code(profile, column)


def _is_manager(column: Profile) -> bool:
    return column.is_whole and column.uniqueness <= 0.5 and names_persons(column.distinct)
