"""
Figures with their sources, from the tables in `data/`.

The only place of the library that opens a file: constants of the field belong
beside their sources, where a planner can read and change them.
"""

import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"


def facts(name: str) -> dict[str, Any]:
    """
    Read `data/<name>.toml`.

    Parameters
    ----------
    name
        Name of the table without its ending.

    Returns
    -------
    entries
        Name to entry, in the order of the file.
    """
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
