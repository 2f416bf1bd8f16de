"""What to know before a talk: one page on an account, a deal, a contact or a lead, every line with its source.

Figures come from queries with the actor's rights, what was said from `copilot.summaries`. No model is asked.
"""

from copilot.briefs.appointments import Appointment, at_time, find_appointments
from copilot.briefs.brief import make_brief

__all__ = ["Appointment", "at_time", "find_appointments", "make_brief"]
