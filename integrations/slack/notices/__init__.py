"""What a person is told in Slack without asking: their digest, what is due, a question on a silent deal, a team's week.

Each comes at an hour of the person's own day, as they chose, once; it is claimed in the store before it is said. It
knows a person's day and Block Kit; it must not know who runs it by the clock.
"""
