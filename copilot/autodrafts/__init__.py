"""Drafts that nobody asked for: after a talk, when a promise falls due, when a mail waits for an answer.

It finds causes in the records, as the person whose they are, and proposes a draft for each once. It knows no schedule
and no settings but the rules it is given; like any proposal a draft changes nothing until a person approves it.
"""

from copilot.autodrafts.making import Made, make_due

__all__ = ["Made", "make_due"]
