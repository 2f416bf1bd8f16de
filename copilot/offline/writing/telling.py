"""What the readers of changes say, in the language of the person."""

import prompts


def tell(name: str, lang: str, **values: object) -> str:
    """The sentence called `name` of `prompts/planner.yaml`, its holes filled."""
    return prompts.fill(prompts.load_yaml("planner")[lang]["writing"][name], **values)
