"""Settings: where they come from, what is refused, how the secret is kept."""

import dataclasses
import threading
from pathlib import Path

import pytest

from geo_app.config import LANGUAGES, SETTINGS, Settings, SettingsError

OWN_CRS = "+proj=tmerc +lon_0=9 +k=0.9996 +x_0=2500000 +ellps=GRS80 +units=m"
SET = {"GEO_APP_SECRET": "from the environment"}


def test_every_setting_is_a_field_and_says_what_it_does():
    """The table and the class tell the same settings."""
    assert {s.name for s in SETTINGS} == {f.name for f in dataclasses.fields(Settings)}
    assert all(setting.help for setting in SETTINGS)


def test_without_variables_the_defaults_hold(tmp_path, monkeypatch):
    """German, UTM 32, one file below var/, this machine only."""
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({})
    assert (settings.language, settings.crs, settings.city) == ("de", "EPSG:25832", "")
    assert (settings.host, settings.port) == ("127.0.0.1", 5000)
    assert (settings.var, settings.store) == (Path("var"), "sqlite:///var/store.sqlite")


def test_variables_of_the_process_are_read(monkeypatch):
    """Without a mapping it is the environment."""
    monkeypatch.setenv("GEO_APP_CITY", "Musterstadt")
    monkeypatch.setenv("GEO_APP_SECRET", "s")
    assert Settings.from_environment().city == "Musterstadt"


def test_the_store_lies_in_the_folder_that_was_chosen(tmp_path):
    """One variable moves everything; an address that was given stays as it is."""
    moved = Settings.from_environment(SET | {"GEO_APP_VAR": str(tmp_path)})
    assert moved.store == f"sqlite:///{tmp_path}/store.sqlite"
    given = Settings.from_environment(SET | {"GEO_APP_STORE": "postgresql://u:p{}@h/city"})
    assert given.store == "postgresql://u:p{}@h/city"


def test_an_empty_variable_is_one_that_is_not_set():
    """As in `GEO_APP_PORT= make run`."""
    assert Settings.from_environment(SET | {"GEO_APP_PORT": " "}).port == 5000


def test_all_faults_are_told_at_once():
    """Somebody who installs the tool mends them in one go."""
    wrong = {
        "GEO_APP_PORT": "80000",
        "GEO_APP_LANGUAGE": "klingon",
        "GEO_APP_CRS": "EPSG:4326",
        "GEO_APP_STROE": "sqlite:///x",
    }
    with pytest.raises(SettingsError) as error:
        Settings.from_environment(SET | wrong)
    assert len(error.value.faults) == 4
    for part in ("GEO_APP_STROE is not a setting", "between 1 and 65535", "de, en", "in metres"):
        assert part in str(error.value)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "1.5", "٨٠", "http"])
def test_what_is_no_port_is_refused(port):
    """Only whole numbers in plain digits."""
    with pytest.raises(SettingsError, match="GEO_APP_PORT"):
        Settings.from_environment(SET | {"GEO_APP_PORT": port})


def test_variables_of_the_tests_and_of_others_are_left_alone():
    """They are not settings of the application."""
    Settings.from_environment(SET | {"GEO_APP_TEST_POSTGRES": "x", "FLASK_DEBUG": "1"})


def test_a_system_may_come_from_a_prj_file(tmp_path):
    """A city's own system has no code; its .prj file says it."""
    prj = tmp_path / "city.prj"
    prj.write_text(OWN_CRS)
    assert Settings.from_environment(SET | {"GEO_APP_CRS": str(prj)}).crs == OWN_CRS
    with pytest.raises(SettingsError, match="GEO_APP_CRS"):
        Settings.from_environment(SET | {"GEO_APP_CRS": str(tmp_path / "none.prj")})


def test_every_language_is_taken():
    """Those of the pages."""
    for language in LANGUAGES:
        assert Settings.from_environment(SET | {"GEO_APP_LANGUAGE": language}).language == language


def test_the_secret_is_made_once_and_only_for_this_account(tmp_path):
    """Sessions survive a restart, and no other account can forge them."""
    environ = {"GEO_APP_VAR": str(tmp_path / "var")}
    first = Settings.from_environment(environ).secret
    assert len(first) == 64
    assert Settings.from_environment(environ).secret == first
    kept = tmp_path / "var" / "secret"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret"]


def test_a_secret_that_is_given_is_not_kept(tmp_path):
    """It lives where the one who gave it keeps it."""
    settings = Settings.from_environment(SET | {"GEO_APP_VAR": str(tmp_path / "var")})
    assert settings.secret == "from the environment"
    assert not (tmp_path / "var").exists()


def test_programs_that_start_together_share_one_secret(tmp_path):
    """Otherwise each would refuse the cookies of the other."""
    secrets = []

    def start():
        secrets.append(Settings.from_environment({"GEO_APP_VAR": str(tmp_path)}).secret)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secrets) == 8
    assert len(set(secrets)) == 1


def test_a_folder_that_cannot_hold_the_secret_is_told(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "var").write_text("")
    with pytest.raises(SettingsError, match="GEO_APP_SECRET"):
        Settings.from_environment({"GEO_APP_VAR": str(tmp_path / "var")})


def test_an_empty_secret_is_no_secret(tmp_path):
    """Whoever emptied the file did not mean an empty key."""
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(SettingsError, match="delete it"):
        Settings.from_environment({"GEO_APP_VAR": str(tmp_path)})


def test_logs_do_not_show_passwords():
    """Neither the secret nor the password of the database."""
    settings = Settings.from_environment(SET | {"GEO_APP_STORE": "postgresql://u:Sesame1@h/city"})
    assert "Sesame1" not in repr(settings)
    assert "from the environment" not in repr(settings)
