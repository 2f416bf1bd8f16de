"""What leaves for a model vendor: people, emails and phones as stand-ins, named fields never, and a log of it all.

Knows messages, the store's personal data and one file for its log; no model, no tool and no door.
"""

from copilot.egress.log import EgressLog, Sent
from copilot.egress.people import People, PeopleOf
from copilot.egress.stand_ins import StandIns
from copilot.egress.withheld import Withheld

__all__ = ["EgressLog", "People", "PeopleOf", "Sent", "StandIns", "Withheld"]
