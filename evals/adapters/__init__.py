"""Public benchmarks, read from a folder that the user has: their data as a world of files, their tasks as our cases.

Nothing of them is shipped. What a benchmark calls right is said in the cases' own terms: the state of the store, the
records named, the words told, or that it is declined.
"""

from collections.abc import Callable
from pathlib import Path

from crm_core.errors import Invalid
from evals.adapters.adapted import Adapted
from evals.adapters.crmarena import read_crmarena
from evals.adapters.tau2 import read_tau2
from evals.adapters.workbench import read_workbench

ADAPTERS: dict[str, Callable[[Path], Adapted]] = {
    "workbench": read_workbench,
    "crmarena": read_crmarena,
    "tau2": read_tau2,
}


def adapt(name: str, folder: Path, out: Path) -> Adapted:
    """Read the benchmark `name` from `folder` and write `out/world/*.csv` and `out/cases.jsonl`.

    Raises:
        Invalid: there is no such adapter, or the folder does not hold what the benchmark has.
    """
    if name not in ADAPTERS:
        raise Invalid(f"There is no adapter {name!r}; there are {', '.join(ADAPTERS)}.")
    if not folder.is_dir():
        raise Invalid(f"{folder} is no folder.")
    adapted = ADAPTERS[name](folder)
    adapted.write(out)
    return adapted
