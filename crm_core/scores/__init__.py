"""Scores of the company's own leads and deals: its records in, `crm_core.scoring` on them, scores kept.

A record is seen as it stood on a moment: today if it is open, a day of its open life if it ended. What learns and
scores is `crm_core.scoring`, which knows no store; what is kept stands in `scores` and `score_models`. numpy comes with
it, so nothing here is imported before scores are worked out.
"""
