"""What may be wrong with an open deal: named warnings, each with a limit of the company's own and the facts behind it.

It knows deals, tasks and talks, measured in bulk by SQL as far as the asker may see. It must not know in which words a
warning is told, nor which words in a text speak of a price: whoever asks hands in those (`Cues`).
"""

from crm_core.health.check import Checked, check_deals
from crm_core.health.ground import Cues
from crm_core.health.limits import Limits, read_limits, set_limit
from crm_core.health.rules import AT_RISK, RULES, Rule, Unit, get_rule

__all__ = [
    "AT_RISK",
    "RULES",
    "Checked",
    "Cues",
    "Limits",
    "Rule",
    "Unit",
    "check_deals",
    "get_rule",
    "read_limits",
    "set_limit",
]
