"""Words that make a trigger something else, and words without which it reports nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import grammar
from mapper.events.lexicon import Entry, Lexicon, lemma_of, lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ENDS = ("end", "halt", "cessation", "stop", "de-escalation", "suspension")
"""What people call for: "an immediate end of hostilities"."""
_MANY = ("hundred", "thousand", "dozen", "score", "ten", "many", "most", "some")
_HUMAN_DEEDS = ("strike", "ground", "ground_move", "encircle", "control", "interception", "leave", "deploy")


def vetoed(doc: Doc, i: int, token: Token, entry: Entry) -> bool:
    """Whether the words round a trigger that begins at token `i`, with head `token`, rule the entry out."""
    lex = lexicon()
    if not entry.type:
        return False
    parts = lex.vetoes.get(entry.type, {})
    doers = _doers(token)
    if entry.type == "ceasefire" and _talked_about(token) or _to_be_stopped(token):
        return True
    if len(entry.words) > 2:
        return bool(doers & parts.get("subject", frozenset()))
    if entry.type == "fire" and any(c.ent_type_ == "NORP" for c in grammar.children(token, "amod")):
        return True  # "Israeli fire killed two"
    if entry.words[0] == "flee" and _alone(token):
        return True
    if entry.words[0] == "clash" and token.i + 1 < len(doc) and doc[token.i + 1].lower_ == "over":
        return not any(lemma_of(t, lex) in lex.lists["feuds"] for t in token.sent)
    if lex.types[entry.type].family in _HUMAN_DEEDS and doers & lex.lists["disease"]:
        return True
    if lex.types[entry.type].family == "ground" and _things(doc, i, token) & lex.lists["disease"]:
        return True
    if entry.words[0] in ("fight", "battle", "combat") and _nearby(doc, i) & lex.lists["disease"]:
        return True
    if "subject" in parts and doers & parts["subject"]:
        return True
    if "compound" in parts:
        first = range(max(token.sent.start, i - 1), i)
        # who does it is no part of the word: "police fired", not "a police strike"
        before = {lemma_of(doc[j], lex) for j in first if doc[j].dep_ not in grammar.SUBJECTS}
        before |= {lemma_of(c, lex) for c in token.children if c.dep_ in ("compound", "amod")}
        if before & parts["compound"]:
            return True
    if entry.words[-1] == "to":
        return False  # "X fell to the rebels": they are who took it
    return "object" in parts and bool((_things(doc, i, token) - set(entry.words)) & parts["object"])


def _alone(verb: Token) -> bool:
    """Whether one person flees: he is no evacuation."""
    who = grammar.subject(verb)
    if who is None or who.tag_ not in ("NN", "NNP") or who.ent_type_ in ("ORG", "GPE", "NORP", "LOC"):
        return False
    if who.pos_ == "PRON" or len(grammar.conjuncts(who)) > 1 or any(c.pos_ == "NUM" for c in who.children):
        return False
    return who.lower_ not in lexicon().lists["collectives"]


def _to_be_stopped(token: Token) -> bool:
    """Whether somebody wants it to end: "called on all sides to stop fighting"."""
    verb = token.head
    stops = token.dep_ in ("dobj", "xcomp") and verb.lemma_ in (
        "stop",
        "end",
        "cease",
        "halt",
        "suspend",
        "de-escalate",
    )
    called = verb.dep_ in ("xcomp", "ccomp") and verb.head.lemma_ in lexicon().lists["asking"]
    ended = verb.head.lemma_ if token.dep_ == "pobj" and verb.lower_ in ("of", "to", "in") else ""
    return stops and called or ended in _ENDS


def _talked_about(token: Token) -> bool:
    """Whether a truce is only what people talk about: "talks in X on a ceasefire", "calls for a truce"."""
    talks = lexicon().lists["talks"]
    governed = [h for h, _ in zip(grammar.ancestors(token), range(5), strict=False)]
    around = [
        t for h in governed if h.pos_ in ("NOUN", "PROPN") for t in [h, *grammar.children(h, "compound")]
    ]
    if any(h.pos_ == "VERB" and h.lemma_ in ("call", "urge", "appeal", "push") for h in governed[:3]):
        return True
    before = [token.nbor(-1)] if token.i > token.sent.start else []
    return token.dep_ in ("pobj", "compound") and any(
        lemma_of(t, lexicon()) in talks for t in around + before
    )


def _things(doc: Doc, i: int, token: Token) -> set[str]:
    """Return the lemmas of what a trigger acts on; without a parse of it, of the two words after it."""
    lex = lexicon()
    things = grammar.objects(token) or grammar.prepositional(token, "on", "of", "to", "for", "into", "in")
    passive = grammar.passive_subject(token) if token.pos_ == "VERB" else None
    if passive is not None and grammar.is_passive(token):
        things = [passive]
    if things:
        # "capture X, their biggest prize": X is what they captured
        town = lemma_of(things[0], lex) in lex.lists["settlements"]
        named = things[:1] if town or things[0].pos_ == "PROPN" else things
        return {lemma_of(t, lex) for t in named}
    following = doc[i + 1 : min(token.sent.end, i + 3)]
    if token.pos_ != "VERB" and following and following[0].pos_ == "ADP":
        return set()  # "a strike by high-precision weapons" is no strike of a high
    return {lemma_of(t, lex) for t in following}


def _nearby(doc: Doc, i: int) -> set[str]:
    return {lemma_of(t, lexicon()) for t in doc[i : min(doc[i].sent.end, i + 7)]}


def _doers(token: Token) -> set[str]:
    """Return the lemmas of the subject or agent of a trigger and of the nouns before them."""
    lex = lexicon()
    found = [grammar.subject(token)]
    if token.pos_ == "VERB":
        found.append(grammar.agent(token))
    if token.dep_ == "acl" and token.tag_ == "VBG":
        found.append(token.head)  # "a wildfire advancing on X"
    return {
        lemma_of(t, lex)
        for who in found
        if who is not None
        for t in [who, *_of_many(who), *(c for c in who.children if c.dep_ in ("compound", "amod"))]
    }


def _of_many(who: Token) -> list[Token]:
    """Return of whom there are many: "thousands of demonstrators"."""
    many = who.lemma_ in _MANY or who.lemma_ in lexicon().lists["totals"]
    return grammar.prepositional(who, "of") if many else []


def accompanied(doc: Doc, token: Token, entry: Entry) -> bool:
    """Whether a trigger that needs certain companions ("cut" a road, a drone "fell") has them."""
    lex = lexicon()
    word = entry.words[-1] if entry.form.endswith("noun") else entry.words[0]
    if len(entry.words) > 1 and entry.form.endswith("noun"):
        return True
    rule = lex.only.get(f"{entry.type}:{word}")
    if rule is None or rule.get("form", entry.form) != entry.form:
        return True
    return all(_has(token, where, name) for where, name in sorted(rule.items()) if where != "form")


def _has(token: Token, where: str, name: str) -> bool:
    lex = lexicon()
    if where == "after":
        return token.i + 1 < token.sent.end and token.nbor().lower_ in lex.lists[name]
    if where == "head":
        return token.dep_ in ("ROOT", "appos", "conj") and not any(
            t.pos_ in ("VERB", "AUX") for t in token.sent
        )
    if where == "sentence":
        return any(lemma_of(t, lex) in lex.lists[name] for t in token.sent)
    if where == "object":
        return _acts_on(token, name, lex)
    thing = grammar.passive_subject(token)
    if name == "projectiles" and _others(grammar.subject(token)):
        return True
    who = thing if where == "passive" else grammar.subject(token) or thing
    if who is None:
        return False
    if name == "actor" and where == "subject" and grammar.is_passive(token):
        who = grammar.agent(token)
        if who is None:
            return True
    if name == "names":
        falls = lemma_of(who, lex) in lex.lists["projectiles"]  # "Bombs fall on X", in a heading
        return who.pos_ == "PROPN" and who.text[:1].isupper() and not falls
    if name == "actor" and (who.lower_ in ("they", "we") or _it_took(token, who)):
        return True
    words = set(grammar.conjuncts(who)) | {t for t in who.subtree if t.i <= who.i}
    words |= set(_of_many(who))
    wanted = lex.lists["armed"] if name == "actor" else lex.lists[name]
    return any(lemma_of(t, lex) in wanted or (name == "actor" and _named_side(t)) for t in words)


def _acts_on(token: Token, name: str, lex: Lexicon) -> bool:
    """Whether what a verb acts on is a word of the list `name`, or a name."""
    things = grammar.objects(token)
    passive = grammar.passive_subject(token)
    things += [passive] if passive is not None else []
    if token.tag_ == "VBN" and not grammar.children(token, "aux", "auxpass", "dobj"):
        things += grammar.children(token, "nsubj")  # "Grenade thrown into a bar"
    if token.dep_ == "acl" and token.tag_ in ("VBN", "VBD"):
        things += [token.head, *(h.head for h in (token.head.head,) if h.lower_ == "of")]
    if name == "names":
        parts = [p for t in things for p in grammar.prepositional(t, "of")]  # "the centre of X"
        taken = grammar.is_passive(token) and grammar.agent(token) is not None  # "was taken by X"
        kinds = lex.lists["settlements"] if taken else frozenset()
        named = [t for t in things + parts if t.pos_ == "PROPN" and t.text[:1].isupper()]
        return bool(named) or any(lemma_of(t, lex) in kinds for t in things)
    words = {t for thing in things for t in [thing, *thing.children]}
    words |= {t for thing in things for t in grammar.prepositional(thing, "of")}
    return any(lemma_of(t, lex) in lex.lists[name] for t in words)


def _it_took(verb: Token, who: Token) -> bool:
    """Whether "it" stands for an army: "since it took X", not "it took X two years"."""
    bare = len(grammar.children(verb, "dobj", "dative", "xcomp", "ccomp", "oprd")) == 1
    return who.lower_ == "it" and bare and verb.dep_ != "ROOT"


def _others(who: Token | None) -> bool:
    """Whether "others", "one" or "two more" stands for the missiles of the sentence before."""
    if who is None or who.lower_ not in (
        "others",
        "another",
        "some",
        "one",
        "two",
        "three",
        "several",
        "most",
    ):
        return False
    before = who.doc[max(0, who.sent.start - 40) : who.sent.start]
    return any(lemma_of(t, lexicon()) in lexicon().lists["projectiles"] for t in before)


def _named_side(token: Token) -> bool:
    from mapper.events.actors import side_of, sides

    return bool(side_of([token])) or token.lower_ in sides().foes
