"""
Secret codes of marks, and keyed hashes.

A code is 19 characters drawn at random and a check character, written in five
groups of four: 94 bits. The store keeps only a hash of it, keyed with the
secret of the installation, and looks codes up by that hash, so that the time
a look-up takes tells nothing about a code.

Source
------
Check character: weighted sum modulo a prime as in ISBN-10. The alphabet has 31
characters and the weights are 1 to 19, so that every single wrong character
and every swap of two characters is found.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from layers import Text

from .errors import CodeError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0, O, 1, I and L; their number is a prime."""
DRAWN, GROUP = 19, 4
LENGTH = DRAWN + 1


def keyed(secret: str, purpose: str, *texts: str) -> str:
    """
    Return a hash that only this installation can compute, hexadecimal.

    Parameters
    ----------
    secret
        Secret of the installation.
    purpose
        What it is for: hashes for one purpose are of no use for another.
    texts
        What is hashed, part by part.
    """
    parts = "".join(f"{len(part)}:{part}" for part in (purpose, *texts))
    return hmac.new(secret.encode(), parts.encode(), hashlib.sha256).hexdigest()


def code_for(secret: str, token: str = "") -> str:
    """
    Return a code: the same for the same token, another one each time without.

    Parameters
    ----------
    secret
        Secret of the installation.
    token
        Random text that was made together with the form and sent with it. A
        form that is sent twice so gets one code, although no code is kept.
    """
    number = int(keyed(secret, "code", token or secrets.token_hex(32)), 16)
    drawn = ""
    for _ in range(DRAWN):
        number, place = divmod(number, len(ALPHABET))
        drawn += ALPHABET[place]
    return shown(drawn + _check(drawn))


def shown(code: str) -> str:
    """Write a code in groups of four."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def tidy(code: str) -> str:
    """
    Return a code as it was given out, however it was typed.

    Raises
    ------
    CodeError
        If it cannot be a code: a character is wrong, missing or too many.
    """
    typed = "".join(c for c in code.upper() if c.isalnum())
    if (
        len(typed) != LENGTH
        or any(c not in ALPHABET for c in typed)
        or _check(typed[:DRAWN]) != typed[DRAWN]
    ):
        raise CodeError(
            [
                Text(
                    "this is not a code; it has {length} letters and digits in groups of {group},"
                    " without 0, O, 1, I and L. Compare it with what you wrote down",
                    length=LENGTH,
                    group=GROUP,
                )
            ]
        )
    return shown(typed)


def _check(drawn: str) -> str:
    total = sum(n * ALPHABET.index(c) for n, c in enumerate(drawn, 1))
    return ALPHABET[total % len(ALPHABET)]
