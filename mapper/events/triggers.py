"""Where a text reports an event: words of the lexicon, after everything that speaks against them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.events import grammar, vetoes
from mapper.events.lexicon import Entry, Lexicon, lexicon
from mapper.events.lexicon import lemma_of as lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SAME_FORM = ("overrun", "hit", "cut")
"""Verbs whose participle is like their noun."""
_NOMINAL = ("NOUN", "PROPN")
_WAYS = frozenset(
    [
        "in",
        "near",
        "toward",
        "towards",
        "along",
        "to",
        "into",
        "on",
        "up",
        "within",
        "around",
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
    ]
)


@dataclass(slots=True)
class Trigger:
    """A word or words that report an event. ``token`` is the head; ``start`` and ``end`` are token bounds."""

    token: Token
    start: int
    end: int
    type: str
    form: str
    lemma: str
    light: Token | None = None
    """The light verb that carries a noun trigger: "carried out" airstrikes."""
    spare: tuple[str, ...] = ()
    """Other types that the same word may report."""
    parts: list[Token] = field(default_factory=list)
    """Heads of further triggers fused into this one."""

    @property
    def heads(self) -> list[Token]:
        """The tokens whose arguments are the event's."""
        heads = [self.token, *self.parts]
        if self.light is not None:
            heads.append(self.light)
        return heads


def find(doc: Doc, *, scene: bool = False) -> list[Trigger]:
    """Return the triggers of a document in the order of the text; longer matches win; idioms are silent.

    With ``scene`` words for what an attack leaves behind count too: "the wreckage", "a destroyed tank".
    """
    lex = lexicon()
    keys = [(token.lower_, lemma_of(token, lex)) for token in doc]
    found: list[Trigger] = []
    i = 0
    while i < len(doc):
        best: list[tuple[Entry, int]] = []
        for key in dict.fromkeys(keys[i]):
            for entry in lex.entries.get(key, ()):
                if entry.form == "scene_noun" and not scene:
                    continue
                end = _match(keys, i, entry, doc)
                if end and _fits(doc, i, end, entry, scene):
                    best.append((entry, end))
        if not best:
            i += 1
            continue
        if any(entry.form == "idiom" for entry, _ in _longest(best)):
            i = max(end for _, end in _longest(best))
            continue
        trigger = None
        while best and trigger is None:  # "Overnight fire at a tower": not "fired at", but a fire
            tried = _longest(best)
            trigger = _trigger(doc, i, tried, lex)
            best = [item for item in best if item not in tried]
        if trigger is not None:
            found.append(trigger)
            # a phrase with a gap may hold another trigger: go on right after its first word
            i = trigger.token.i + 1 if "_" in tried[0][0].words else trigger.end
        else:
            i += 1
    return _drop_inner(found)


def _longest(matches: list[tuple[Entry, int]]) -> list[tuple[Entry, int]]:
    """Return the matches of most words."""
    longest = max(len(entry.words) for entry, _ in matches)
    return [item for item in matches if len(item[0].words) == longest]


def _match(keys: list[tuple[str, str]], i: int, entry: Entry, doc: Doc) -> int:
    """Return the end token of `entry` matched at token `i`, or 0."""
    j = i + 1
    words = entry.words
    k = 1
    while k < len(words):
        if words[k] == "_":
            k += 1
            for _ in range(5):
                if j < len(keys) and doc[j].pos_ == "ADP" and doc[j].lower_ not in ("of", "out", "off", "up"):
                    break
                if j >= len(keys) or words[k] in keys[j] or doc[j].is_punct and doc[j].text != "-":
                    break
                j += 1
        if j >= len(keys) or words[k] not in keys[j]:
            return 0
        j += 1
        k += 1
    return j


def _fits(doc: Doc, i: int, end: int, entry: Entry, scene: bool = False) -> bool:
    """Whether the part of speech, as far as it can be believed, allows the entry here."""
    first, last = doc[i], doc[end - 1]
    if entry.form == "idiom":
        return True
    if entry.type == "fire" and any(t.lower_ == "firing" for t in doc[i:end]):
        return False  # "the firing of rockets"
    if entry.form == "phrase":
        return first.pos_ not in ("PROPN",) or len(entry.words) > 2
    if entry.form.endswith("noun"):
        if last.text == "March" and last.ent_type_ == "DATE":
            return False
        if last.pos_ == "VERB" and last.tag_ == "VBN" and last.dep_ == "acl":
            return False  # "missiles fired from X" are no missile fire
        if last.pos_ in _NOMINAL:
            return not _is_name(last) or end - i > 1
        return last.tag_ == "VBG" or end - i > 1 or (last.pos_ == "ADJ" and entry.type == "casualty")
    return _verbal(doc, i, entry, scene)


def _verbal(doc: Doc, i: int, entry: Entry, scene: bool) -> bool:
    """Whether token `i` is a verb that tells something, whatever the model calls it."""
    first = doc[i]
    before = doc[i - 1] if i > first.sent.start else None
    past = first.lower_.endswith("ed")
    if before is not None and before.lower_ == "the" and past and first.dep_ != "amod":
        return bool(grammar.objects(first))  # not "a camp for the displaced"
    if first.pos_ == "VERB":
        return not _describes(doc, i, entry) and (
            first.dep_ != "amod"
            or entry.type == "casualty"
            or scene
            # "the besieged town" describes; "the army captured Town" is a verb that the parser took for that
            or (first.tag_ in ("VBD", "VBN") and (_after_noun(first) or grammar.goes_on(first)))
        )
    if before is not None and before.tag_ == "TO" and first.lower_ == entry.words[0]:
        return True  # "tried to storm"
    if first.tag_ == "VBG" or first.lower_.endswith("ing") and grammar.objects(first):
        return True
    if first.pos_ not in (*_NOMINAL, "ADJ") or entry.form != "verb":
        return False
    if past and before is not None and before.pos_ in _NOMINAL and before.dep_ in ("npadvmod", "nsubj"):
        return True  # "artillery bombarded positions", taken for "bombarded positions"
    if before is not None and before.tag_ in ("NNS", "NNPS") and before.head == first:
        return first.dep_ == "ROOT" and first.lower_ == entry.words[0]  # "Two trains collide near X"
    following = doc[i + 1].lower_ if i + 1 < first.sent.end else ""
    if past and first.pos_ == "ADJ" and following in _WAYS and _after_noun(first):
        return True  # "forces marginally advanced southwest", taken for an adjective
    if first.lower_ in _SAME_FORM and following == "by" and _after_noun(first):
        return True  # "A police station overrun by the rebels"
    inflected = first.lower_ != entry.words[0] and (
        first.lower_.endswith(("ed", "s"))
        # "a settler shot at farmers", taken for a shot
        or (first.dep_ == "ROOT" and before is not None and before.pos_ in _NOMINAL)
    )
    return inflected and not _is_name(first) and _verbless(first)


def _after_noun(verb: Token) -> bool:
    """Whether a noun stands before a verb, or before its adverb: "a jet later raided camps"."""
    before = verb.doc[max(verb.sent.start, verb.i - 2) : verb.i]
    words = [t for t in before if t.pos_ != "ADV"]
    return bool(words) and words[-1].pos_ in _NOMINAL


def _describes(doc: Doc, i: int, entry: Entry) -> bool:
    """Whether a participle only says in whose hands a place is: "Feodosia, occupied Crimea"."""
    first = doc[i]
    if entry.type not in ("capture", "liberation", "encirclement_attempt") or i == first.sent.start:
        return False
    before, after = doc[i - 1], doc[i + 1] if i + 1 < first.sent.end else None
    if after is None or after.pos_ != "PROPN" or not first.lower_.endswith("ed"):
        return False
    if before.dep_ == "cc":
        return grammar.listed_before(first) is not None
    if before.pos_ == "ADV":
        return before.dep_ != "advmod" or before.head != first
    return before.is_punct or before.pos_ in ("ADP", "DET")


def _is_name(token: Token) -> bool:
    """Whether a capitalised trigger word is somebody's or something's name."""
    if not token.text[:1].isupper() or token.is_upper or _opens(token):
        return False
    if token.ent_type_ in ("PERSON", "ORG", "WORK_OF_ART", "PRODUCT"):
        return True
    following = token.nbor(1) if token.i + 1 < len(token.doc) else None
    if following is not None and following.lemma_ in grammar.SPEECH:
        return True
    # a headline writes every word with a capital; running text does not
    others = [t for t in token.sent if t.is_alpha and len(t) > 3 and not t.is_sent_start]
    return sum(t.text[:1].isupper() for t in others) * 2 < len(others) + 1


def _opens(token: Token) -> bool:
    """Whether nothing but a bullet, a number or blanks stands before the word in its sentence or line."""
    for i in range(token.i - 1, max(token.sent.start, token.i - 4) - 1, -1):
        before = token.doc[i]
        if "\n" in before.text:
            return True
        if not (before.is_punct or before.is_space or before.like_num or before.pos_ == "SYM"):
            return False
    return token.i - token.sent.start < 4


def _verbless(token: Token) -> bool:
    """Whether the parser found no verb in the sentence, or the word stands where a headline has its verb."""
    sent = token.sent
    if not any(t.pos_ in ("VERB", "AUX") for t in sent):
        return True
    if token.dep_ == "nsubj" and token.head.pos_ == "VERB" and token.head.i == token.i + 1:
        return False  # "bombs explode"
    return (
        token.dep_ == "ROOT" or token.head.dep_ == "ROOT" and token.dep_ in ("conj", "appos", "nsubj", "acl")
    )


def _trigger(doc: Doc, i: int, matches: list[tuple[Entry, int]], lex: Lexicon) -> Trigger | None:
    entries = [
        entry
        for entry, end in matches
        if not vetoes.vetoed(doc, i, _head(entry, doc, i, matches[0][1]), entry)
        and vetoes.accompanied(doc, _head(entry, doc, i, end), entry)
    ]
    if not entries:
        return None
    # what the part of speech says comes first, then the more specific type
    verb = doc[i].pos_ in ("VERB", "AUX")
    entries.sort(
        key=lambda e: (e.form.endswith("noun") == verb and e.form != "phrase", _weakness(e), -_rank(e, lex))
    )
    entry = entries[0]
    end = matches[0][1]
    token = _head(entry, doc, i, end)
    spare = tuple(dict.fromkeys(e.type for e in entries[1:] if e.type != entry.type))
    trigger = Trigger(token, i, end, entry.type, entry.form, lemma_of(token, lex), None, spare)
    if entry.form.endswith("noun"):
        trigger.light = _light_verb(token, lex)
    return trigger


def _weakness(entry: Entry) -> int:
    return 2 if entry.form.startswith("weak") else int(entry.type == "casualty")


def _rank(entry: Entry, lex: Lexicon) -> int:
    return lex.types[entry.type].rank


def _head(entry: Entry, doc: Doc, i: int, end: int) -> Token:
    return doc[end - 1] if entry.form.endswith("noun") else doc[i]


def _light_verb(noun: Token, lex: Lexicon) -> Token | None:
    """Return the verb that says no more than that the noun took place."""
    head = noun
    for _ in range(3):
        if head.dep_ in ("conj", "compound", "nmod") or (head.dep_ == "pobj" and head.head.lower_ == "of"):
            head = head.head if head.dep_ != "pobj" else head.head.head
            continue
        break
    if head.dep_ == "pobj" and head.head.lower_ in ("under", "by", "with") and head.head.head.pos_ == "VERB":
        verb = head.head.head
    else:
        verb = head.head
    if verb.pos_ in ("VERB", "AUX") and lemma_of(verb, lex) in lex.light and verb.i != noun.i:
        return verb
    return None


def _drop_inner(found: list[Trigger]) -> list[Trigger]:
    """Drop a one-word trigger inside a gapped phrase of the same family ("block THE ADVANCE")."""
    kept: list[Trigger] = []
    for trigger in found:
        if kept and trigger.token.i < kept[-1].end and trigger.start > kept[-1].start:
            outer = kept[-1]
            if trigger.type in (outer.type, "strike", "casualty", "advance", "launch", "ground_assault"):
                outer.parts.append(trigger.token)
                continue
        kept.append(trigger)
    return kept
