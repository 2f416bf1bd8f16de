"""The ledger of what the language model costs, with the prices and the cap of the settings."""

from copilot.memory.engine import Conversations
from copilot.memory.spending import Prices, Spending, Spent
from integrations.settings import Settings


def spending_in(kept: Conversations, settings: Settings) -> Spending:
    """The ledger beside the conversations."""
    return Spending(kept, Prices(settings.model_price_in, settings.model_price_out, settings.model_daily_cap))


def read_spent(settings: Settings, *, days: int) -> tuple[Spent, ...]:
    """Everybody's calls of the last `days` days, today included, the newest first.

    Raises:
        Unavailable: the database of conversations cannot be opened.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = Conversations(settings.conversations_url)
    try:
        return spending_in(kept, settings).read(days=days)
    finally:
        kept.close()
