"""How fast it is: against hand-written SQL and against the figures of `research/limits.md`.

python -m benchmarks [NAME...] [--scale 0.1] [--json FILE] [--database sqlite|postgresql]
"""
