"""What Slack takes. Source: https://docs.slack.dev/reference/block-kit and the pages of its methods."""

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
RICH_TEXT = 2_900  # characters of one block; Slack names 3,000 for a section and none for rich text
TEXT = 9_000  # characters of an answer's words: its tables and buttons take the rest
ALL_TEXT = 12_000  # characters of all blocks of a message
FALLBACK = 3_000  # characters of `text`, which notifications show
HEADER = 150
CONTEXT = 2_000
CONTEXT_ELEMENTS = 10
ACTIONS = 25
BUTTON = 75
VALUE = 2_000  # of a button
TITLE = 24  # of a view, and of its buttons
LABEL = 2_000
INPUT = 3_000
PROMPTS = 4  # suggested in an assistant thread
