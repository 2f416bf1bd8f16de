"""`farley import`: CSV files into the store."""


def import_files() -> None:
    """Bring CSV files in."""
