"""Hot spots in words and colours: the headline, what it rests on, what must not be read from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from geopandas import GeoDataFrame

from .hot_spots_columns import HOT
from .hot_spots_finding import Finding
from .hot_spots_question import KIND, Looking, Marks
from .multiple_tests import RATE
from .power import ENOUGH, Needed, Power
from .registry import Figure, Style
from .text import Text

OTHER = {"unsafe": "at_ease", "at_ease": "unsafe"}
BREAKS = {"marks": (1.0, 4.0, 9.0), "density": (5.0, 15.0, 40.0)}
CLASSES = {
    "marks": (Text("1 mark or none"), Text("2 to 4"), Text("5 to 9"), Text("10 and more")),
    "density": (Text("up to 5"), Text("6 to 15"), Text("16 to 40"), Text("more than 40")),
}
"""Upper ends of the classes of counts, and of marks per kilometre; chosen to be read easily."""
GREYS = ("g0", "g1", "g2", "g3")


def numbers_needed(finding: Finding, kind: str) -> Text:
    """Say how many further marks of which kind would do."""
    if finding.needed_cases is not None:
        return Text("about {count} of the kind looked for", count=finding.needed_cases)
    needed = finding.power.needed if finding.power is not None else Needed(None, None)
    if needed.both is None:
        return Text("more than a town can collect; ask with larger squares")
    if needed.both == 0:
        return Text("none")
    if needed.controls is None:
        return Text("about {both} of each kind; of one kind alone never enough", both=needed.both)
    if kind == "unsafe":
        return Text(
            "about {both} of each kind, or {controls} “I feel at ease here” alone",
            both=needed.both,
            controls=needed.controls,
        )
    return Text(
        "about {both} of each kind, or {controls} “I feel unsafe here” alone",
        both=needed.both,
        controls=needed.controls,
    )


def answer_of(finding: Finding, looking: Looking, marks: Marks) -> tuple[Text, ...]:
    """Answer in words: what stands out, or why nothing can be said and what to do instead."""
    if not len(marks):
        return (
            Text("No mark counts for this question"),
            Text("Choose another time of day or other reasons, or ask people for marks."),
        )
    if finding.how == "density":
        return (
            Text("Where marks lie densely along the streets"),
            Text(
                "Density follows where many people walk and write. It says nothing about how"
                " safe a street is, and has no significance."
            ),
        )
    if finding.how == "gi_star":
        return _gi_star(finding)
    if finding.how == "counts":
        return (
            Text("Counts only: {count} marks, nothing can be tested", count=len(marks)),
            _other_kind(looking, int((~marks.case).sum())),
        )
    return _found(finding) if finding.enough else _too_few(finding, looking, marks)


INSTEAD = Text(
    "What helps at any number: put right what single marks name, walk the places after dark, and"
    " ask people also where they feel at ease."
)


def _other_kind(looking: Looking, count: int) -> Text:
    if looking.kind == "unsafe":
        return Text(
            "There {count:is|are} {count} {count:mark|marks} “I feel at ease here”. Without them"
            " nobody can tell a place that is worse from one where more people walk or write.",
            count=count,
        )
    return Text(
        "There {count:is|are} {count} {count:mark|marks} “I feel unsafe here”. Without them nobody"
        " can tell a place that is better from one where more people walk or write.",
        count=count,
    )


def _too_few(finding: Finding, looking: Looking, marks: Marks) -> tuple[Text, ...]:
    power = finding.power
    if power is None:
        return (Text("Too few marks for hot spots"),)
    have = int(marks.case.sum()) if finding.how == "exposure" else len(marks)
    total = _total(finding, marks)
    headline = (
        Text("Too few marks for hot spots: {have} of about {total}", have=have, total=total)
        if total
        else Text("Too few marks for hot spots: {have}", have=have)
    )
    coarser = [_coarser(finding.coarser)] if finding.coarser > power.power else []
    return (
        headline,
        Text(
            "Of 100 places with three times as many marks of this kind as elsewhere, the test would"
            " find {share}; before single places are named it should find {enough}.",
            share=round(power.power * 100),
            enough=round(ENOUGH * 100),
        ),
        *coarser,
        Text(
            "Further marks that would do: {needed}.", needed=numbers_needed(finding, looking.kind)
        ),
    )


def _coarser(power: float) -> Text:
    """Say whether larger squares would do."""
    share = round(power * 100)
    if power >= ENOUGH:
        return Text(
            "For squares of 400 m there are enough: there the test would find {share} of 100"
            " places three times as bad. Choose them under “Further settings”.",
            share=share,
        )
    return Text("With squares of 400 m it would find {share} of 100.", share=share)


def _total(finding: Finding, marks: Marks) -> int:
    """So many marks of both kinds would do, 0 if nobody can tell."""
    if finding.power is None:
        return 0
    needed = finding.power.needed
    if finding.how == "exposure":
        more = finding.needed_cases
        return int(marks.case.sum()) + more if more else 0
    return len(marks) + 2 * needed.both if needed.both else 0


def _found(finding: Finding) -> tuple[Text, ...]:
    count = int(np.isin(finding.hot, ["stable", "found"]).sum())
    if not count:
        return (
            Text("No place stands out"),
            _tested(finding),
            Text(
                "That does not mean that all is well: places may be hard everywhere, and of many"
                " nobody has written."
            ),
        )
    if finding.how == "exposure":
        return (
            Text(
                "{count} {count:square has|squares have} more marks than residents let expect",
                count=count,
            ),
            Text(
                "This is a hint only: where more people walk past, or write more readily, there"
                " are more marks as well. Marks of the other kind would tell."
            ),
        )
    return (
        Text("{count} {count:place stands out|places stand out}", count=count),
        Text(
            "There the one kind of mark outweighs the other by more than chance explains, and this"
            " in most of {grids} grids.",
            grids=len(finding.tested),
        ),
        _tested(finding),
        Text(
            "On average at most {share} % of the places found in a grid are false alarms.",
            share=RATE * 100,
        ),
    )


def _tested(finding: Finding) -> Text:
    """Say how many units could be tested at all."""
    return Text(
        "Of {units} units with marks {tests} have enough of them to be tested.",
        units=len(finding.shown),
        tests=finding.tests,
    )


def _gi_star(finding: Finding) -> tuple[Text, ...]:
    count = int((finding.hot == "found").sum())
    return (
        Text("{count} {count:square|squares} among many marks (Gi*)", count=count),
        Text(
            "This counts marks and knows neither how many people walk there nor how readily they"
            " write. In simulated towns in which no place is worse, it shows false squares on every"
            " map even after correction. So nothing here is drawn as a hot spot."
        ),
    )


def figures_of(finding: Finding, looking: Looking, marks: Marks) -> Iterator[Figure]:
    """Headline figures with what is known of their sureness."""
    cases, others = int(marks.case.sum()), int((~marks.case).sum())
    unsafe, at_ease = (cases, others) if looking.kind == "unsafe" else (others, cases)
    total = _total(finding, marks)
    if not finding.enough and total:
        share = 100 * (cases if finding.how == "exposure" else len(marks)) / total
        yield Figure("share_of_needed", share, "%", Text("of the marks that would do"))
    yield Figure("unsafe", unsafe, "", Text("marks “I feel unsafe here”"))
    yield Figure("at_ease", at_ease, "", Text("marks “I feel at ease here”"))
    if finding.how in {"compare", "exposure", "gi_star"}:
        yield Figure("tests", finding.tests, "", Text("places tested"))
    if finding.enough and finding.how == "compare":
        sure = int((finding.hot == "stable").sum())
        yield Figure("stable", sure, "", Text("stand out in most of the grids"))
        once = int((finding.hot == "once").sum())
        yield Figure("once", once, "", Text("in some grids only"))
    if finding.power is not None:
        yield _power(finding.power)


def _power(power: Power) -> Figure:
    share, draws = power.power, power.draws
    error = 1.645 * np.sqrt(share * (1 - share) / draws) if draws else 0.0
    return Figure(
        "power",
        float(round(100 * share)),
        "of 100",
        Text("places three times as bad would be found"),
        low=100 * max(share - error, 0.0),
        high=100 * min(share + error, 1.0),
        note=Text(
            "power in one grid, simulated with as many marks and squares as here, the place two"
            " squares wide; to be found in most of the grids is harder"
        )
        if draws
        else Text("exact, after correction for all tests"),
    )


def style_of(finding: Finding, looking: Looking) -> Style:
    """Choose the colours: full colour only for what the comparison of both kinds has found."""
    if finding.how == "density":
        return _greys("density", Text("Marks per kilometre of street"))
    if not finding.enough:
        return _greys("marks", Text("Marks so far; too few to judge any place"))
    tone = "unsafe" if looking.kind == "unsafe" else "at-ease"
    inks = {
        "stable": tone,
        "once": f"{tone} striped",
        # counts alone never take the colour of a kind of mark
        "found": "g3" if finding.how == "gi_star" else f"{tone} striped",
        "nothing": "g0",
        "few": "g3 hatched",
    }
    names = {
        "compare": ("stable", "once", "nothing", "few"),
        "exposure": ("found", "nothing", "few"),
        "gi_star": ("found", "nothing"),
    }[finding.how]
    legend = Text("Places where people {kind}", kind=KIND[looking.kind])
    if finding.how == "gi_star":
        legend = Text("Counts of marks, with those around (Gi*)")
    return Style(
        column="hot",
        legend=legend,
        scale="kinds",
        kinds=names,
        inks=tuple(inks[name] for name in names),
        words=tuple(HOT[name] for name in names),
        ranking="found_in",
        ranking_title=Text("What stands out"),
        telling=("place", "hot", "unsafe", "at_ease", "found_in"),
        lines_legend=Text("Clusters of the scan, the second opinion"),
    )


def _greys(column: str, legend: Text) -> Style:
    breaks, words = BREAKS[column], CLASSES[column]
    return Style(column=column, legend=legend, breaks=breaks, unit="", inks=GREYS, words=words)


def notes_on(
    finding: Finding, looking: Looking, marks: Marks, table: GeoDataFrame, differing: int | None
) -> Iterator[Text]:
    """Say what is assumed, what was left out, and what must not be read from the map."""
    if not finding.enough and finding.how != "density":
        yield INSTEAD
    if finding.how == "compare":
        yield Text(
            "The comparison assumes that both kinds of marks are reported with the same readiness"
            " at a place, however many people walk and write there."
        )
        yield _checked(differing)
        yield Text(
            "By which way a mark came in, such as telephone or map, is not kept; so it cannot be"
            " checked way by way."
        )
    yield from _left_out(looking, marks)
    yield Text(
        "Marks of one device on one day count once in a unit, joined marks count once, “me too”"
        " does not count, and what patrols find never does."
    )
    if looking.unit == "segment" and finding.how in {"exposure", "gi_star"}:
        yield Text("This method counts in squares; parts of streets are not known to it.")
    if finding.how == "exposure" and finding.enough:
        yield Text("Squares with fewer than 20 residents are not tested against residents.")
    if bool(table["rim"].any()):
        yield Text(
            "{count} {count:unit reaches|units reach} beyond the city; marks are missing there.",
            count=int(table["rim"].sum()),
        )
    yield Text("Where no mark lies, nothing is known. Such a place is not safe for that reason.")
    yield Text(
        "What stands out are places: their light, their view, their use. It says nothing about"
        " the people who live or walk there."
    )


def _checked(differing: int | None) -> Text:
    if differing is None:
        return Text("Whether that holds could not be checked: there are no districts.")
    if not differing:
        return Text("Checked: no district has another share of unsafe marks than all others.")
    return Text(
        "Checked: in {count} {count:district|districts} the share of unsafe marks differs from all"
        " others, see the table. Either places differ there, or one kind is reported more readily.",
        count=differing,
    )


def _left_out(looking: Looking, marks: Marks) -> Iterator[Text]:
    if marks.untimed:
        yield Text(
            "{count} {count:mark names|marks name} no time of day and"
            " {count:counts|count} only where any time is asked for.",
            count=marks.untimed,
        )
    if looking.daytime == "all":
        yield Text(
            "Day and dark are mixed here. A place that stands out after dark only may be missed."
        )
    if marks.other_reasons:
        yield Text(
            "{count} {count:mark names|marks name} other reasons and {count:is|are} left out.",
            count=marks.other_reasons,
        )
    if marks.closed:
        yield Text(
            "{count} {count:mark is|marks are} resolved, put right or expired and left out.",
            count=marks.closed,
        )
