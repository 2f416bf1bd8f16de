"""Addresses that hear of applied changes: registered by an administrator, told in the background.

It knows the store and HTTP as a client; it knows no door, and each door that shows webhooks uses the same verbs.
"""
