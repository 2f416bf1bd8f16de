"""What a door does before it answers: bring up to date what follows from the records."""

from datetime import date

from crm_core.db import Store


def bring_up_to_date(store: Store, today: date) -> None:
    """Make searchable what was said since the last time, and score anew what changed."""
    from integrations.indexing import keep_in_step
    from integrations.scoring import keep_scores_in_step

    keep_in_step(store)
    keep_scores_in_step(store, today)
