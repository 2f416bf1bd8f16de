"""Whom a person should turn to first: reasons from their tasks, talks, deals, leads and orders, ranked by customer.

It knows turns and the records of one person; it must not know how a list is asked for or shown. It changes nothing:
what it suggests is a step that the person may have proposed; what is set aside is a note of that person's own.
"""

from copilot.day.entries import Entry, plan_day, set_aside

__all__ = ["Entry", "plan_day", "set_aside"]
