"""What kind of custom field an unknown column becomes."""

import re

from crm_core.models import Kind
from crm_core.transfer.numbers import currency_in
from crm_core.transfer.profile import Profile, times_share
from crm_core.transfer.text import full_words, header_words
from crm_core.transfer.units import names_currency

MOST_CHOICES = 60
_MONEY_WORDS = frozenset(
    ["amount", "price", "cost", "revenue", "value", "fee", "budget", "spend", "salary", "sales", "total", "mrr", "arr",
     "acv", "tcv", "income", "profit", "margin", "turnover", "payment", "freight", "commission", "quota", "premium",
     "deposit", "rent", "balance", "billed", "billing", "invoiced", "paid", "funded", "raised", "donated", "giving",
     "donations", "pledged", "bonus", "wage", "wages", "wip", "limit", "fees", "costs", "payments", "savings", "debt",
     "grant", "loan",
     "vat", "gst", "tax", "sell", "worth", "funding", "charge", "charges", "tuition",
     "rebate", "royalty"]
)  # fmt: skip
_PHONE_WORDS = frozenset(
    ["phone", "mobile", "cell", "cellphone", "telephone", "tel", "fax", "whatsapp", "landline", "handy", "hotline"]
)
_PHONE_HAN = ("手机", "电话", "传真", "座机", "联系方式")
_NEARLY_ALL = 0.9
_MONEY_HAN = (
    "金额",
    "价格",
    "标价",
    "售价",
    "报价",
    "定价",
    "费用",
    "收入",
    "成本",
    "预算",
    "利润",
    "总价",
    "单价",
    "元",
)


def custom_kind(column: Profile, about: str = "") -> Kind:
    """The kind that fits the column's values best.

    Args:
        column: its values.
        about: what a data dictionary says of it.
    """
    if not column.filled:
        return Kind.TEXT
    for kind in (Kind.EMAIL, Kind.URL):
        if column.share(kind) >= 0.9:
            return kind
    if _is_boolean(column):
        return Kind.BOOLEAN
    if _is_phone(column):
        return Kind.PHONE
    if column.share(Kind.DATE) == 1.0 and not _is_plain_number(column):
        return Kind.DATETIME if times_share(column) > 0.1 else Kind.DATE
    if column.share(Kind.DECIMAL) == 1.0 and not _is_code(column):
        return _number_kind(column, about)
    return _text_kind(column)


def _is_boolean(column: Profile) -> bool:
    values = {value.strip().lower() for value in column.distinct}
    if column.share(Kind.BOOLEAN) < 1.0 or len(values) > 2:
        return False
    named = header_words(column.header).split()[:1]
    return not values <= {"0", "1"} or named in (["is"], ["has"], ["does"], ["can"])


def _is_plain_number(column: Profile) -> bool:
    return all(re.fullmatch(r"-?\d+(\.\d+)?", value.strip()) for value in column.distinct) and not all(
        re.fullmatch(r"(19|20)\d{6}", value.strip()) for value in column.distinct
    )


def _is_code(column: Profile) -> bool:
    """Leading zeros, or long digits that never repeat: a number that nobody adds up."""
    padded = any(re.match(r"0\d", value.strip()) for value in column.distinct)
    last = header_words(column.header).split()[-1:]
    return padded or last in (["id"], ["code"], ["zip"], ["postcode"], ["phone"]) or column.longest > 17


def _is_phone(column: Profile) -> bool:
    """Numbers to call: under a header that says so, or mobile numbers of China, whatever the header."""
    if column.share(Kind.PHONE) < _NEARLY_ALL or column.share(Kind.DATE) == 1.0:
        return False
    words = header_words(column.header)
    named = set(words.split()) & _PHONE_WORDS or any(word in words for word in _PHONE_HAN)
    return bool(named) or all(re.fullmatch(r"(\+?86[- ]?)?1[3-9]\d{9}", v.strip()) for v in column.distinct)


def _number_kind(column: Profile, about: str) -> Kind:
    words = full_words(column.header)
    is_share = "%" in column.header or words.endswith((" pct", " percent", "率"))
    if is_share or all("%" in value for value in column.distinct):
        return Kind.PERCENT
    named = currency_in(f"{column.header} {about}") or names_currency(column.header)
    marked = named or any(currency_in(value) for value in list(column.distinct)[:50])
    if marked or set(words.split()) & _MONEY_WORDS or any(word in column.header for word in _MONEY_HAN):
        return Kind.MONEY
    whole = column.share(Kind.INTEGER) == 1.0
    if whole and "year" in words.split() and column.share(Kind.YEAR) == 1.0:
        return Kind.YEAR
    return Kind.INTEGER if whole else Kind.DECIMAL


def _text_kind(column: Profile) -> Kind:
    if column.longest > 200 or any("\n" in value for value in list(column.distinct)[:100]):
        return Kind.LONG_TEXT
    few = column.is_whole and len(column.distinct) <= MOST_CHOICES
    if few and column.uniqueness <= 0.5 and column.longest <= 60:
        return Kind.CHOICE
    return Kind.TEXT
