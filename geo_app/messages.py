"""Finds the sentences in `data/*.toml` for translation; `make messages` gathers all others."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

STEPS = ("step_0", "step_1", "step_2", "step_3")
"""Keys of what the steps of a rating mean."""

SAID = ("label", "about", "made_for", "kind", *STEPS)
"""Keys of an entry that are shown to people."""

SOURCES_SAID = ("walkers", "standards")
"""Tables whose sources are sentences too; elsewhere they are titles of papers."""

Found = tuple[int, str, str, list[str]]


def of_figures(
    file: BinaryIO,
    keywords: Sequence[str],  # noqa: ARG001, Babel hands it to every such function
    comment_tags: Sequence[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[Found]:
    """
    Yield line, function, message and comments, as Babel asks for them.

    Parameters
    ----------
    file
        A table of figures, opened as bytes.
    keywords, comment_tags, options
        Of no use here: sentences are known by their key.
    """
    text = file.read().decode()
    keys = (*SAID, "source") if Path(file.name).stem in SOURCES_SAID else SAID
    for entry in tomllib.loads(text).values():
        for key in keys:
            if key in entry:
                yield text[: text.index(entry[key])].count("\n") + 1, "", entry[key], []
