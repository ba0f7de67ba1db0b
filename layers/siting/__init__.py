"""
Where places should stand: the models of location science on plain arrays.

`Problem` says what is asked; `quick` answers at once with a bound; `proof`
goes on until nothing better can exist; `alternatives`, `front` and `gains`
say what else there is and why. Everything is deterministic and knows no map.
"""

from .alternatives import alternatives
from .finding import backup, lscp, mclp, p_center, p_median, quick
from .front import Point, front
from .gaining import Gains, gains
from .problem import Model, Problem, Solution, combined, sparse
from .proving import proof

__all__ = [
    "Gains", "Model", "Point", "Problem", "Solution", "alternatives", "backup", "combined",
    "front", "gains", "lscp", "mclp", "p_center", "p_median", "proof", "quick", "sparse",
]  # fmt: skip
