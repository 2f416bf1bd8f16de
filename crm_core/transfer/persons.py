"""Whether the values of a column are names of persons."""

import re
from collections.abc import Iterable

_LATIN = re.compile(r"[^\W\d_]['’\w-]*\.?( (?:[^\W\d_]['’\w-]*\.?|de|van|von|da|di|el|al|bin)){1,3}")
SURNAMES = frozenset(  # the commonest in Chinese
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞"
)
_NEARLY_ALL = 0.85
_PLACES = frozenset(
    ["north", "south", "east", "west", "new", "san", "los", "las", "saint", "st", "united", "great", "team"]
)


def names_persons(values: Iterable[str]) -> bool:
    """Whether nearly all of `values` look like a person's full name: "Dana Whitlock", 陈国栋."""
    plain = [value.strip() for value in values]
    shouted = all(value.isupper() for value in plain if value.isascii())
    named = [names_person(value.title() if shouted else value) for value in plain]
    return len(named) > 1 and sum(named) >= _NEARLY_ALL * len(named)


def names_person(value: str) -> bool:
    """Whether it looks like one person's full name."""
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", value):
        return value[0] in SURNAMES
    words = value.split()
    capitals = [word for word in words if word[0].isupper()]
    known_place = bool(words) and words[0].lower().rstrip(".") in _PLACES
    return bool(_LATIN.fullmatch(value)) and len(capitals) >= 2 and not value.isupper() and not known_place
