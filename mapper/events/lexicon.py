"""The trigger lexicon: data from ``lexicon.toml``, indexed once by word form."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Token

_VOWELS = frozenset("aeiou")


def load(name: str) -> dict[str, Any]:
    """Return the TOML data file `name` of this package."""
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """What the lexicon says of one event type."""

    name: str
    family: str
    rank: int
    movement: bool
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to report an event: a sequence of words, each a form or lemma; ``_`` stands for up to 3
    words.
    """

    type: str
    words: tuple[str, ...]
    form: str  # "verb", "weak_verb", "noun", "weak_noun", "scene_noun", "phrase", "idiom"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Entries indexed by the lower-case form of their first word, longest first."""

    types: dict[str, TypeInfo]
    entries: dict[str, tuple[Entry, ...]]
    lemmas: dict[str, str]
    lists: dict[str, frozenset[str]]
    vetoes: dict[str, dict[str, frozenset[str]]]
    only: dict[str, dict[str, str]]
    casualty: dict[str, frozenset[str]]
    light: frozenset[str]
    weapon_types: dict[str, str]
    fallback: dict[str, Any]


def inflections(verb: str, irregular: dict[str, list[str]]) -> set[str]:
    """Return the written forms of an English verb: base, -s, past, participles.

    Examples
    --------
    >>> sorted(inflections("shell", {}))
    ['shell', 'shelled', 'shelling', 'shells']
    >>> sorted(inflections("seize", {}))
    ['seize', 'seized', 'seizes', 'seizing']
    """
    forms = {verb, *irregular.get(verb, [])}
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        forms.add(verb + "es")
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        forms.add(verb[:-1] + "ies")
    else:
        forms.add(verb + "s")
    if verb.endswith("e"):
        stem = verb[:-1]
        forms |= {stem + "ed", stem + "ing"} if not verb.endswith("ee") else {verb + "d", verb + "ing"}
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        forms |= {verb[:-1] + "ied", verb + "ing"}
    else:
        forms |= {verb + "ed", verb + "ing"}
    return forms


def plural(noun: str) -> str:
    """Return the regular plural of a noun."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


def _words(text: str) -> tuple[str, ...]:
    """Split as the tokenizer does: a hyphen is a word."""
    return tuple(text.replace("-", " - ").split())


def _entries(data: dict[str, Any]) -> list[Entry]:
    found: list[Entry] = []
    for name, info in data["types"].items():
        for field in ("verbs", "weak_verbs", "nouns", "weak_nouns", "phrases"):
            for text in info.get(field, []):
                found.append(Entry(name, _words(text), field[:-1]))
        found += [Entry(name, _words(text), "scene_noun") for text in info.get("scene", [])]
    found += [Entry("", _words(text), "idiom") for text in data["idioms"]["phrases"]]
    casualty = data["casualty"]
    for text in casualty["killed"] + casualty["injured"]:
        found.append(Entry("casualty", (text,), "verb"))
    for text in casualty["killed_nouns"] + casualty["injured_nouns"]:
        found.append(Entry("casualty", (text,), "noun"))
    found += [Entry("casualty", _words(text), "phrase") for text in casualty["killed_phrases"]]
    return found


def _lemmas(data: dict[str, Any], entries: list[Entry]) -> dict[str, str]:
    """Map every written form of every word of the lexicon to its lemma."""
    irregular = data["irregular"]
    forms: dict[str, str] = {}
    nouns = {entry.words[-1] for entry in entries if entry.form.endswith("noun")}
    nouns |= {word for words in data["lists"].values() for word in words}
    nouns |= {word for entry in entries if entry.form in ("phrase", "idiom") for word in entry.words[1:]}
    for noun in sorted(nouns):
        forms.setdefault(plural(noun), noun)
    verbs = {entry.words[0] for entry in entries if entry.form in ("verb", "weak_verb", "phrase")}
    verbs |= set(data["light"]["verbs"]) | set(irregular)
    for verb in sorted(verbs):
        for form in sorted(inflections(verb, irregular)):
            if form != verb:
                forms[form] = verb
    forms["shot"] = "shoot"
    return forms


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once."""
    data = load("lexicon.toml")
    types = {
        name: TypeInfo(
            name, info["family"], info["rank"], info.get("movement", False), tuple(info.get("needs", ()))
        )
        for name, info in data["types"].items()
    }
    types["casualty"] = TypeInfo("casualty", "strike", 0, False, ())
    entries = _entries(data)
    index: dict[str, list[Entry]] = {}
    for entry in entries:
        index.setdefault(entry.words[0], []).append(entry)
    return Lexicon(
        types=types,
        entries={
            word: tuple(sorted(group, key=lambda e: (-len(e.words), e.form != "idiom")))
            for word, group in index.items()
        },
        lemmas=_lemmas(data, entries),
        lists={name: frozenset(words) for name, words in data["lists"].items()},
        vetoes={
            name: {part: frozenset(words) for part, words in parts.items()}
            for name, parts in data["not"].items()
        },
        only=data["only"],
        casualty={name: frozenset(words) for name, words in data["casualty"].items()},
        light=frozenset(data["light"]["verbs"]),
        weapon_types=data["choose"]["strike"],
        fallback=data["choose"]["fallback"],
    )


def lemma_of(token: Token, lex: Lexicon) -> str:
    """Return the lemma by the lexicon's own inflections, else the model's."""
    lower = token.lower_
    return lex.lemmas.get(lower) or (lower if lower in lex.entries else token.lemma_.lower())
