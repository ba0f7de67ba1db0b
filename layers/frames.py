"""Tables made row by row, in which sentences stay sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .schema import Column


def frame_of(
    rows: Sequence[Mapping[str, object]], columns: Sequence[Column], index: Sequence[str] = ()
) -> pd.DataFrame:
    """
    Make a table from rows.

    Parameters
    ----------
    rows
        Column to value.
    columns
        The columns. Text is kept as objects: a plain column of text would
        forget how a `Text` is translated.
    index
        Ids of the rows; their numbers if left out.
    """
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [row[column.name] for row in rows],
                dtype=object if column.kind is str else np.dtype(column.kind),
                index=list(index) if len(index) else None,
            )
            for column in columns
        }
    )
