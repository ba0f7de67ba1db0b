"""Secret codes: as drawn, as typed, as mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_app.store import CodeError
from geo_app.store.codes import ALPHABET, LENGTH, code_for, keyed, tidy

TOKENS = st.text(min_size=1, max_size=40)


@given(TOKENS)
def test_a_form_that_is_sent_twice_gets_one_code(token):
    """Nobody keeps the code, and still it is the same."""
    assert code_for("secret", token) == code_for("secret", token)
    assert code_for("secret", token) != code_for("another secret", token)


def test_codes_without_a_form_are_never_the_same():
    """94 bits drawn at random."""
    assert len({code_for("secret") for _ in range(1000)}) == 1000


@given(TOKENS)
def test_a_code_is_read_however_it_is_typed(token):
    """Small letters, blanks, no hyphens."""
    code = code_for("secret", token)
    for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')} "):
        assert tidy(typed) == code


@given(TOKENS, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(token, place, other):
    """The check character is a weighted sum modulo a prime."""
    code = code_for("secret", token).replace("-", "")
    if other != code[place]:
        with pytest.raises(CodeError):
            tidy(code[:place] + other + code[place + 1 :])


@given(TOKENS, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_every_swap_of_two_characters_is_found_but_with_the_check_itself(token, one, other):
    """Weights differ, so that a swap changes the sum."""
    code = list(code_for("secret", token).replace("-", ""))
    if code[one] != code[other] and LENGTH - 1 not in {one, other}:
        code[one], code[other] = code[other], code[one]
        with pytest.raises(CodeError):
            tidy("".join(code))


@pytest.mark.parametrize("typed", ["", "A", "7" * 19, "7" * 21, "O" * 20, "<script>", "ß" * 20])
def test_what_is_no_code_is_told_in_a_sentence(typed):
    """The sentence says what a code looks like."""
    with pytest.raises(CodeError, match="20 letters and digits in groups of 4"):
        tidy(typed)


def test_a_code_is_worth_more_than_80_bits():
    """31 characters, 19 of them drawn."""
    assert len(ALPHABET) ** (LENGTH - 1) > 2**80
    assert not set("0O1IL") & set(ALPHABET)


@given(st.lists(st.text(), min_size=1, max_size=3), st.lists(st.text(), min_size=1, max_size=3))
def test_hashes_keep_the_parts_of_a_text_apart(one, other):
    """What is one text in two parts is not the same text cut elsewhere."""
    assert (keyed("s", "p", *one) == keyed("s", "p", *other)) == (one == other)
