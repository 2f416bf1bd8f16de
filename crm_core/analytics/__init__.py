"""What many records say together: forecasts, funnels, cohorts, customers by what they buy.

Pure CRM: it knows the store and the asker, no agent and no door. Every table is read through the compiler's guard, so
that the asker's rights and a filter of the question language hold for all of it. The heavy work is done in SQL; what
is simulated is numpy's.
"""
