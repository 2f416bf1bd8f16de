"""Cases, worlds, solvers, scorers and reports: how good the answers are, as numbers."""
