"""What the buttons of a card carry."""

from dataclasses import dataclass

from copilot.context import Lang


@dataclass(frozen=True)
class Pressed:
    """What a button of a card carries: which set, and the hash of what was shown."""

    lang: Lang
    id: str
    sha256: str

    def packed(self) -> str:
        """As the button has it."""
        return f"{self.lang} {self.id} {self.sha256}"

    @staticmethod
    def unpacked(value: str) -> "Pressed | None":
        """What `packed` made; None for anything else."""
        told = value.split(" ")
        if len(told) != 3 or len(value) > 200:
            return None
        return Pressed("zh" if told[0] == "zh" else "en", told[1], told[2])
