"""Small questions to the dependency parse, each with a fallback for a parse that gives nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

SPEECH = frozenset(
    [
        "say",
        "tell",
        "report",
        "claim",
        "announce",
        "state",
        "note",
        "add",
        "admit",
        "acknowledge",
        "confirm",
        "deny",
        "reject",
        "dispute",
        "dismiss",
        "refute",
        "insist",
        "allege",
        "assert",
        "declare",
        "warn",
        "write",
        "post",
        "argue",
        "explain",
        "stress",
        "estimate",
        "assess",
        "believe",
        "accuse",
        "blame",
        "inform",
        "reveal",
        "disclose",
        "echo",
        "comment",
        "mention",
        "describe",
        "indicate",
        "suggest",
        "quote",
        "boast",
        "concede",
        "maintain",
        "vow",
        "pledge",
        "publish",
        "release",
    ]
)
_FROM = ("from", "over", "of", "between")
_HELD = ("occupied", "annexed", "besieged")
OBJECTS = ("dobj", "obj", "attr", "oprd", "dative")
SUBJECTS = ("nsubj", "csubj", "expl")
_CONTROL = ("order", "force", "tell", "ask", "urge", "allow", "instruct", "help", "warn", "advise", "compel")
_CHAINS = ("conj", "xcomp", "advcl", "acl", "relcl", "ccomp", "pcomp", "dep")


_TEXT = "mapper.text"


def full_text(doc: Doc) -> str:
    """Return ``doc.text``, which spaCy joins anew from all tokens at every call, joined only once."""
    text: str | None = doc.user_data.get(_TEXT)
    if text is None:
        text = doc.user_data[_TEXT] = doc.text
    return text


def ancestors(token: Token) -> Iterator[Token]:
    """Yield the heads of `token`, nearest first, ending at the root."""
    while token.head.i != token.i:
        token = token.head
        yield token


def listed_before(participle: Token) -> Token | None:
    """Return the name that "and" joins to the one after a participle: X of "from X and occupied Y"."""
    i, doc = participle.i, participle.doc
    if i - 2 < participle.sent.start or doc[i - 1].dep_ != "cc" or participle.lower_ not in _HELD:
        return None
    joined = doc[i - 2]
    if joined.pos_ != "PROPN" or joined.dep_ != "pobj" or joined.head.lower_ not in _FROM:
        return None
    return joined


def is_month(token: Token) -> bool:
    """Whether "May" is the month, which the parser may take for a verb: "on 15 May injured five"."""
    beside = [token.doc[i] for i in (token.i - 1, token.i + 1) if 0 <= i < len(token.doc)]
    return token.text == "May" and any(t.like_num for t in beside)


def children(token: Token, *deps: str) -> list[Token]:
    """Return the children of `token` with one of these dependencies."""
    return [child for child in token.children if child.dep_ in deps]


def conjuncts(token: Token) -> list[Token]:
    """Return `token` and everything coordinated with it or put in apposition to it, in the order of the
    text.
    """
    found, todo = [], [token]
    while todo:
        item = todo.pop()
        found.append(item)
        todo += [
            c
            for c in item.children
            if c.dep_ in ("conj", "appos") and c.pos_ in ("NOUN", "PROPN", "NUM", "PRON")
        ]
    return sorted(found, key=lambda t: t.i)


def subject(verb: Token) -> Token | None:
    """Return the active subject of a verb, also one shared with or inherited from a governing verb."""
    token, seen = verb, 0
    while seen < 6:
        direct = _nearest(token, children(token, "nsubj", "csubj"))
        if direct and (token is verb or not _is_relative(direct[0]) or token.dep_ == "relcl"):
            if _is_relative(direct[0]) and token.dep_ == "relcl":
                return token.head
            return direct[0]
        if token.dep_ == "acl" and token.tag_ in ("VBN", "VBD") and children(token, "dobj"):
            return token.head
        if token.dep_ == "xcomp" and token.head.lemma_ in _CONTROL and children(token.head, "dobj"):
            return children(token.head, "dobj")[0]  # "ordered residents to leave"
        if token.dep_ == "amod" and token.tag_ in ("VBN", "VBD") and token.i > token.sent.start:
            # a verb that the parser took for an adjective: who stands before it
            if goes_on(token):
                return subject(token.head.head)
            before = token.nbor(-1)
            return before if before.pos_ in ("NOUN", "PROPN") else None
        if token.dep_ in ("acl", "relcl") and token.tag_ == "VBG" and not children(token, "nsubjpass"):
            return token.head
        if token is not verb and children(token, "nsubjpass") and verb.dep_ == "xcomp":
            return children(token, "nsubjpass")[0]  # "a column was seen moving"
        if token.dep_ not in _CHAINS or children(token, "nsubjpass") or token.dep_ == "ccomp":
            return _of_list(token)
        if token.dep_ in ("pcomp",):
            token = token.head
        token = token.head
        if token.pos_ in ("NOUN", "PROPN"):
            return (
                None if token.dep_ in OBJECTS and verb.dep_ == "acl" and verb.tag_ == "VBN" else _owner(token)
            )
        seen += 1
    return None


def _of_list(verb: Token) -> Token | None:
    """Return the subject of the first of a list of verbs, which the parser hung on the second: "X did this,
    did that and did more".
    """
    for child in verb.lefts:
        finite = child.dep_ in ("advcl", "ccomp") and child.tag_ in ("VBD", "VBZ", "VBP")
        if finite and not children(child, "mark", "advmod"):
            first = children(child, "nsubj")
            listed = verb.doc[verb.i - 1].text == ","
            return first[0] if first and listed and not _is_relative(first[0]) else None
    return None


def goes_on(participle: Token) -> bool:
    """Whether a verb that goes on with a list of verbs was taken for an adjective: "and hit troops in X"."""
    noun = participle.head
    before = participle.nbor(-1) if participle.i > participle.sent.start else None
    joined = participle.dep_ == "amod" and noun.dep_ == "conj" and noun.head.pos_ == "VERB"
    return joined and before is not None and before.dep_ == "cc"


def _nearest(verb: Token, found: list[Token]) -> list[Token]:
    """Put the subject nearest before the verb first: in "Arrests: On Friday, police ..." it is the second."""
    return sorted(found, key=lambda t: (t.i > verb.i, abs(t.i - verb.i)))


def _owner(noun: Token) -> Token | None:
    """Return who makes the attempt in "Russian efforts to cut the road", or the subject above it."""
    for child in noun.children:
        if child.dep_ in ("amod", "poss", "compound", "nmod") and child.text[:1].isupper():
            return child
    if noun.dep_ in OBJECTS:
        return subject(noun.head)
    return None


def _is_relative(token: Token) -> bool:
    return token.tag_ in ("WDT", "WP")


def passive_subject(verb: Token) -> Token | None:
    """Return the subject of a passive verb; of a participle, the noun it describes; shared by
    coordination.
    """
    token = verb
    for _ in range(4):
        direct = children(token, "nsubjpass")
        if direct:
            return token.head if _is_relative(direct[0]) and token.dep_ == "relcl" else direct[0]
        if token.dep_ == "acl" and token.tag_ == "VBN" and not children(token, "dobj"):
            return token.head
        if token.dep_ not in ("conj", "xcomp") or children(token, "nsubj"):
            return None
        token = token.head
    return None


def is_passive(verb: Token) -> bool:
    """Whether the verb is in the passive, or a participle after its noun ("shelled by")."""
    if any(child.dep_ in ("auxpass", "nsubjpass", "agent") for child in verb.children):
        return True
    if verb.tag_ == "VBN" and verb.dep_ == "acl":
        return not children(verb, "dobj")
    return (
        verb.tag_ == "VBN" and verb.dep_ == "conj" and is_passive(verb.head) and not children(verb, "nsubj")
    )


def objects(verb: Token) -> list[Token]:
    """Return the objects of a verb (not of its prepositions)."""
    if verb.dep_ == "amod" and goes_on(verb):
        return [verb.head]
    return [item for child in children(verb, *OBJECTS) for item in conjuncts(child)]


def prepositional(head: Token, *words: str) -> list[Token]:
    """Return what stands after the prepositions `words` below `head`, with everything coordinated."""
    found: list[Token] = []
    for child in head.children:
        if child.dep_ in ("prep", "agent", "dative") and (not words or child.lower_ in words):
            for thing in child.children:
                if thing.dep_ in ("pobj", "pcomp"):
                    found += conjuncts(thing)
    return found


def agent(verb: Token) -> Token | None:
    """Return the doer of a passive: "shelled by the army"."""
    found = prepositional(verb, "by")
    return found[0] if found else None


def phrase(token: Token, sentence: Span, most: int = 8) -> tuple[int, int]:
    """Return token bounds [a, b) of the noun phrase round `token`: its left part and "of"-complements."""
    left = token.i
    for child in token.lefts:
        if child.dep_ in ("amod", "compound", "nummod", "poss", "nmod", "det", "advmod", "quantmod"):
            left = min(left, child.left_edge.i)
    for i in range(token.i - 1, left - 1, -1):
        if token.doc[i].is_space and "\n\n" in token.doc[i].text:
            left = i + 1
            break
    right = token.i + 1
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ == "of" and child.right_edge.i - token.i <= most:
            right = child.right_edge.i + 1
            break
    return max(left, sentence.start, token.i - most), min(right, sentence.end)
