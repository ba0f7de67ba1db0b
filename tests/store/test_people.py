"""Accounts of staff: signing in, waiting, changing passwords, roles, sessions."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from geo_app.store import LoginError, People, PeopleError
from geo_app.store.engines import reading

from .mark_samples import HOUR, NOON, PASSWORD

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
NEW = "eight red umbrellas"


@pytest.fixture
def admin(people):
    """Login of the only administrator."""
    people.add("admin", ["administrator"], at=NOON, password=PASSWORD)
    return "admin"


def hash_of(store, login):
    """Return what the store keeps instead of a password."""
    with reading(store.engine) as connection:
        return connection.scalar(
            text("SELECT password FROM person WHERE login = :login"), {"login": login}
        )


def test_the_right_password_opens_and_is_not_kept(people, admin, store):
    """Argon2id, and capital letters of the name do not matter."""
    person = people.verify(" Admin", PASSWORD, at=NOON)
    assert (person.login, person.roles, person.must_change) == (admin, ("administrator",), False)
    assert hash_of(store, admin).startswith("$argon2id$")
    assert PASSWORD not in repr(people.audit_log())


@pytest.mark.parametrize(
    ("login", "password"),
    [("admin", "seven green bicycle"), ("admin", ""), ("nobody", PASSWORD), ("", "")],
)
@pytest.mark.usefixtures("admin")
def test_wrong_name_and_wrong_password_are_told_in_the_same_words(people, login, password):
    """Nobody learns which names there are."""
    with pytest.raises(LoginError, match="do not go together, or there were too many tries"):
        people.verify(login, password, at=NOON)


class Counting(PasswordHasher):
    """Tells what it had to look at."""

    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.looked_at = []

    def verify(self, hashed, password):
        """Look at one hash."""
        self.looked_at.append(hashed.rsplit("$", 2)[0])
        return super().verify(hashed, password)


@pytest.fixture
def counting(store, settings):
    """Accounts whose hasher tells what it had to look at; three wrong ones for a name are many."""
    people = People(store, replace(settings, login_tries=3), hasher=Counting())
    people.add("admin", ["administrator"], at=NOON, password=PASSWORD)
    return people


def refused(people, login, times=1, *, at=NOON, password="wrong", **where):
    """Try so often and be refused each time."""
    for _ in range(times):
        with pytest.raises(LoginError):
            people.verify(login, password, at=at, **where)


def test_wrong_names_cost_as_much_as_wrong_passwords(counting):
    """One hash is looked at for each try, made in the same way; none once there were too many."""
    counting.add("sso", ["planner"], at=NOON, elsewhere=True)
    for login in ("admin", "nobody", "sso"):
        refused(counting, login, 4, connection=f"house of {login}")
    assert counting._hasher.looked_at == ["$argon2id$v=19$m=8,t=1,p=1"] * 9


def test_after_five_wrong_passwords_the_right_one_has_to_wait_too(people, admin):
    """Until the quarter of an hour is over, and only from there; the right one forgets them."""
    refused(people, admin, 4, connection="here")
    people.verify(admin, PASSWORD, at=NOON, connection="here")
    refused(people, admin, 5, connection="here")
    refused(people, admin, password=PASSWORD, at=NOON + 14 * MINUTE, connection="here")
    assert people.verify(admin, PASSWORD, at=NOON, connection="elsewhere").login == admin
    assert people.verify(admin, PASSWORD, at=NOON + 15 * MINUTE, connection="here").login == admin


def test_nobody_can_lock_somebody_else_out(people, admin):
    """However often a stranger is wrong, whoever owns the account gets in from elsewhere."""
    refused(people, admin, 40, connection="a stranger's")
    assert people.get(admin).locked_until is None
    assert people.verify(admin, PASSWORD, at=NOON, connection="the town hall's").login == admin


def test_a_connection_tries_ten_wrong_names_and_no_more(counting):
    """None is looked at any more, of whatever name; right ones before do not count."""
    for _ in range(30):
        counting.verify("admin", PASSWORD, at=NOON, connection="here")
    counting._hasher.looked_at.clear()
    for number in range(30):
        refused(counting, f"name{number}", connection="here")
    refused(counting, "admin", password=PASSWORD, connection="here")
    assert len(counting._hasher.looked_at) == 10


def attacked(people, login, *, at=NOON):
    """Be wrong a hundred times, from a hundred connections."""
    for number in range(100):
        refused(people, login, at=at, connection=f"robot {number} {at}")


def test_a_hundred_wrong_passwords_from_everywhere_make_an_account_wait(people, admin):
    """30 s, then 60 s; not from where it was opened today; the right one forgets them."""
    people.add("planner", ["planner"], at=NOON, password=PASSWORD)
    people.verify("planner", PASSWORD, at=NOON, connection="the town hall's")
    attacked(people, "planner")
    assert people.get("planner").locked_until == NOON + 30 * SECOND
    refused(people, "planner", password=PASSWORD, at=NOON + 29 * SECOND, connection="a train's")
    refused(people, "planner", at=NOON + 30 * SECOND, connection="robot")
    assert people.get("planner").locked_until == NOON + 90 * SECOND
    refused(people, "planner", password=PASSWORD, at=NOON + 89 * SECOND, connection="a train's")
    people.verify("planner", PASSWORD, at=NOON + 31 * SECOND, connection="the town hall's")
    assert people.get("planner").locked_until is None
    assert people.get(admin).locked_until is None


def test_the_only_administrator_is_never_kept_out(people, admin):
    """Of two, each can let the other one in again."""
    attacked(people, admin)
    assert people.verify(admin, PASSWORD, at=NOON, connection="a train's").login == admin
    people.add("second", ["administrator"], at=NOON, password=PASSWORD)
    attacked(people, admin, at=NOON + HOUR)
    refused(people, admin, password=PASSWORD, at=NOON + HOUR, connection="another train's")


def test_the_wait_never_grows_beyond_an_hour(people, admin):
    """Whoever owns the account gets in again the same day."""
    people.add("planner", ["planner"], at=NOON, password=PASSWORD)
    attacked(people, "planner")
    at = NOON
    for number in range(10):
        at = people.get("planner").locked_until
        refused(people, "planner", at=at, connection=f"robot {number}")
    until = people.get("planner").locked_until
    assert until - at == HOUR
    assert people.verify("planner", PASSWORD, at=until).login == "planner"
    assert people.get(admin).locked_until is None


def test_an_attack_does_not_fill_what_staff_did(people, admin):
    """Twenty refusals of one account in a quarter of an hour, twenty of all unknown names."""
    for number in range(30):
        refused(people, admin, connection=f"robot {number}")
        refused(people, f"nobody{number}", connection=f"machine {number}")
    told = [entry.what for entry in people.audit_log(action="sign-in refused")]
    assert sorted(told) == ["account admin"] * 20 + ["account unknown"] * 20


def test_many_tries_at_once_are_as_many_as_one_after_another(counting):
    """Twelve at the same moment: three are looked at."""
    outcomes = []

    def attempt():
        try:
            outcomes.append(counting.verify("admin", "wrong", at=NOON, connection="here"))
        except LoginError:
            outcomes.append(None)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [None] * 12
    assert len(counting._hasher.looked_at) == 3


def test_hashes_are_renewed_when_hashing_gets_stronger(admin, store, settings):
    """On signing in, when the password is at hand."""
    before = hash_of(store, admin)
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    now = People(store, settings, hasher=stronger)
    now.verify(admin, PASSWORD, at=NOON)
    after = hash_of(store, admin)
    assert "t=1" in before
    assert "t=2" in after
    now.verify(admin, PASSWORD, at=NOON)
    assert hash_of(store, admin) == after


def test_a_password_that_was_given_out_has_to_be_changed(people):
    """It is long enough to be safe until then, and opens once it is changed no more."""
    made = people.add("k.yilmaz", ["moderator", "planner"], at=NOON)
    assert people.verify("k.yilmaz", made, at=NOON).must_change
    people.change_password("k.yilmaz", made, NEW, at=NOON)
    assert not people.verify("k.yilmaz", NEW, at=NOON).must_change
    with pytest.raises(LoginError):
        people.verify("k.yilmaz", made, at=NOON)


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        ("too short", "at least 12 characters"),
        ("admin-Admin-admin1", "made of the name"),
        ("aaaaaaaaaaaaaaaa", "repeats a few"),
        (PASSWORD, "is the old one"),
        ("x" * 201, "at most 200"),
    ],
)
def test_what_is_no_good_password_is_refused_with_the_reason(people, admin, new, fault):
    """Length counts; there are no rules about kinds of characters."""
    with pytest.raises(PeopleError, match=fault):
        people.change_password(admin, PASSWORD, new, at=NOON)


def test_the_name_itself_is_no_password(people):
    """Not with digits behind it either, and not the name before the @."""
    people.add("e.mueller-luedenscheid", ["planner"], at=NOON, password=PASSWORD)
    for new in ("E.Mueller-Luedenscheid", "e.mueller-luedenscheid1"):
        with pytest.raises(PeopleError, match="made of the name"):
            people.change_password("e.mueller-luedenscheid", PASSWORD, new, at=NOON)


@pytest.mark.usefixtures("admin")
def test_all_faults_of_a_new_account_are_told_at_once(people):
    """Name, role and password."""
    with pytest.raises(PeopleError) as error:
        people.add("a b", ["mayor"], at=NOON, password="short")
    assert len(error.value.faults) == 3
    with pytest.raises(PeopleError, match="already"):
        people.add("ADMIN", ["planner"], at=NOON)


def test_the_last_administrator_stays(people, admin):
    """Otherwise only the command line could help."""
    with pytest.raises(PeopleError, match="last administrator"):
        people.lock(admin, by=admin, at=NOON)
    with pytest.raises(PeopleError, match="last administrator"):
        people.set_roles(admin, ["planner"], by=admin, at=NOON)
    assert people.get(admin).roles == ("administrator",)
    people.add("second", ["administrator"], at=NOON)
    people.lock(admin, by="second", at=NOON)
    assert people.get(admin).locked


def test_a_locked_account_does_not_open_until_it_is_unlocked(people, admin):
    """With the right password neither."""
    people.add("planner", ["planner"], at=NOON, password=PASSWORD)
    people.lock("planner", by=admin, at=NOON)
    with pytest.raises(LoginError):
        people.verify("planner", PASSWORD, at=NOON)
    people.unlock("planner", by=admin, at=NOON)
    assert people.verify("planner", PASSWORD, at=NOON).login == "planner"


def test_an_account_that_signs_in_elsewhere_has_no_password_here(people):
    """No password opens it, not even an empty one."""
    assert people.add("sso", ["planner"], at=NOON, elsewhere=True) == ""
    assert not people.get("sso").has_password
    for typed in ("", PASSWORD):
        with pytest.raises(LoginError):
            people.verify("sso", typed, at=NOON)


def test_sessions_end_by_the_clock_by_silence_and_by_hand(people, admin):
    """8 hours, 30 minutes without a page, or at once."""
    later = NOON + 10 * SECOND
    assert people.session_holds(admin, NOON, NOON, at=later)
    assert not people.session_holds(admin, NOON, NOON, at=NOON + HOUR / 2)
    assert not people.session_holds(admin, NOON, NOON + 8 * HOUR, at=NOON + 8 * HOUR)
    assert not people.session_holds("nobody", NOON, NOON, at=later)
    people.revoke_sessions(admin, by=admin, at=later)
    assert not people.session_holds(admin, NOON, later, at=later)
    assert people.session_holds(admin, later, later, at=later)


@pytest.mark.parametrize("change", ["set_roles", "give_password", "lock"])
def test_new_roles_and_new_passwords_end_sessions(people, admin, change):
    """What somebody might have seen before is asked for again."""
    people.add("planner", ["planner"], at=NOON, password=PASSWORD)
    assert people.session_holds("planner", NOON, NOON, at=NOON)
    more = [["moderator"]] if change == "set_roles" else []
    getattr(people, change)("planner", *more, by=admin, at=NOON + SECOND)
    assert not people.session_holds("planner", NOON, NOON, at=NOON + SECOND)


def test_what_staff_did_can_be_narrowed(people, admin):
    """By person and by action, newest first, page by page."""
    people.verify(admin, PASSWORD, at=NOON)
    people.audit("moderation viewed", by=admin, at=NOON, what="queue")
    assert [e.action for e in people.audit_log(by=admin)] == ["moderation viewed", "signed in"]
    assert [e.what for e in people.audit_log(action="account added")] == ["account admin"]
    assert [e.action for e in people.audit_log(limit=1, offset=1)] == ["signed in"]
