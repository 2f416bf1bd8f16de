"""A remark behind a question, of which nothing is told: 6月比5月少了多少，怎么掉这么多."""

import re

_SO_MUCH = re.compile(
    r"[，,；;。？?!！\s]\s*(?P<remark>(?:怎么|咋|为什么|为啥|怎么会|咋会)(?:会)?(?:一下子?)?(?:就)?"
    r"(?:掉|跌|降|少|差|低|多|涨|高|升|丢|输)(?:得|了)?(?:这么|那么|这样)(?:多|少|快|厉害|惨|猛|高|低|大)?"
    r"(?:了|啊|呢|呀|的)*)[？?！!。]*$"
)


def without_remark(text: str) -> tuple[str, str]:
    """The message without such a remark, and the remark; "" where there is none."""
    found = _SO_MUCH.search(text)
    return (text[: found.start()], found["remark"]) if found and text[: found.start()].strip() else (text, "")
