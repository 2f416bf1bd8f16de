"""Settings: what a person chooses for themself, and what an administrator arranges for all.

What the core has no safe verb for is shown with the command that changes it, never changed in a second way.
"""
