"""What a reading asks for, told by its nodes."""

from copilot.offline.compose.composer import entity_of
from copilot.offline.compose.reading import Reading
from copilot.offline.where import are_apart

PARTIES = ("user", "account", "product", "contact")


class Asked:
    """Questions about what a reading asks for."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def compares_values(self) -> bool:
        """Whether two values of one field, or two records of a kind, stand side by side."""
        values = any(len(t.values) > 1 and t.op == "in" and not t.negated for t in self.reading.fields)
        return values or any(self.names_several(r.entity) for r in self.reading.records)

    def compares_periods(self) -> bool:
        """Whether several periods of one length stand side by side."""
        units = {p.span.unit for p in self.reading.periods}
        return (
            are_apart(self.reading.periods)
            and len(units) == 1
            and units <= {"day", "week", "month", "quarter", "half", "year"}
        )

    def ranks_groups(self) -> bool:
        """Whether the superlative ranks parties or values, and not the facts themselves."""
        sup = self.reading.sup
        assert sup is not None
        noun = sup.noun
        if sup.by:
            return False
        if noun and not noun.startswith("bucket:") and "." not in noun and entity_of(noun) not in PARTIES:
            target = self.reading.target
            party = target is not None and ("." in target.dotted or entity_of(target.dotted) in PARTIES)
            return sup.sort in ("max_count", "min_count") or (party and bool(self.reading.measures))
        return True

    def asks_for_party(self) -> bool:
        """Whether who or which is asked, and not how much."""
        target = self.reading.target
        return target is not None and target.ask in ("who", "which")

    def asks_for_groups(self) -> bool:
        """Whether parties are asked for: which, who, or how many of them."""
        target = self.reading.target
        noun = target.dotted if target else ""
        return bool(target) and ("." in noun or entity_of(noun) in PARTIES)

    def asks_for_others(self) -> bool:
        """Whether who or which is asked of another kind than the records that are named: "who bought X or Y"."""
        target = self.reading.target
        noun = target.dotted if target and target.ask in ("who", "which", "list", "count") else ""
        named = {r.entity for r in self.reading.records if self.names_several(r.entity)}
        return bool(named) and entity_of(noun) in PARTIES and entity_of(noun) not in named

    def ranks_records(self) -> bool:
        """Whether it is said which records the superlative ranks; "the most" counts, it ranks no single record."""
        sup, target = self.reading.sup, self.reading.target
        assert sup is not None
        told = target or "." not in (sup.noun or "")  # not "the top destination by headcount"
        said = bool(sup.by or (told and (sup.noun or target or self.reading.facts)))
        return said and (sup.sort not in ("max_count", "min_count") or bool(sup.by or self.reading.columns))

    def tests_each_bucket(self) -> bool:
        """Whether a party is asked for that passes a test in every period: no shape of ours."""
        target = self.reading.target
        party = (
            target is not None
            and target.ask in ("which", "who", "list")
            and entity_of(target.dotted.split(".")[0]) in PARTIES
        )
        return party and bool(self.reading.having) and any(group.bucket for group in self.reading.groups)

    def counts_or_measures(self) -> bool:
        """Whether a number is asked for."""
        return bool(self.reading.measures) or "count" in self.reading.asks

    def counts_parties(self) -> bool:
        """Whether the number of what is asked for is wanted."""
        target = self.reading.target
        return target is not None and ("count" in self.reading.asks or target.ask == "count")

    def says_what(self) -> bool:
        """Whether it is said what is counted: "how many is that" says nothing by itself."""
        tested = any(t.entity == "deal" for t in self.reading.fields)
        staged = any(r.entity == "stage" and not r.negated for r in self.reading.records)
        return bool(self.reading.target or self.reading.facts or self.reading.states or tested or staged)

    def counts_something_else(self) -> bool:
        """Whether records are counted beside a measure: "how many accounts did we win business from"."""
        return self.reading.target is not None and self.reading.target.ask == "count"

    def asks_which_records(self) -> bool:
        """Whether "which deals" is asked, which no number answers."""
        target = self.reading.target
        return target is not None and (target.dotted, target.ask) == ("deal", "which") and not self.reading.columns

    def names_only_one(self) -> bool:
        """Whether nothing but one record is named."""
        r = self.reading
        alone = not (r.fields or r.states or r.periods or r.mine or r.started)
        return alone and len(r.records) == 1 and not r.records[0].negated and "count" not in r.asks

    def describes_deals(self) -> bool:
        """Whether deals are told by their amount or state with no noun for them: "won over 5k", 5万以上的赢单."""
        r = self.reading
        return any(t.dotted == "deal.amount" for t in r.fields) and set(r.asks) <= {"list", "which", "what", "exists"}

    def names_several(self, entity: str) -> bool:
        """Whether several records of one kind are named."""
        return sum(r.entity == entity and not r.negated for r in self.reading.records) > 1
