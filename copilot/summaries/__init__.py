"""What was said, in sections: sentences quoted word for word, sorted by the words that they hold. No model is asked.

It knows quotes and their records, not the questions of a brief; rights are those of the actor that it is handed.
"""

from copilot.summaries.quotes import Quote, read_quotes
from copilot.summaries.sorting import SECTIONS, Sorted, sort_quotes
from copilot.summaries.summary import summarise

__all__ = ["SECTIONS", "Quote", "Sorted", "read_quotes", "sort_quotes", "summarise"]
