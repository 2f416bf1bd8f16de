"""The demo company: sixty invented accounts, their deals and all that was said about them.

Knows only its own content files; no database and no other part of Farley.
"""

from crm_core.demo.company import build_company

__all__ = ["build_company"]
