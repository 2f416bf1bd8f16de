"""MCP: the copilot's tools for any client of the Model Context Protocol, over standard streams and over HTTP.

It knows the protocol and who is behind a request. It offers what a turn of the agent may use, to a person's token, and
has no tool that approves.
"""
