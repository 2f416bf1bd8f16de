"""`farley eval adapter`: a public benchmark's tasks as cases of ours."""

from pathlib import Path
from typing import Annotated

import typer


def adapter(
    name: Annotated[str, typer.Argument(metavar="NAME", help="workbench, crmarena or tau2.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The benchmark's own files, which you have.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where the world and the cases are written.")],
) -> None:
    """Read a public benchmark from FOLDER and write its data and tasks as a world and cases to OUT."""
    from evals.adapters import adapt
    from integrations.cli.session import start_logging
    from integrations.cli.show import say

    start_logging()
    for line in adapt(name, folder, out).lines():
        say(line)
    say(f"farley eval run {out / 'cases.jsonl'}")
