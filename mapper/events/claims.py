"""Who says so: speakers, their side, and their stance, per clause and quotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper.events import actors, grammar
from mapper.events.lexicon import lemma_of, lexicon
from mapper.events.places import words
from mapper.types import Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.tokens import Doc, Span, Token

    from mapper.types import Stance, Status

_PRONOUNS = ("he", "she", "they", "it", "we", "i", "who")
_QUOTES = '“”"„«»'


@dataclass(frozen=True, slots=True)
class Saying:
    """One attribution: token bounds of what is said, and the claim. ``hedged`` marks sources of little
    standing.
    """

    start: int
    end: int
    claim: Claim
    observer: bool = False
    assessed: bool = False
    confirmed: bool = False
    verb: int = -1


def find(doc: Doc, home_at: Callable[[int], str]) -> list[Saying]:
    """Return every attribution of a document.

    `home_at` gives the side of officials without a country who speak at a character, or "".
    """
    found: list[Saying] = []
    known: dict[str, str] = {}
    last: tuple[str, str] | None = None
    sentences = list(doc.sents)
    for sent in sentences:
        for verb in sent:
            if verb.lemma_ in grammar.SPEECH and verb.pos_ in ("VERB", "AUX"):
                who = _speaker_of(verb)
                if who is None:
                    continue
                named = _identify(who, sent, known, last, home_at(sent.start_char))
                if named is None:
                    continue
                last = named
                span = _said(verb, who, sent)
                if span is not None:
                    span = max(span[0], _after_other(verb)), span[1]
                    found.append(_saying(doc, verb, named, span))
        for source, span in _according(sent):
            named = _identify(source, sent, known, last, home_at(sent.start_char))
            if named is not None:
                last = named
                claim = Claim(named[0], named[1], "asserts", *_chars(doc, span))
                found.append(Saying(*span, claim, _observes(named[0])))
    return found + _open_quotes(doc, sentences, found)


def _speaker_of(verb: Token) -> Token | None:
    if grammar.is_passive(verb):
        return grammar.agent(verb)
    told = grammar.children(verb, "nsubj")
    # a heading is no subject of what follows it
    direct = [who for who in told if not any("\n\n" in t.text for t in verb.doc[who.i : verb.i])]
    if told and not direct:
        before = verb.doc[verb.i - 1]
        return before if before.pos_ in ("NOUN", "PROPN") else None
    if direct:
        who = direct[0]
        return verb.head if who.tag_ in ("WP", "WDT") and verb.dep_ == "relcl" else who
    if verb.dep_ in ("conj", "xcomp", "advcl", "acl"):
        return grammar.subject(verb)
    return None


def _identify(
    who: Token, sent: Span, known: dict[str, str], last: tuple[str, str] | None, home: str
) -> tuple[str, str] | None:
    """Return (speaker, side), following pronouns and names met before; None when nobody is named."""
    if who.lower_ in _PRONOUNS:
        return last
    if lemma_of(who, lexicon()) in lexicon().lists["munitions"]:
        return None
    lists = words()["people"]
    text, tokens = actors.text_of(who, sent)
    # the whole phrase tells the side: "head of the Kostiantynivka administration", "mayor of X", "X, the
    # ... of Y"
    others = {t.i for c in who.children if c.dep_ == "conj" for t in c.subtree}
    whole = [t for t in who.subtree if t.i not in others]
    if len(whole) > 40:
        whole = tokens
    side = actors.speaker_side(" ".join(t.text for t in whole), whole)
    name = who.text.casefold()
    if who.pos_ == "PROPN" and who.ent_type_ in ("PERSON", "", "ORG", "GPE", "FAC", "NORP") and not side:
        side = known.get(name, "")
    official = any(t.lemma_.lower() in lists["official"] for t in whole)
    if not side and who.pos_ == "NOUN":
        side = known.get(text.casefold(), "")
    if not side and official and not _observes(text):
        side = home if not any(t.lemma_.lower() in lists["unsure_speaker"] for t in tokens) else ""
    if who.pos_ not in ("NOUN", "PROPN", "PRON", "ADJ"):
        return None
    for token in whole:
        if token.pos_ == "PROPN" and token.ent_type_ not in ("GPE", "LOC", "NORP") and side:
            known.setdefault(token.text.casefold(), side)
    if side and official:
        # "the directorate" is the one that spoke before
        known[who.text.casefold()] = side
    return text, side


def _observes(text: str) -> bool:
    lower = f" {text.casefold()} "
    return any(f" {name} " in lower.replace("the ", " ") for name in words()["people"]["observers"])


def _said(verb: Token, who: Token, sent: Span) -> tuple[int, int] | None:
    """Return the token bounds of what the verb reports: its clause or object, else the rest of the
    sentence.
    """
    for child in verb.children:
        if child.dep_ in ("ccomp", "parataxis", "xcomp") and child.i != who.i:
            start, end = child.left_edge.i, child.right_edge.i + 1
            if start <= verb.i < end:
                return sent.start, sent.end
            # what is coordinated with the clause in a bad parse is still said
            return start, max(end, sent.end if child.i > verb.i else end)
    if verb.dep_ in ("ccomp", "parataxis") or (verb.dep_ == "advcl" and who.i < verb.i):
        return sent.start, sent.end
    if grammar.objects(verb) or grammar.prepositional(verb) or grammar.is_passive(verb):
        return sent.start, sent.end
    if any(t.text in _QUOTES for t in sent):
        return sent.start, sent.end
    return (sent.start, sent.end) if verb.dep_ == "ROOT" and len(sent) > 4 else None


def _after_other(verb: Token) -> int:
    """Return where the words of a speaker can begin: after a semicolon before which another one speaks."""
    sent = verb.sent
    cut = next((i for i in range(verb.i - 1, sent.start, -1) if verb.doc[i].text == ";"), sent.start)
    other = any(t.lemma_ in grammar.SPEECH and t.pos_ == "VERB" for t in verb.doc[sent.start : cut])
    return cut + 1 if other else sent.start


def _according(sent: Span) -> list[tuple[Token, tuple[int, int]]]:
    found = []
    for token in sent:
        if token.lower_ == "according" and token.i + 2 < sent.end and token.nbor(1).lower_ == "to":
            things = [
                t
                for c in token.subtree
                if c.dep_ == "pobj" and c.head.lower_ in ("to", "according")
                for t in [c]
            ]
            source = things[0] if things else token.nbor(2)
            for item in grammar.conjuncts(source):
                if item.pos_ in ("NOUN", "PROPN"):
                    found.append((item, (sent.start, sent.end)))
    return found


def _stance(verb: Token) -> Stance:
    lists = words()["people"]
    negated = any(c.dep_ == "neg" for c in verb.children)
    lemma = verb.lemma_.lower()
    if lemma in lists["deny"]:
        return "denies" if not negated else "asserts"
    if negated and lemma in (*lists["confirm"], "acknowledge", "say", "comment"):
        return "doubts" if lemma != "say" else "asserts"
    if lemma == "report":
        return "reports"
    return "asserts"


def _saying(doc: Doc, verb: Token, named: tuple[str, str], span: tuple[int, int]) -> Saying:
    lists = words()["people"]
    stance = _stance(verb)
    unsure = any(word in named[0].casefold() for word in lists["unsure_speaker"])
    if stance == "asserts" and unsure:
        stance = "reports"
    claim = Claim(named[0], named[1], stance, *_chars(doc, span))
    lemma = verb.lemma_.lower()
    return Saying(
        *span,
        claim,
        _observes(named[0]),
        lemma in lists["assess"],
        lemma in lists["confirm"] and stance == "asserts",
        verb.i,
    )


def _chars(doc: Doc, span: tuple[int, int]) -> tuple[int, int]:
    piece = doc[span[0] : span[1]]
    text = piece.text
    left = len(text) - len(text.lstrip())
    return piece.start_char + left, piece.start_char + len(text.rstrip())


def _open_quotes(doc: Doc, sentences: list[Span], found: list[Saying]) -> list[Saying]:
    """Give sentences inside a quotation that goes on over several sentences the speaker of the quotation."""
    extra: list[Saying] = []
    for start, end in _quotations(doc):
        inside = [s for s in sentences if s.start < end and s.end > start]
        speakers = [f for f in found if f.start < end + 3 and f.end > start - 3]
        if len(inside) < 2 or not speakers:
            continue
        claim = speakers[-1].claim
        for sent in inside:
            if not any(f.start < sent.end and f.end > sent.start for f in found):
                span = (sent.start, sent.end)
                extra.append(
                    Saying(*span, Claim(claim.speaker, claim.side, claim.stance, *_chars(doc, span)))
                )
    return extra


def _quotations(doc: Doc) -> list[tuple[int, int]]:
    """Return token bounds of quotations inside one paragraph."""
    spans: list[tuple[int, int]] = []
    opened = -1
    for token in doc:
        if "\n\n" in token.text:
            opened = -1
        elif token.text in _QUOTES:
            if opened < 0:
                opened = token.i
            else:
                spans.append((opened, token.i + 1))
                opened = -1
    return spans


def around(sayings: Sequence[Saying], first: int, last: int) -> list[Saying]:
    """Return the attributions that cover the tokens of a trigger, innermost speakers first."""
    covering = [s for s in sayings if s.start <= first and last <= s.end]
    return sorted(covering, key=lambda s: (s.end - s.start, s.start, s.verb))


def status(claims: Sequence[Claim], *, assessed: bool, confirmed: bool) -> Status:
    """Return what the claims amount to.

    Denied and asserted by different sides: disputed. Only denied: denied. Asserted by two different sides
    that are not
    the same, or confirmed: confirmed. Estimated: assessed. Said by someone: claimed. Said by nobody: unknown.
    """
    if not claims:
        return "unknown"
    stances = {c.stance for c in claims}
    asserting = {c.side or c.speaker for c in claims if c.stance in ("asserts", "reports")}
    if "denies" in stances:
        return "disputed" if asserting else "denied"
    if confirmed and "doubts" not in stances:
        return "confirmed"
    if assessed:
        return "assessed"
    known = {c.side for c in claims if c.stance == "asserts" and c.side}
    if len(known) > 1 and "doubts" not in stances:
        return "confirmed"
    return "claimed"


def says_what(verb: Token) -> bool:
    """Whether a verb of denial has a clause that tells what is denied: "denied that troops had come"."""
    for thing in verb.children:
        clauses = [thing, *thing.children] if thing.dep_ == "dobj" else [thing]
        if any(t.dep_ in ("ccomp", "acl", "relcl", "xcomp") and t.pos_ == "VERB" for t in clauses):
            return True
    return False
