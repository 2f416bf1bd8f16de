"""The agent: it reads, answers and proposes; it can approve nothing."""
