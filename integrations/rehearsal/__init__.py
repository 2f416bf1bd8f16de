"""Slack's door without Slack: a workspace on this machine, what Slack sends, and its documented limits.

The tests and the evaluation share it. It knows the door from outside: signed requests in, calls of the Web API out.
"""
