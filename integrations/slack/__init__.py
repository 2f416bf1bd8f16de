"""Slack: what people ask, log, approve and undo there.

A request passes the gate, is kept in the inbox, acknowledged, and worked from the inbox by Bolt; Socket Mode feeds the
same inbox. It knows Slack's requests and Block Kit, and decides nothing about the CRM. Block Kit builders are pure.
"""
