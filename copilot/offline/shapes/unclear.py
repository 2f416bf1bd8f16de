"""What only the person can say."""


class Unclear(Exception):
    """The reading fits a shape but lacks something only the person can say."""

    def __init__(self, question: str, options: tuple[str, ...] = ()) -> None:
        super().__init__(question)
        self.question = question
        self.options = options
