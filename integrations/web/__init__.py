"""The door for people at a browser: pages made in Python (NiceGUI), on the app that also answers REST and MCP.

It knows how things look and who is signed in; what may be read or changed is the core's word. Text that a model or a
customer wrote becomes elements through `text` alone, so no page shows HTML, images or links of theirs.
"""
