"""Planted attacks by the thousand, through a taken-over model: what is wanted × how it is worded × what carries it.

It knows the agent from outside, its tools by name and the store's tables; it must not know how the walls are built.
"""
