"""The logger of Slack's own libraries: below an error they log what people write, so it takes errors alone."""

import logging

quiet = logging.getLogger("farley.slack.library")
quiet.setLevel(logging.ERROR)
