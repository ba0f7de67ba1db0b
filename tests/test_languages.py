"""German and English: every sentence translated, every number in the reader's notation."""

from __future__ import annotations

import ast
import math
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from geo_app import languages
from geo_app.languages import (
    FOLDER,
    LANGUAGES,
    SOURCE,
    Language,
    catalogue,
    day,
    number,
    say,
    with_unit,
)
from layers import ANALYSES, LAYERS, Text
from layers.question import Question
from layers.standards import STANDARDS
from layers.walkers import WALKERS

ROOT = Path(__file__).parent.parent
TRANSLATED = [tag for tag in LANGUAGES if tag != SOURCE]


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    """Gather every sentence of code, pages and figures, as `make messages` does."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = [sys.executable, "-W", "ignore", "-m", "babel.messages.frontend", "--quiet"]
    command += ["extract", "--mapping-file", "pyproject.toml", "--no-default-keywords"]
    command += ["--keywords", "Text _", "--omit-header", "--output-file", str(target), "."]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with target.open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}


def places(template: str) -> list[str]:
    """Return the names of a template's placeholders, sorted; word forms are no more of them."""
    return sorted(name for _, name, forms, _ in Formatter().parse(template) if name and not forms)


def templates(value: object) -> Iterable[str]:
    """Return the template of a text and of every text within it."""
    if isinstance(value, Text):
        yield value.template
        for inner in value.values.values():
            yield from templates(inner)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from templates(item)


def shown() -> Iterable[str]:
    """Return what layers, analyses, walkers and standards show, units too."""
    for of in (*LAYERS.values(), *ANALYSES.values()):
        yield from templates(of.title)
        for column in of.columns:
            yield from templates((column.meaning, Text(column.unit)))
            yield from templates(tuple((column.options or {}).values()))
    for analysis in ANALYSES.values():
        yield from templates(analysis.about)
        for parameter in analysis.parameters.values():
            yield from templates((parameter.label, parameter.help))
            yield from templates(tuple(getattr(parameter.takes, "options", {}).values()))
            yield getattr(parameter.takes, "unit", "")
    for walker in WALKERS.values():
        yield from templates(walker.label)
    for standard in STANDARDS.values():
        yield from templates((standard.label, standard.made_for, standard.kind))


@pytest.mark.parametrize("tag", TRANSLATED)
def test_no_sentence_lacks_its_translation(sentences, tag):
    """What is missing is named, so that it can be added."""
    assert len(sentences) > 300
    assert sorted(sentences - set(catalogue(tag))) == []


def written(folder: Path) -> Iterable[str]:
    """Return the template of every text in the modules of a folder."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="Text"), args=[ast.Constant(value=str(template))]):
                    yield template


def test_no_sentence_hides_where_it_cannot_be_gathered(sentences):
    """A text made within the making of another one is not found; give it a name first."""
    every = {text for name in ("layers", "geo_app") for text in written(ROOT / name) if text}
    assert len(every) > 300
    assert sorted(every - sentences) == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_everything_a_page_shows_by_name_is_translated(tag):
    """Labels come from objects as well as from code: none may be forgotten."""
    assert sorted({template for template in shown() if template} - set(catalogue(tag))) == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_translation_fills_in_the_same_values(tag):
    for english, translated in catalogue(tag).items():
        assert places(english) == places(translated), english


def test_words_bend_with_their_number_in_every_language(monkeypatch):
    """German has two forms; a language with more of them writes them in their order."""
    german = {"{n} {n:row|rows}": "{n} {n:Zeile|Zeilen}"}
    monkeypatch.setattr(languages, "catalogue", lambda _: german)
    said = [say(Text("{n} {n:row|rows}", n=n), "de") for n in (0, 1.0, 2, 1250)]
    assert said == ["0 Zeilen", "1 Zeile", "2 Zeilen", "1.250 Zeilen"]
    polish = {"{n} {n:row|rows}": "{n} {n:wiersz|wiersze|wierszy|wiersza}"}
    monkeypatch.setattr(languages, "catalogue", lambda _: polish)
    monkeypatch.setitem(LANGUAGES, "pl", Language("pl", "polski"))
    said = [say(Text("{n} {n:row|rows}", n=n), "pl") for n in (1, 2, 5, 22)]
    assert said == ["1 wiersz", "2 wiersze", "5 wierszy", "22 wiersze"]


@pytest.mark.parametrize("tag", TRANSLATED)
def test_catalogues_hold_each_sentence_once_and_no_doubtful_one(tag):
    with (FOLDER / tag / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert not [message.id for message in messages if message.fuzzy]
    assert len({message.id for message in messages}) == len(messages)


def test_german_never_shouts():
    """No exclamation marks on our pages."""
    assert not [told for told in catalogue("de").values() if "!" in told]


def test_a_text_is_translated_with_everything_in_it():
    text = Text("{what} ({kinds})", what=Text("a place to meet"), kinds=(Text("library"), "X"))
    assert say(text, "de") == "einen Treffpunkt (Bücherei, X)"
    assert say(text, "en") == "a place to meet (library, X)"


def test_what_nobody_translated_is_told_in_english_not_lost():
    assert say(Text("{n} unheard-of things", n=1250), "de") == "1.250 unheard-of things"


def test_values_with_braces_are_no_templates():
    """A street called "{name}" stays as it is."""
    assert say(Text("{what} ({kinds})", what="{kinds}", kinds="{0}"), "de") == "{kinds} ({0})"


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (1250, "1.250", "1,250"),
        (11.46, "11,5", "11.5"),
        (-0.04, "0", "0"),
        (math.nan, "unbekannt", "unknown"),
        (math.inf, "nicht erreicht", "not reached"),
        (True, "ja", "yes"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(value, german, english):
    assert (say(value, "de"), say(value, "en")) == (german, english)


def test_people_and_shares_are_told_in_whole_numbers():
    """Half a person and a tenth of a percent are false precision."""
    assert with_unit(2340.4, "people", "de") == "2.340\N{NO-BREAK SPACE}Menschen"
    assert with_unit(71.6, "%", "de") == "72\N{NO-BREAK SPACE}%"
    assert with_unit(10.96, "min", "de") == "11\N{NO-BREAK SPACE}min"
    assert with_unit(math.nan, "min", "de") == "unbekannt"
    # the p of a test: four decimals, and never 0
    assert with_unit(0.03127, "p", "de") == "0,0313"
    assert with_unit(2e-9, "p", "de") == "<\N{NO-BREAK SPACE}0,0001"
    assert with_unit(1.0, "p", "de") == "1"
    assert with_unit(math.nan, "p", "de") == "unbekannt"
    assert number(0.05, 2, "de") == "0,05"


def test_a_day_within_a_text_is_written_as_the_reader_writes_it():
    text = Text("since {day}", day=date(2026, 12, 7))
    assert say(text, "de") == "seit dem 7. Dezember 2026"
    assert say(text, "en") == "since December 7, 2026"
    assert text == "since 2026-12-07"


def test_days_are_written_as_the_reader_writes_them():
    assert day(date(2026, 5, 31), "de") == "31. Mai 2026"
    assert day(date(2026, 5, 31), "en") == "May 31, 2026"


def test_one_minute_is_not_told_as_several():
    """In English and in German."""
    sentence = Question(minutes=1).sentence()
    assert sentence.endswith("within 1 minute?")
    assert say(sentence, "de").endswith("in 1 Minute?")
    assert say(Question(minutes=2).sentence(), "de").endswith("in 2 Minuten?")
