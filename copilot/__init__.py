"""The agent: it reads, answers and proposes. It knows no door, and it can approve nothing."""
