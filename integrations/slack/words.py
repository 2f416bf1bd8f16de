"""What the door itself says, from `prompts/slack.yaml`, and the words of its command."""

from copilot.context import Lang
from prompts import fill, load_yaml


def say(key: str, lang: Lang, **values: object) -> str:
    """The sentence `key` in `lang` with its holes filled; KeyError where either is missing."""
    return fill(load_yaml("slack")["said"][key][lang], **values)


def read_command(text: str) -> tuple[str, str]:
    """What `/farley …` is for and the rest: "help" where nothing is said, "ask" where no word of the list is."""
    first, _, rest = text.strip().partition(" ")
    if not first:
        return "help", ""
    for name, words in load_yaml("slack")["commands"].items():
        if first.casefold() in words:
            return str(name), rest.strip()
    return "ask", text.strip()
