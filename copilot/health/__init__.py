"""The warnings of `crm_core.health` in words, for reports, briefs and the day: what they are told with and rest on.

It knows texts and turns; it must not know when a warning is given, which `crm_core.health` alone decides.
"""

from copilot.health.cues import cues
from copilot.health.telling import Sign, formula, rule_name, tell_signs

__all__ = ["Sign", "cues", "formula", "rule_name", "tell_signs"]
