"""Did it happen: attempts, plans, conditions, negations, old history; and how it ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapper.events import grammar
from mapper.events.places import words

if TYPE_CHECKING:
    from datetime import date

    from spacy.tokens import Token

    from mapper.events.triggers import Trigger
    from mapper.types import Modality, Outcome

_YEAR = re.compile(r"\b(?:in|since|of|during|until|from)\s(?:\w{3,9}\s)?((?:19|20)\d\d)\b")
_TRIES = ("attempt", "attempted", "try")
_BODIES = ("find", "discover", "recover", "exhume", "retrieve", "unearth")
_WISH_REACH = 7


def _chain(token: Token) -> list[Token]:
    """Return the trigger and the words that govern it inside its clause, nearest first."""
    chain = [token]
    for head in grammar.ancestors(token):
        if chain[-1].dep_ in ("advcl", "relcl", "parataxis", "nsubj", "nsubjpass", "npadvmod"):
            break
        if chain[-1].dep_ == "prep" and chain[-1].lower_ in ("after", "following", "amid", "since", "during"):
            break
        chain.append(head)
        if len(chain) > 8:
            break
    return chain


def modality(trigger: Trigger, when_start: str | None, today: date | None) -> Modality:
    """Return the modality of a trigger by the words that govern it."""
    lists = words()["modality"]
    token = trigger.token
    chain = _chain(token)
    if trigger.light is not None and trigger.light not in chain:
        chain += _chain(trigger.light)
    if _old(token, when_start, today, lists):
        return "historical"
    found: list[Modality] = ["hypothetical"] if _supposed(trigger) else []
    found += ["planned"] if _called_planned(token, lists["plan_words"]) else []
    for i, item in enumerate(chain):
        speech = item.lemma_ in grammar.SPEECH and i > 0
        if speech and item.lemma_ not in lists["plan"] and item.lemma_ not in lists["deny"]:
            break
        found += _signals(item, chain[i - 1] if i else None, lists)
        if (
            i
            and item.dep_ in ("ccomp",)
            and item.head.lemma_ in grammar.SPEECH
            and item.head.lemma_ not in lists["plan"]
        ):
            break
    for value in ("negated", "hypothetical", "attempted", "planned"):
        if value in found:
            return value
    if any(t.lemma_ in _TRIES for t in token.doc[trigger.start : trigger.end]):
        return "attempted"
    if token.doc[trigger.start].lemma_ == "order":
        return "planned"
    return "actual"


def _supposed(trigger: Trigger) -> bool:
    """Whether a noun is only thought of: "an invasion of X would be a mistake"."""
    token, verb = trigger.token, trigger.token.head
    if trigger.form == "verb" or token.dep_ != "nsubj" or verb.pos_ not in ("VERB", "AUX"):
        return False
    if any(c.dep_ == "mark" and c.lower_ in ("if", "unless") for c in verb.children):
        return True  # "if the battle goes on"
    told = any(c.dep_ in ("det", "poss") and c.lower_ not in ("a", "an", "any") for c in token.children)
    return not told and any(
        c.dep_ == "aux" and c.lower_ in ("would", "could", "might") for c in verb.children
    )


def _called_planned(noun: Token, plans: list[str]) -> bool:
    """Whether a participle before a noun says that it did not happen yet: "planned attacks"."""
    before = grammar.children(noun, "amod", "compound")
    return any(c.tag_[:2] == "VB" and c.lemma_ in plans for c in before)


def is_wish(trigger: Trigger, family: str, mode: Modality) -> bool:
    """Whether words only say what people may, must or want to do: "must leave", "able to seize X"."""
    lists = words()["modality"]
    if trigger.lemma in _BODIES and family == "strike":
        return mode != "actual"
    above = [h for h, _ in zip(grammar.ancestors(trigger.token), range(4), strict=False)]
    if trigger.form == "noun" and mode == "negated":
        return any(t.pos_ == "VERB" and t.lemma_ in lists["prevent"] for t in above[:2])
    if trigger.form == "noun" and mode == "planned":
        return any(t.pos_ == "NOUN" and t.lemma_ in lists["fears"] for t in above)
    if family == "leave" and mode == "planned" and trigger.form.endswith("verb"):
        return any(t.lemma_ == "demand" for t in above)
    if family == "evacuate":
        return mode in ("negated", "hypothetical")
    if family != "control" or mode not in ("planned", "hypothetical"):
        return False
    wishes, verb = lists["wishes"], trigger.token
    if trigger.form == "noun" or not any(c.tag_ == "TO" for c in verb.children):
        return False
    above = [verb.head, *grammar.children(verb.head, "nsubj", "acomp")]
    above += verb.doc[max(verb.sent.start, verb.i - _WISH_REACH) : verb.i]
    return any(t.lemma_.lower() in wishes for t in above)


def _old(token: Token, when_start: str | None, today: date | None, lists: dict[str, list[str]]) -> bool:
    if when_start and today and when_start[:4].isdigit():
        months = (today.year - int(when_start[:4])) * 12
        months += today.month - int(when_start[5:7]) if len(when_start) >= 7 else 0
        if months > 6:
            return True
    text = token.sent.text.lower()
    if any(frame in text for frame in lists["past_frames"]):
        return any(
            j.lower_ in ("ago", "war", "anniversary", "decade", "stage", "stages", "year", "since")
            for j in token.sent
        )
    if today:
        return any(
            int(m[1]) < today.year - 1
            for m in _YEAR.finditer(token.sent.text)
            if abs(m.start() - (token.idx - token.sent.start_char)) < 80
        )
    return False


def _signals(item: Token, below: Token | None, lists: dict[str, list[str]]) -> list[Modality]:
    found: list[Modality] = ["hypothetical"] if _feared(item, below, lists["fears"]) else []
    lemma = item.lemma_.lower()
    if below is not None:
        if lemma == "seek" and item.tag_ in ("VBZ", "VBP") and below.dep_ == "xcomp":
            found.append("planned")  # "seeks to occupy": a wish; "sought to storm": an attempt
        elif (
            lemma in lists["attempt"]
            and (below.dep_ in ("xcomp", "ccomp", "pcomp", "prep") or below.pos_ == "NOUN")
            or item.pos_ == "NOUN"
            and lemma in lists["attempt_nouns"]
        ):
            found.append("attempted")
        elif (
            (
                lemma in lists["plan"]
                and below.dep_ in ("xcomp", "ccomp", "dobj", "prep")
                and item.pos_ == "VERB"
            )
            or item.pos_ == "NOUN"
            and lemma in lists["plan_nouns"]
            or lemma in lists["deals"]
            and below.dep_ == "prep"
            and below.i == item.i + 1
        ):
            found.append("planned")
        elif (
            lemma in lists["prevent"]
            and item.pos_ == "VERB"
            or lemma in lists["deny"]
            and below.dep_ in ("xcomp", "ccomp", "dobj")
        ):
            found.append("negated")
        elif lemma == "go" and item.tag_ == "VBG" and below.dep_ == "xcomp":
            found.append("planned")
    for child in item.children:
        lower = child.lower_
        own = below is None or item.lemma_ in (*lists["doubt_nouns"], *lists["plan_nouns"])
        if child.dep_ == "neg" or (
            own
            and lower in ("no", "neither", "nor")
            and child.dep_ in ("det", "neg", "preconj", "cc")
            and item.pos_ == "NOUN"
        ):
            following = [t.lower_ for t in item.doc[child.i + 1 : child.i + 2]]
            goes_on = item.lemma_ in ("stop", "cease", "abandon", "quit") and below is not None
            found += ["negated"] if "only" not in following and not goes_on else []
        if child.tag_ == "TO" and item.pos_ == "VERB" and below is None and _is_goal(item, lists):
            found.append("negated" if item.head.lemma_ in lists["refuse"] else "planned")
        if child.dep_ == "aux" and lower in lists["modal_future"]:
            found.append("planned")
        if (
            child.dep_ == "aux"
            and lower in lists["modal_open"]
            and not grammar.is_month(child)
            and not (lower in ("can", "could") and _perceived(item))
        ):
            told = item.dep_ == "ccomp" and item.head.lemma_ in grammar.SPEECH
            sure = lower == "would" and told and not any(c.lower_ in lists["conditions"] for c in item.sent)
            found.append("planned" if sure else "hypothetical")
        if child.dep_ in ("mark", "advmod") and lower in lists["conditions"]:
            found.append("hypothetical")
    if item.dep_ == "pobj" and item.head.lower_ == "without":
        found.append("negated")
    return found


def _feared(item: Token, below: Token | None, fears: list[str]) -> bool:
    """Whether a verb only fears or foresees what it governs."""
    governs = below is not None and below.dep_ in ("dobj", "ccomp")
    return governs and item.pos_ == "VERB" and item.lemma_.lower() in fears


def _is_goal(item: Token, lists: dict[str, list[str]]) -> bool:
    """Whether "to do" states an aim: not after verbs that say that it was done."""
    head = item.head
    if any(c.lower_ == "have" and c.dep_ == "aux" for c in item.children):
        return False  # "claim to have attacked"
    if item.dep_ not in ("xcomp", "acl", "advcl", "ccomp", "relcl") or head is item:
        return False
    return head.lemma_.lower() not in (*lists["factual"], *lists["attempt"], *lists["attempt_nouns"])


def _perceived(item: Token) -> bool:
    return item.lemma_ in ("hear", "see")


def outcome(trigger: Trigger, kind: str, mode: Modality) -> Outcome:
    """Return how it ended, by the trigger and the words of its clause."""
    lists = words()["outcome"]
    if kind == "assault_repelled":
        return "repelled"
    if mode in ("negated", "hypothetical", "planned"):
        return "unknown"
    clause = f" {_clause(trigger)} "

    def says(kind: str) -> bool:
        return any(f" {phrase} " in clause for phrase in lists[kind])

    if kind in (
        "ground_assault",
        "clash",
        "advance",
        "encirclement_attempt",
        "reconnaissance",
        "capture",
        "strike",
        "liberation",
    ) and says("repelled"):
        return "repelled"
    if says("partial"):
        return "partial"
    if kind in lists["done"] and mode == "actual":
        return "success"
    if says("success"):
        return "success"
    if says("ongoing") or _in_progress(trigger):
        return "ongoing"
    return "success" if kind == "advance" and mode == "actual" else "unknown"


def _clause(trigger: Trigger) -> str:
    """Return the lower-case words of the sentence round the trigger, forms and lemmas of verbs alike."""
    sent = trigger.token.sent
    low, high = max(sent.start, trigger.start - 14), min(sent.end, trigger.end + 14)
    verb = trigger.token
    beside = [verb.head] if verb.dep_ == "conj" and verb.head.pos_ == "VERB" else []
    # "they repelled attacks near X and advanced": what was repelled is not the advance
    other = {t.i for t in beside if not grammar.is_passive(t) and grammar.objects(t)}
    words = [t for t in trigger.token.doc[low:high] if not t.is_punct and t.i not in other]
    return " ".join(t.lower_ for t in words)


def _in_progress(trigger: Trigger) -> bool:
    """Whether the verb, or the verb that governs it, stands in the present progressive."""
    for item in _chain(trigger.token)[:4]:
        if item.tag_ == "VBG" and any(c.dep_ == "aux" and c.lemma_ == "be" for c in item.children):
            return True
    return False
