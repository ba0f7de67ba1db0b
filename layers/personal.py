"""
Personal details in a note, found before it is sent so that the writer can take them out.

A program cannot be certain: it may take a street for a name and miss what is
written in other words. So every finding says "may be", the writer decides,
and staff read every note all the same. Nothing is stored or sent by this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from phonenumbers import Leniency, PhoneNumberMatcher

from .facts import facts
from .text import Text

KINDS: dict[str, Text] = {
    "phone": Text("may be a telephone number"),
    "email": Text("may be an e-mail address"),
    "plate": Text("may be a number plate"),
    "account": Text("may be somebody’s account on the web"),
    "address": Text("may be somebody’s address"),
    "name": Text("may be somebody’s name"),
    "description": Text("may describe a person or a group of people"),
}
"""What a finding may be; of two that overlap the earlier kind is told."""


@dataclass(frozen=True)
class Finding:
    """
    A part of a text that may be a personal detail.

    Parameters
    ----------
    start, end
        First character and the one after the last, so that `text[start:end]` is it.
    kind
        A key of `KINDS`.
    why
        What it may be, for the writer.
    """

    start: int
    end: int
    kind: str
    why: Text


Span = tuple[int, int]

CAPITAL = "A-ZÄÖÜÀ-ÖØ-Þ"
NAME = rf"(?:(?:von|van|de|der|zu|al|el|bin)\s+)*[{CAPITAL}][\w’'-]+"

EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\{at\})\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+",
    re.IGNORECASE,
)
LOCAL_PHONE = re.compile(
    r"\b(?:tel(?:efon)?|handy|mobil|phone|call|fon|nummer|number|anrufen)\b[.:]?\s*(?:unter\s+)?"
    r"(\+?\d[\d\s/-]{3,}\d)",
    re.IGNORECASE,
)
PLATE = re.compile(rf"\b[{CAPITAL}]{{1,3}}\s?[-:· ]\s?[A-Z]{{1,2}}[\s-]?[1-9]\d{{0,3}}\s?[EH]?\b")
PLATE_TOLD = re.compile(
    r"\b(?:kennzeichen|nummernschild|plate|registration)\b\W{1,3}(?:war\s|ist\s|was\s|is\s|number\s)?"
    r"([a-zäöü]{1,3}[\s-]?[a-z]{1,2}[\s-]?[1-9]\d{0,3})\b",
    re.IGNORECASE,
)
NO_PLATE = re.compile(r"(?:DIN|ISO|USB|EN|IP|VDE)\b")
ACCOUNT = re.compile(
    r"(?<![\w.@])@\w[\w.]{2,}\w"
    r"|\b(?:instagram|insta|tiktok|telegram|snapchat|facebook|twitter|whatsapp)\s*:\s*@?[\w.]{3,}"
    r"|\b(?:instagram\.com|tiktok\.com|facebook\.com|t\.me|twitter\.com|x\.com)/[\w.@/-]+",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    rf"\b(?:[{CAPITAL}][\wß]{{0,25}}[ -])?(?:[{CAPITAL}]?[\wß-]{{0,30}})"
    r"(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|[Ww]eg|"
    r"[Gg]asse|[Gg]ässle|[Pp]latz|[Aa]llee|[Rr]ing|[Dd]amm|[Uu]fer|[Ss]teig|[Pp]fad|[Ss]teg)"
    r"\s?(?:Nr\.?\s?|Hausnummer\s)?\d{1,4}\s?[a-z]?\b(?![:.,]\d)"
    rf"|\b\d{{1,4}}[a-z]?\s+(?:[{CAPITAL}]\w+\s){{1,2}}(?:Street|Road|Lane|Avenue|Drive|Square|Close)\b"
)
NO_ADDRESS = re.compile(
    r"\b(?:bahn|bus|park|spiel|sport|bolz|rad|geh|fuß|fuss|steh|stell|sitz)(?:steig|platz|weg)",
    re.IGNORECASE,
)
NOT_A_NUMBER = re.compile(
    r"\s*(?:uhr|h\b|meter|m\b|km\b|leute|personen|männer|frauen|jugendliche|kinder|lampen|laternen|"
    r"people|men|women|lamps|o'clock|am\b|pm\b|mal\b|times)",
    re.IGNORECASE,
)
TITLE = re.compile(
    rf"\b(?:Herrn?|Hr\.|Frau|Fr\.|Familie|Fam\.|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.|Prof\.|"
    r"Hausmeister(?:in)?|Nachbar(?:in|n)?|[Nn]eighbou?r|namens|named|heißt er|heißt sie)"
    rf"\s+((?:(?:Dr|Prof)\.\s+)*{NAME}(?:\s+{NAME})?)"
)
BEFORE_A_NOUN = re.compile(
    r"\b(?:ein|eine|einer|einem|einen|die|der|das|dem|den|jede|jeder|jede[mns]|kein|keine|keiner|"
    r"mein\w*|dein\w*|sein\w*|ihr\w*|unser\w*|diese\w?|als|alte\w?|junge\w?|ältere\w?|für|viele|"
    r"the|a|an|my|our|his|her|their)\s+$",
    re.IGNORECASE,
)
NO_NAME = frozenset({
    "angst", "hilfe", "abend", "nacht", "morgen", "mittag", "vormittag", "nachmittag", "mit", "und",
    "oder", "hund", "straße", "weg", "tür", "haus", "auto", "kind", "kinder",
})  # fmt: skip
NOUNS = ("Frau", "Familie", "Herr", "Herrn", "Nachbar", "Nachbarin", "Nachbarn",
         "neighbour", "neighbor", "Neighbour", "Neighbor")  # fmt: skip
AGE = re.compile(
    r"\b(?:ca\.?|circa|etwa|ungefähr|rund|about|around)?\s*\d{1,2}(?:\s?(?:-|–|bis|to)\s?\d{1,2})?"
    r"(?:\s?-?\s?jährig\w*|\s+Jahre\s+alt|[\s-]years?[\s-]olds?)\b"
    r"|\b(?:Anfang|Mitte|Ende)\s+(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|[2-8]0)\b"
    r"|\bin (?:his|her|their) (?:early |mid |mid-|late )?(?:teens|twenties|thirties|forties|"
    r"fifties|sixties|[2-8]0s)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^.!?;\n]+")
WORD = re.compile(r"[\w’'-]+")
ENDING = r"(?:e|en|er|es|em|n|s|in|innen|r)?"


def _stems(name: str) -> re.Pattern[str]:
    words = sorted(facts("person_words")[name]["words"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))}){ENDING}", re.IGNORECASE)


WORDS: dict[str, re.Pattern[str]] = {name: _stems(name) for name in facts("person_words")}
ALONE = tuple(name for name, entry in facts("person_words").items() if entry["alone"])
NEAR = tuple(name for name, entry in facts("person_words").items() if entry["near"])
LOOKS = ("hair", "clothing")


def personal_details(text: str) -> list[Finding]:
    """
    Find what may be personal details in a text, in the order of the text, not overlapping.

    Parameters
    ----------
    text
        German or English, as `marks.cleaned` returns it.

    Returns
    -------
    findings
        Parts to show to the writer; none is certain, and none found does not
        mean that there is none.

    Source
    ------
    Telephone numbers by Google's libphonenumber (phonenumbers); words on
    persons from data/person_words.toml.
    """
    found: dict[str, Iterator[Span]] = {
        "phone": _phones(text),
        "email": (m.span() for m in EMAIL.finditer(text)),
        "plate": _plates(text),
        "account": (m.span() for m in ACCOUNT.finditer(text)),
        "address": _addresses(text),
        "name": _names(text),
        "description": _descriptions(text),
    }
    kept: list[Finding] = []
    # E-mails first: what looks like an account in them is none.
    for kind in sorted(found, key=lambda name: name != "email"):
        for span in found[kind]:
            start, end = _trimmed(text, span)
            if all(end <= other.start or start >= other.end for other in kept):
                kept.append(Finding(start, end, kind, KINDS[kind]))
    return sorted(kept, key=lambda finding: finding.start)


def _trimmed(text: str, span: Span) -> Span:
    part = text[slice(*span)]
    start = span[0] + len(part) - len(part.lstrip())
    return start, start + len(part.strip())


def _phones(text: str) -> Iterator[Span]:
    for match in PhoneNumberMatcher(text, "DE", leniency=Leniency.VALID):
        yield match.start, match.end
    for told in LOCAL_PHONE.finditer(text):
        yield told.span(1)


def _plates(text: str) -> Iterator[Span]:
    for match in PLATE.finditer(text):
        if not NO_PLATE.match(match.group()):
            yield match.span()
    for told in PLATE_TOLD.finditer(text):
        yield told.span(1)


def _addresses(text: str) -> Iterator[Span]:
    for match in ADDRESS.finditer(text):
        if not NO_ADDRESS.search(match.group()) and not NOT_A_NUMBER.match(text, match.end()):
            yield match.span()


def _names(text: str) -> Iterator[Span]:
    for match in TITLE.finditer(text):
        title = match.group().split()[0]
        noun = title in NOUNS and BEFORE_A_NOUN.search(text[: match.start()])
        first = match.group(1).split()[0].casefold()
        if not noun and first not in NO_NAME:
            yield match.span()


def _descriptions(text: str) -> Iterator[Span]:
    for sentence in SENTENCE.finditer(text):
        spans = _signs(sentence.group())
        if spans:
            offset = sentence.start()
            yield offset + min(s for s, _ in spans), offset + max(e for _, e in spans)


def _signs(sentence: str) -> list[Span]:
    """Return the words of one sentence that together may describe somebody, or nothing."""
    words = list(WORD.finditer(sentence))
    of = {
        name: [i for i, word in enumerate(words) if stems.fullmatch(word.group())]
        for name, stems in WORDS.items()
    }
    ages = [match.span() for match in AGE.finditer(sentence)]
    people = of["person"]
    looks = [i for name in LOOKS for i in of[name]]
    near = [i for name in NEAR for i in of[name] if any(0 < p - i <= 2 for p in people)]
    chosen = {i for name in ALONE for i in of[name]}
    if people or of["pronoun"]:
        chosen |= set(looks)
    chosen |= set(near)
    if (chosen or ages) and people:
        first = min([*chosen, *people]) if chosen else people[0]
        chosen |= {p for p in people if abs(p - first) <= 8}
    return [words[i].span() for i in chosen] + ages
