"""Scores for any table of leads or deals: how likely each is won, why, and what would raise it.

It knows columns, rows and outcomes; it must not know where they come from (the store, a file), who asks or how it is
shown. LightGBM (the extra `ml`) is loaded when a model is fitted, or scores by trees, not before.
"""
