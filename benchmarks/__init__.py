"""How fast it is: against hand-written SQL in the same run, and against stated limits.

python -m benchmarks [NAME...] [--scale 0.1] [--json FILE] [--database sqlite|postgresql]
"""
