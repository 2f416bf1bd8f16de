"""Remarks beside a question, of which nothing is told: 6月比5月少了多少，怎么掉这么多; X那么便宜，…; …，晚上开会要用.

Known by their form, before anything is read. None of them may hold a figure, a name or a time of the data.
"""

import re

_DEGREE = "(?:便宜|贵|大|小|好|差|难卖|好卖|难|火|热门|冷门|畅销|抢手|老|新|重要|关键|出名|有名|有钱)"
_WHEN = (
    "(?:今天|明天|后天|今晚|明晚|明早|今早|晚上|上午|下午|中午|早上|一早|傍晚|晚点|晚些时候|待会儿?|等会儿?|等下|一会儿?|回头|马上|"
    "周[一二三四五六日末]|下周[一二三四五六日]?|周末|月底|月初|年底)"
)
_AT = (
    "(?:开?(?:例|晨|早|晚|周|月|季|年)?会议?|会上|汇报|述职|复盘|总结|报告|路演|审计|对账|PPT|ppt|材料|讲|交差|"
    "答辩|评审)"
)
_WHO = "(?:老板|领导|老大|上面|总部|财务|董事会|审计|投资人|大老板|经理|人事|HR|hr)"
_SO_MUCH = re.compile(
    r"[，,；;。？?!！\s]\s*(?P<remark>(?:怎么|咋|为什么|为啥|怎么会|咋会)(?:会)?(?:一下子?)?(?:就)?"
    r"(?:掉|跌|降|少|差|低|多|涨|高|升|丢|输)(?:得|了)?(?:这么|那么|这样)(?:多|少|快|厉害|惨|猛|高|低|大)?"
    r"(?:了|啊|呢|呀|的)*)[？?！!。]*$"
)
_SO_CHEAP = re.compile(
    rf"(?<=[\w’'\)） ])(?P<remark>(?:这款|这个产品|这东西|这家)?(?:都|又|卖得|卖的|是)?"
    rf"(?:那么|这么|如此|这样){_DEGREE}(?:的)?"
    rf"|(?P<said>{_DEGREE})归(?P=said))(?=[，,])"
)
_FOR_WHAT = re.compile(
    rf"[，,。；;！!？?\s]\s*(?P<remark>(?:我|我们|咱们?)?(?:{_WHEN}(?:就|还)?)+(?:得|要|就要|需要|有个|还要|还得|去)?(?:去|跟{_WHO}|给{_WHO}|向{_WHO})?"
    rf"{_AT}(?:里|上|时)?(?:要|用|得|讲|说|交|看|念|过|提|放|会|的|着|急)*)[。！!～~]*$"
)
_FOR_WHOM = re.compile(
    rf"[，,。；;！!？?]\s*(?P<remark>{_WHO}(?:那边|这边|部门?|他们)?(?:正|等着|急着|催着|又|一直|还|刚|在|都)*(?:要|催|问|等|追)"
    rf"(?:看|用|着|我|了|呢|的|得紧|得急|这个数|一下)*)[。！!～~]*$"
)


def without_remark(text: str) -> tuple[str, str]:
    """The message without such remarks, and the remarks; "" where there is none."""
    told = []
    for kind in (_SO_MUCH, _FOR_WHAT, _FOR_WHOM, _SO_CHEAP):
        found = kind.search(text)
        if found and text[: found.start()].strip():
            text = text[: found.start()] + (text[found.end() :] if kind is _SO_CHEAP else "")
            told.append(found["remark"])
    return text, "，".join(told)
