"""Layers of a city and the analyses over them: tables in, tables out, nothing else."""

from . import analyses, sources
from .errors import (
    Cancelled,
    CrsError,
    InfeasibleError,
    LayersError,
    MarkError,
    MissingLayerError,
    ParameterError,
    TableError,
    TransitionError,
)
from .parameters import Bounds, Choice, Choices, Flag, Group, Parameter
from .registry import Analysis, Figure, Result, Style, Table, discover
from .schema import Column, Layer
from .text import Text

LAYERS: dict[str, Layer] = discover(sources, "LAYER")
ANALYSES: dict[str, Analysis] = discover(analyses, "ANALYSIS")

__all__ = [
    "ANALYSES",
    "LAYERS",
    "Analysis",
    "Bounds",
    "Cancelled",
    "Choice",
    "Choices",
    "Column",
    "CrsError",
    "Figure",
    "Flag",
    "Group",
    "InfeasibleError",
    "Layer",
    "LayersError",
    "MarkError",
    "MissingLayerError",
    "Parameter",
    "ParameterError",
    "Result",
    "Style",
    "Table",
    "TableError",
    "Text",
    "TransitionError",
]
