"""REST: the store and the copilot for programs, over HTTP.

It knows how a request is authenticated, bounded and answered; what is asked and changed goes through `Copilot`,
`crm_core.query` and `crm_core.changes` alone. An edit over REST is a change set that its person approves at once.
"""
