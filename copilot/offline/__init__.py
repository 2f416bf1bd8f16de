"""The offline planner: a chat model that needs no weights."""
