"""Looks at an exact point that are open now, and wishes that need a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from geo_app.config import Settings
from layers import Text

from .audit import append
from .engines import KEEPERS, reading, writing
from .errors import RevealError
from .layers import Store
from .mark_tables import mark, reveal
from .marks_kept import Point
from .people_kept import may_reveal, reason_faults
from .staff_tables import reveal_wish

OPEN_FOR = timedelta(minutes=15)
"""A page that shows an exact point may be read again for so long without another reason."""
WISH_HOLDS = timedelta(hours=24)


@dataclass(frozen=True)
class Wish:
    """
    Somebody's wish to see an exact point.

    Parameters
    ----------
    id
        Its number.
    at, by, reason
        When, who and why.
    second
        Login of the other person who agreed, or "".
    """

    id: int
    at: datetime
    by: str
    reason: str
    second: str


class Reveals:
    """
    Wishes to see exact points, and what may be seen right now.

    Parameters
    ----------
    store, settings
        The store of the city, and its secret.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._engine = store.engine
        self._secret = settings.secret

    def shown(self, mark_id: str, *, to: str, at: datetime) -> Point | None:
        """Return the exact point [m] while a look of this person is open, else None."""
        query = (
            select(mark.c.x, mark.c.y)
            .join(reveal, reveal.c.mark_id == mark.c.id)
            .where(mark.c.id == mark_id, reveal.c.by == to, reveal.c.at > at - OPEN_FOR)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query.limit(1)).first()
        return None if row is None or row.x is None else (row.x, row.y)

    def wish(self, mark_id: str, *, by: str, reason: str, at: datetime) -> None:
        """
        Ask a second person to agree to a look.

        Raises
        ------
        RevealError
            If no reason is given, or one that is too long.
        """
        if faults := reason_faults(reason):
            raise RevealError(faults)
        told = {"mark_id": mark_id, "at": at, "by": by, "reason": reason.strip(), "second": ""}
        old = reveal_wish.c.at <= at - WISH_HOLDS
        mine = (reveal_wish.c.mark_id == mark_id) & (reveal_wish.c.by == by)
        with writing(self._engine, lock=KEEPERS) as connection:
            connection.execute(delete(reveal_wish).where(old | mine))
            connection.execute(insert(reveal_wish).values(**told))
            what = f"mark {mark_id}"
            append(
                connection, self._secret, "reveal asked for", by=by, at=at, what=what,
                detail=reason.strip(),
            )  # fmt: skip

    def wishes(self, mark_id: str = "", *, at: datetime) -> dict[str, list[Wish]]:
        """Return open wishes by mark, the oldest first; all of them, or those for one mark."""
        query = select(reveal_wish).where(reveal_wish.c.at > at - WISH_HOLDS)
        if mark_id:
            query = query.where(reveal_wish.c.mark_id == mark_id)
        found: dict[str, list[Wish]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(query.order_by(reveal_wish.c.id)).mappings():
                wish = Wish(row["id"], row["at"], row["by"], row["reason"], row["second"])
                found.setdefault(row["mark_id"], []).append(wish)
        return found

    def agree(self, mark_id: str, wish: int, *, by: str, at: datetime) -> None:
        """
        Agree to somebody else's wish.

        Raises
        ------
        RevealError
            If there is no such wish any more, it is one's own, or the role is missing.
        """
        here = (reveal_wish.c.id == wish) & (reveal_wish.c.mark_id == mark_id)
        here &= (reveal_wish.c.by != by) & (reveal_wish.c.at > at - WISH_HOLDS)
        with writing(self._engine, lock=KEEPERS) as connection:
            change = update(reveal_wish).where(here).values(second=by)
            if not may_reveal(connection, by) or not connection.execute(change).rowcount:
                raise RevealError([Text("only another moderator can agree to an open request")])
            what = f"mark {mark_id}"
            append(connection, self._secret, "reveal agreed to", by=by, at=at, what=what)

    def done(self, mark_id: str, *, by: str) -> None:
        """Forget the wish of somebody who has looked."""
        here = (reveal_wish.c.mark_id == mark_id) & (reveal_wish.c.by == by)
        with writing(self._engine, lock=KEEPERS) as connection:
            connection.execute(delete(reveal_wish).where(here))
