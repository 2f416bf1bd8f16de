"""What the pipeline is weighted by: the chance of each deal, where the company notes it, else that of its stage."""

from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.words import small
from crm_core.models import Kind


def own_probability(vocabulary: Vocabulary) -> str | None:
    """The company's own column of deals that holds the chance to win it, in percent."""
    fields = vocabulary.schema.entities["deal"].fields.values()
    own = [field for field in fields if field.is_custom and field.kind is Kind.PERCENT]
    called = [field.name for field in own if {word.lower() for word in field.words} & small("own_probability")]
    return next((name for name in called if vocabulary.holds(f"deal.{name}")), None)
