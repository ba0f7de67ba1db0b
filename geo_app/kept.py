"""
Results of long work on the disk: they survive leaving the page and a restart.

Each is a file of its own, for this account only, signed with the secret of
the installation: what somebody else laid there is not read. Its name stands
for the question, the versions of the layers and the version of the program;
whenever one of them changes, the file is simply not asked for any more.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import pickle
import secrets
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from layers import Result

from .store.codes import keyed

LIBRARY = Path(__file__).resolve().parent.parent
MOST_FILES = 200
"""So many results are kept; the oldest go first."""
MOST_BYTES = 2_000_000_000
"""So much room all of them may take."""
ENDING = ".result"


@cache
def program() -> str:
    """Return what stands for this version of the library: a hash of its code and figures."""
    made = hashlib.sha256()
    for pattern in ("layers/**/*.py", "data/*.toml"):
        for path in sorted(LIBRARY.glob(pattern)):
            made.update(path.name.encode() + path.read_bytes())
    return made.hexdigest()[:16]


class Kept:
    """
    Results in a folder.

    Parameters
    ----------
    folder
        Where they lie; made when the first one comes.
    secret
        Secret of the installation.
    days
        So long an untouched result stays.
    """

    def __init__(self, folder: Path, secret: str, *, days: int) -> None:
        self._folder = folder
        self._key = keyed(secret, "kept results").encode()
        self._days = days

    def get(self, digest: str) -> Result | None:
        """Return a result, or None if it is not there, broken or not ours."""
        path = self._path(digest)
        try:
            signature, content = path.read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return None
        if not hmac.compare_digest(signature, self._sign(digest, content)):
            return None
        try:
            found = pickle.loads(content)  # noqa: S301, signed by ourselves
        except Exception:  # noqa: BLE001, a library was updated: any error may come, it is made anew
            return None
        return found if isinstance(found, Result) else None

    def put(self, digest: str, result: Result) -> None:
        """Keep a result: whole or not at all."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)
        draft = self._folder / f"{digest}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        try:
            with draft.open("wb") as file:
                file.write(self._sign(digest, content) + b"\n" + content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path(digest))
        finally:
            draft.unlink(missing_ok=True)

    def tidy(self, *, at: datetime) -> int:
        """Delete what is old, what is too much, and drafts left by a crash; return how many."""
        files = sorted(self._folder.glob("*.*"), key=_age, reverse=True)
        limit = (at - timedelta(days=self._days)).timestamp()
        room, gone = MOST_BYTES, 0
        for number, path in enumerate(files):
            size, written = _size(path), _age(path)
            room -= size
            draft = path.suffix != ENDING and written < (at - timedelta(hours=1)).timestamp()
            if draft or written < limit or number >= MOST_FILES or room < 0:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}{ENDING}"

    def _sign(self, digest: str, content: bytes) -> bytes:
        return hmac.new(self._key, digest.encode() + content, hashlib.sha256).hexdigest().encode()


def _age(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
