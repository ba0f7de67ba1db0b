"""
Citizens' marks in the store: one door, three views.

What the person who sent a mark can do is in `marks_by_citizens`, what staff do
in `marks_by_staff`, what the public sees in `marks_in_public` and `releases`,
what analyses for staff read in `credible`, what is put right in `mendings`.
The history of each mark is only added to, chained and sealed; what is erased
is erased from the files as well (`forgetting`, `erasure`).
"""

from .credible import Credible
from .marks_by_citizens import Added, ByCitizens
from .marks_by_staff import Filter, Look, Waiting
from .marks_in_public import Numbers
from .marks_kept import Kept
from .marks_undone import Undoing
from .mendings import Mending
from .pins_kept import Finding
from .releases import Releases

__all__ = ["Added", "Filter", "Finding", "Kept", "Look", "MarkStore", "Numbers", "Waiting"]


class MarkStore(ByCitizens, Undoing, Credible, Mending, Releases):
    """
    Every mark of one city.

    Safe to be used by several threads and programs at once; needs no closing
    of its own.

    Parameters
    ----------
    store
        The open store of the city.
    settings
        Its secret (codes and seals hang on it: another secret makes all codes
        useless), periods and rules.
    """
