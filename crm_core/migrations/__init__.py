"""Alembic's scripts. `HEAD` is the newest revision, known without importing Alembic (a test compares the two)."""

HEAD = "0020"
