"""What outlives a turn: conversations, what they cost, words that were not read. It reaches no customer record.

These tables lie in a database of their own (`docs/decisions/0008`), on an engine of their own: the agent writes here
and nowhere else without a person.
"""
