"""Seeded faults: one is put into a copy of the code at a time, and the suite that looks at it must go red."""
