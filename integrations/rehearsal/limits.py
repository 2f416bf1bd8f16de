"""Slack's documented limits, checked from the outside: what is wrong with blocks, a message, a window.

Source: https://docs.slack.dev/reference/block-kit/blocks, .../block-elements, .../composition-objects, .../views,
https://docs.slack.dev/reference/methods/chat.postMessage, .../chat.startStream. Written apart from what builds blocks.
"""

from collections.abc import Iterator, Sequence
from typing import Any

MESSAGE, VIEW = 50, 100
MESSAGE_KINDS = {"section", "header", "context", "actions", "divider", "rich_text", "image", "input"}
CHUNKS = {"markdown_text", "task_update", "plan_update", "blocks"}
STYLES = {"primary", "danger"}


def wrong_with_message(call: dict[str, Any]) -> list[str]:
    text, blocks = call.get("text") or "", call.get("blocks") or []
    wrong = [] if text else ["no text for notifications"]
    if len(text) > 4_000:
        wrong.append("text over 4,000 characters")
    if len(blocks) > MESSAGE:
        wrong.append(f"{len(blocks)} blocks")
    if sum(len(one) for one in _all_texts(blocks)) > 13_200:
        wrong.append("msg_blocks_too_long")
    if any(mark in text for mark in ("<!", "<@", "<http", "<#")):
        wrong.append("markup of a record in the text")
    return wrong + wrong_with_blocks(blocks, in_view=False)


def wrong_with_stream(call: dict[str, Any], *, before: Sequence[dict[str, Any]] = ()) -> list[str]:
    """What is wrong with a piece of a streamed message, after the blocks that came before."""
    chunks, last = call.get("chunks") or [], call.get("blocks") or []
    wrong = [f"chunk {one.get('type')}" for one in chunks if one.get("type") not in CHUNKS]
    wrong += ["text beside chunks"] if chunks and call.get("markdown_text") else []
    wrong += ["12,000 characters"] if len(call.get("markdown_text") or "") > 12_000 else []
    streamed = [*before, *blocks_of(call)]
    if len(streamed) > MESSAGE or len(last) > MESSAGE:
        wrong.append(f"{len(streamed)} streamed blocks and {len(last)}")
    if sum(len(one) for one in _all_texts([streamed, last])) > 13_200:
        wrong.append("msg_blocks_too_long")
    return wrong + wrong_with_blocks([*streamed, *last], in_view=False)


def blocks_of(call: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks in the chunks of a piece."""
    return [block for one in call.get("chunks") or [] if one["type"] == "blocks" for block in one["blocks"]]


def wrong_with_view(view: dict[str, Any]) -> list[str]:
    wrong = [] if view.get("type") in ("modal", "home") else ["type of the view"]
    blocks = view.get("blocks") or []
    if not blocks or len(blocks) > VIEW:
        wrong.append(f"{len(blocks)} blocks in a view")
    if view.get("type") == "modal":
        for name in ("title", "submit", "close"):
            if name in view:
                wrong += _text(view[name], 24, name, plain=True)
        if "title" not in view:
            wrong.append("no title")
        if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
            wrong.append("input without submit")
    if len(view.get("private_metadata") or "") > 3_000 or len(view.get("callback_id") or "") > 255:
        wrong.append("metadata too long")
    return wrong + wrong_with_blocks(blocks, in_view=True)


def wrong_with_blocks(blocks: list[dict[str, Any]], *, in_view: bool) -> list[str]:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    wrong = ["block ids are not unique"] if len(ids) != len(set(ids)) else []
    wrong += [f"block id of {len(one)}" for one in ids if not 0 < len(one) <= 255]
    for block in blocks:
        if block.get("type") not in MESSAGE_KINDS or (block["type"] == "input" and not in_view):
            wrong.append(f"block {block.get('type')}")
        else:
            wrong += list(_block(block))
    return wrong


def _block(block: dict[str, Any]) -> Iterator[str]:
    kind = block["type"]
    if kind == "section":
        if "text" in block:
            yield from _text(block["text"], 3_000, "section")
        if "accessory" in block:
            yield from _element(block["accessory"])
        if not {"text", "fields"} & block.keys() or len(block.get("fields", [])) > 10:
            yield "section without text, or over 10 fields"
        for field in block.get("fields", []):
            yield from _text(field, 2_000, "field")
    elif kind == "header":
        yield from _text(block["text"], 150, "header", plain=True)
    elif kind == "context":
        if not 0 < len(block["elements"]) <= 10:
            yield "elements of context"
        for one in block["elements"]:
            yield from _text(one, 2_000, "context")
    elif kind == "actions":
        if not 0 < len(block["elements"]) <= 25:
            yield "elements of actions"
        names = [one.get("action_id") for one in block["elements"]]
        if len(names) != len(set(names)):
            yield "action ids are not unique"
        for one in block["elements"]:
            yield from _element(one)
    elif kind == "rich_text":
        if not block["elements"]:
            yield "empty rich text"
        for one in block["elements"]:
            yield from _rich(one)
    elif kind == "input":
        yield from _text(block["label"], 2_000, "label", plain=True)
        yield from _element(block["element"])


def _rich(element: dict[str, Any]) -> Iterator[str]:
    kind = element.get("type")
    if kind not in ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"):
        yield f"rich text {kind}"
        return
    if not element["elements"]:
        yield f"empty {kind}"
    for one in element["elements"]:
        if kind == "rich_text_list":
            yield from _rich(one)
        elif one.get("type") != "text" or not one.get("text") or len(one["text"]) > 3_000:
            yield f"text in {kind}"
        elif set(one.get("style", {})) - {"bold", "italic", "strike", "code"}:
            yield "style"
        elif kind == "rich_text_preformatted" and "style" in one:
            yield "style in preformatted"


def _element(element: dict[str, Any]) -> Iterator[str]:
    kind = element.get("type")
    if len(element.get("action_id") or "") > 255 or not element.get("action_id"):
        yield "action id"
    if kind == "button":
        yield from _text(element["text"], 75, "button", plain=True)
        if len(element.get("value", "")) > 2_000 or element.get("style", "primary") not in STYLES:
            yield "value or style of a button"
        if "confirm" in element:
            for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
                yield from _text(element["confirm"][name], most, name)
    elif kind == "plain_text_input":
        if len(element.get("initial_value", "x")) > 3_000 or element.get("initial_value") == "":
            yield "initial value"
    elif kind in ("static_select", "overflow"):
        if not 0 < len(element["options"]) <= (5 if kind == "overflow" else 100):
            yield "options"
        for option in element["options"]:
            yield from _text(option["text"], 75, "option", plain=True)
            if len(option["value"]) > 150:
                yield "value of an option"
    else:
        yield f"element {kind}"


def _text(text: Any, most: int, what: str, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield f"{what} is no text"
    elif not isinstance(text.get("text"), str) or not 0 < len(text["text"]) <= most:
        yield f"{what} of {len(text.get('text') or '')}"


def _all_texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, part in node.items():
            if name == "text" and isinstance(part, str):
                yield part
            else:
                yield from _all_texts(part)
    elif isinstance(node, list):
        for part in node:
            yield from _all_texts(part)
