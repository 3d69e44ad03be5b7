"""What speaks for and against a span being a place name, as named features for the classifier."""

from __future__ import annotations

import math

from gazetteer.place import Candidate
from mapper.mentions.context import Context, Features, org_class
from mapper.mentions.lattice import PLACE_LABELS, Span, Text, touches
from mapper.mentions.second import LISTED, holds
from mapper.mentions.words import words

TOWN = 50_000
"""Population from which a place is known by its other names too."""
OWN = 20_000
"""Population of a namesake that has the name for its own, from which it is meant before such a place."""


def features(text: Text, span: Span, doc: Context) -> Features:
    """Name everything that bears on the question whether ``span`` is a place name."""
    row: Features = {"bias": 1.0}
    gaz = _gazetteer(span, doc, row)
    ent = _entity(text, span, doc)
    before, after = _before(text, span), _after(text, span, doc)
    looks = [f"ent={ent}", f"gaz={gaz}", f"before={before}", f"after={after}", f"found={span.found}"]
    looks += [f"ent={ent}&gaz={gaz}", f"ent={ent}&before={before}"]
    looks += [f"gaz={gaz}&after={after}", f"gaz={gaz}&before={before}"]
    row.update(dict.fromkeys(looks, 1.0))
    if _dateline(text, span):
        row["dateline"] = 1.0
    _shape(text, span, row, gaz)
    _document(span, doc, row, gaz)
    _said(text, span, doc, row)
    _listed(text, span, doc, row)
    _nested(text, span, doc, row, gaz)
    _company(text, span, doc, row, gaz)
    token = text.token(span.last)
    looks = [f"dep={token.dep_}", f"tag={token.tag_}&n={min(span.last - span.first, 2)}"]
    row.update(dict.fromkeys([*looks, f"gaz={gaz}&tag={token.tag_}"], 1.0))
    return row


def _gazetteer(span: Span, doc: Context, row: Features) -> str:
    """Add what the gazetteer knows of the name; give the class of its best candidate."""
    if not span.candidates:
        return "none"
    best = _best(span)
    if all(c.kind == "demonym" for c in span.candidates[:3]):
        return "demonym"
    population = max(c.place.population for c in span.candidates[:5])
    row["population"] = math.log10(population + 10) / 7
    row["similarity"] = best.similarity
    if span.query and span.found != "short":
        row["stem"] = 1.0
    row[f"match={best.match}"] = 1.0
    row[f"namekind={best.kind}"] = 1.0
    row["many"] = math.log10(1 + len(span.candidates))
    if any(c.place.country in doc.countries for c in span.candidates):
        row["focus"] = 1.0
    feature = best.place.feature
    if feature in ("settlement", "suburb", "municipality"):
        size = "city" if population >= 300_000 else "town" if population >= 20_000 else "village"
        return size if size != "village" or population else "hamlet"
    return feature


def _best(span: Span) -> Candidate:
    """Give the best candidate; one that has the name for its own before a small place's other name."""
    best = span.candidates[0]
    if best.kind != "alternate" or best.place.feature in ("country", "region"):
        return best
    least = OWN if best.place.population >= TOWN else 0  # "Troy" is Troyes, and many a town's own name
    own = (c for c in span.candidates[:10] if c.kind == "preferred" and c.match in ("exact", "folded"))
    return next((c for c in own if c.place.population >= least), best)


def _entity(text: Text, span: Span, doc: Context) -> str:
    """Say how the span lies to the model's entities: "GPE=", "ORG>start", "none"."""
    tokens = [text.pieces[i].token for i in range(span.first, span.last + 1)]
    entities = {doc.entity_of[t].start: doc.entity_of[t] for t in tokens if t in doc.entity_of}
    if len(entities) != 1:
        return "several" if entities else "none"
    entity = next(iter(entities.values()))
    label = entity.label_ if entity.label_ in PLACE_LABELS | {"ORG", "PERSON", "NORP"} else "other"
    bare_start = entity.start_char + (4 if entity.text.lower().startswith("the ") else 0)
    bare_end = entity.end_char - (2 if entity.text.endswith(("'s", "’s")) else 0)
    if label in PLACE_LABELS and text.text[span.end : bare_end].strip() in words().kind:
        bare_end = span.end  # "Kandahar province": the name is whole without its kind
    if span.start <= bare_start and span.end >= bare_end:
        return f"{label}=" if (span.start, span.end) == (bare_start, bare_end) else f"{label}<"
    if span.start < bare_start or span.end > bare_end:
        return f"{label}x"
    return f"{label}>{'start' if span.start == bare_start else 'end' if span.end == bare_end else 'mid'}"


def _before(text: Text, span: Span) -> str:
    """Give the class of the word before the span."""
    index = span.first - 1
    if index < 0 or text.pieces[index].sentence != text.pieces[span.first].sentence or text.breaks(index):
        return "start"
    piece, lower, table = text.pieces[index], text.word(index), words()
    if lower in ("the", "a", "an"):
        return _before_article(text, index)
    for name in ("title", "direction", "in", "of", "and", "contest"):
        if lower in table.classes[name]:
            capital = piece.capital and name in ("direction", "title")
            return f"{name}{'^' if capital else ''}"
    if lower == ",":
        if text.word(index - 1).removesuffix("s") in table.classes["person_noun"]:
            return "kin"
        return "comma^" if index and text.pieces[index - 1].capital else "comma"
    if lower in ("-", "–", "—", "/"):
        return "party" if text.word(index - 1) in table.classes["party"] else "dash"
    if lower in ("'s", "’s"):
        return "possessive"
    if piece.capital:
        return "capital" if not text.is_caps(index) else "caps"
    if lower in table.kind:
        return "kind"
    return "punct" if not lower[:1].isalnum() else text.token(index).pos_


def _dateline(text: Text, span: Span) -> bool:
    """Whether a line begins with the span and a dash follows, perhaps after a state: "PARIS, Texas —"."""
    if span.first and not text.breaks(span.first - 1):
        return False
    for index in range(span.last + 1, min(span.last + 7, len(text.pieces))):
        if text.pieces[index].text in ("—", "–", "-", "--"):
            return text.pieces[index].start > text.pieces[index - 1].end
        if text.breaks(index - 1) or not (text.pieces[index].capital or text.word(index) in (",", ".")):
            return False
    return False


def _before_article(text: Text, index: int) -> str:
    before = text.word(index - 1)
    table = words()
    if before in table.classes["in"]:
        return "in the"
    return "of the" if before == "of" else "the"


def _after(text: Text, span: Span, doc: Context) -> str:
    """Give the class of the word after the span."""
    index = span.last + 1
    if index >= len(text.pieces) or text.breaks(span.last):
        return "end"
    if text.pieces[index].sentence != text.pieces[span.last].sentence:
        return "end"
    piece, lower, table = text.pieces[index], text.word(index), words()
    plain = _plain_after(text, span, index)
    if plain:
        return plain
    if piece.capital and not text.is_caps(index):
        for name in ("org", "title"):
            if lower in table.classes[name]:
                return f"{name}^"
        return "kind^" if lower in table.kind else "people^" if lower in doc.people else "capital"
    if lower in table.kind:
        return "kind"
    if lower in table.classes["and"]:
        return "and"
    if lower in ("-", "–", "—", "/"):
        return "dash"
    if lower in ("(", ")", ".", ":", ";"):
        return lower
    if lower in table.classes["actor_noun"]:
        return "actor"
    return "punct" if not lower[:1].isalnum() else text.token(index).pos_


def _plain_after(text: Text, span: Span, index: int) -> str:
    """Give the class of the next piece where its case matters not: a comma, a score, a verb of saying."""
    lower, table = text.word(index), words()
    if lower in ("'s", "’s", "'", "’") or span.end < text.pieces[span.last].end:
        return "possessive"
    if lower == ",":
        follows = text.pieces[index + 1] if index + 1 < len(text.pieces) else None
        return "comma^" if follows and follows.capital else "comma"
    if _scores(text, index):
        return "score"
    for name in ("speech", "contest"):
        if lower in table.classes[name]:
            return name
    if lower in table.classes["disease"]:
        return "disease"
    return ""


def _scores(text: Text, index: int) -> bool:
    """Whether points in a game follow: "Perry 7; Alva 28, ..." or "beat Perry 35-7"."""
    points = text.word(index)
    if not points.isdigit() or len(points) > 3 or index + 1 >= len(text.pieces):
        return False
    after = text.word(index + 1)
    if after in ("-", "–"):
        return text.word(index + 2).isdigit() and len(text.word(index + 2)) <= 3
    return after in (";", ",", ".") or text.breaks(index)


def _shape(text: Text, span: Span, row: Features, gaz: str) -> None:
    words_in = span.last - span.first + 1
    row[f"words={min(words_in, 4)}&gaz={gaz}"] = 1.0
    if span.text.isupper():
        row["upper" if len(span.text) > 3 else "upper_short"] = 1.0
    if len(span.text) <= 3:
        row["short"] = 1.0
    if text.is_caps(span.first):
        row["caps_sentence"] = 1.0
        row[f"caps&gaz={gaz}"] = 1.0
    if text.lower_case:
        row["lower_text"] = 1.0
        row[f"lower&gaz={gaz}"] = 1.0
    lower = span.text.lower()
    if lower in words().ordinary:
        row["ordinary"] = 1.0
        row[f"ordinary&gaz={gaz}"] = 1.0
    if lower in text.lower_words:
        row["lower_elsewhere"] = 1.0
    if words_in == 1:
        _one_word(text, span, row, gaz)
    last = text.word(span.last)
    if words_in > 1 and last in words().kind:
        _kind_word(span, row, last)
    if last in words().classes["org"]:
        row["endorg"] = 1.0
    if any(p.lower in words().classes["weekday_month"] for p in text.pieces[span.first : span.last + 1]):
        row["calendar"] = 1.0
    if words_in == 1 and text.token(span.last).pos_ != "PROPN":
        row[f"pos={text.token(span.last).pos_}"] = 1.0
        if _starts_sentence(text, span):
            row["start_not_propn"] = 1.0


def _one_word(text: Text, span: Span, row: Features, gaz: str) -> None:
    """Add what the dictionary says of a name of one word; in text without case it is all there is."""
    lower = span.text.lower()
    kind = text.dictionary(lower)
    row[f"dictionary={kind}"] = 1.0
    row[f"dictionary={kind}&start={_starts_sentence(text, span)}"] = 1.0
    if text.lower_case or text.is_caps(span.first):
        row[f"dictionary={kind}&flat&gaz={gaz}"] = 1.0
        if gaz == "city" and lower not in words().ordinary:
            row["flat_city"] = max(0.0, row["population"] * 7 - 5.5)


def _kind_word(span: Span, row: Features, word: str) -> None:
    """Add the kind word at the end of a name, and whether the gazetteer knows a place of that kind.

    "State" and "Department" are offices as well; "Oblast" is not, and tells nothing against a region.
    """
    kind = words().kind[word]
    fits = bool(span.candidates) and span.candidates[0].place.feature in words().asks[kind]
    if not (fits and word in words().classes["division"]):
        row[f"endkind={kind}"] = 1.0
    if fits:
        row["kind_fits"] = 1.0


def _starts_sentence(text: Text, span: Span) -> bool:
    return span.first == 0 or text.pieces[span.first - 1].sentence != text.pieces[span.first].sentence


def _document(span: Span, doc: Context, row: Features, gaz: str) -> None:
    surface = span.text.lower()
    labels = doc.labels.get(surface)
    if labels:
        total = sum(labels.values())
        row["doc_place"] = sum(labels[label] for label in PLACE_LABELS) / total
        row["doc_person"] = labels["PERSON"] / total
        row["doc_org"] = labels["ORG"] / total
    people = doc.people.get(surface, 0)
    if people:
        row["person_word"] = 1.0
        row[f"person_word&gaz={gaz}"] = 1.0
    if surface in doc.surnames:
        row["surname"] = 1.0
        if surface not in doc.placed:
            row["surname_never_placed"] = 1.0
    if surface in doc.persons:
        row["person_shown"] = 1.0
        if surface not in doc.placed:
            row["person_never_placed"] = 1.0
    if surface in doc.placed and doc.counts[surface] > 1:
        row["placed_somewhere"] = 1.0
    if surface in doc.governed:
        row["governed"] = 1.0
    if surface in doc.orgs:
        row["org_word"] = 1.0
    if surface in doc.diseases:
        row["disease_here"] = 1.0
    if surface in words().classes["disease_name"]:
        row["disease_name"] = 1.0
    if surface in words().classes["agency"]:
        row["agency"] = 1.0


def _said(text: Text, span: Span, doc: Context, row: Features) -> None:
    """Add whether the text says what it is ("X, the main town of Y") or where ("X in Y", Y holds an X)."""
    after = span.last + 1
    outers = doc.starts.get(after + 1, ()) if text.word(after) == "in" and span.candidates else ()
    if any(holds(outer.candidates, span.candidates) for outer in outers):
        row["lies_in"] = 1.0
    if text.word(after) != "," or text.word(after + 1) not in ("the", "a", "an", "another"):
        return
    for index in range(after + 2, min(after + 6, len(text.pieces))):
        word = text.word(index)
        if words().kind.get(word) in ("settlement", "region", "district", "municipality"):
            row["apposed"] = 1.0
        if not text.pieces[index].text.islower() or text.token(index).pos_ not in ("ADJ", "NOUN", "ADV"):
            return


def _listed(text: Text, span: Span, doc: Context, row: Features) -> None:
    """Add what the model reads in the names beside it in a list, where the gazetteer has none of them."""
    for joint, index in ((span.last + 1, span.last + 2), (span.first - 1, span.first - 2)):
        if (
            text.word(joint) not in LISTED
            or not 0 <= index < len(text.pieces)
            or not text.pieces[index].capital
        ):
            continue
        entity = doc.entity_of.get(text.pieces[index].token)
        if entity is not None and entity.start <= text.pieces[span.first].token < entity.end:
            continue  # one entity that runs on over both
        label = entity.label_ if entity is not None else "none"
        if not any(s.candidates for s in doc.at.get(index, ())):
            row[f"list={label}"] = 1.0


def _nested(text: Text, span: Span, doc: Context, row: Features, gaz: str) -> None:
    """Add the longer names that hold the span, and whether it holds shorter ones."""
    outer = [
        s for s in doc.longer.get(span.first, ())
        if s is not span and s.first <= span.first and s.last >= span.last
        and (s.first, s.last) != (span.first, span.last)
    ]  # fmt: skip
    spelt = [s for s in outer if s.found == "gazetteer" and s.candidates[0].kind != "demonym"]
    if spelt:
        best = max(spelt, key=lambda s: s.last - s.first)
        row["inner"] = 1.0
        row[f"inner={best.candidates[0].place.feature}"] = 1.0
        row[f"inner&{'head' if span.first == best.first else 'tail'}"] = 1.0
    elif outer:
        best = max(outer, key=lambda s: s.last - s.first)
        end = text.word(best.last)
        row[f"inner_run={words().kind.get(end) or org_class(end) or best.found}"] = 1.0
    if span.last > span.first:
        row["holds_shorter" if span.candidates else "unknown_run"] = 1.0
        row[f"several&found={span.found}"] = 1.0


def _company(text: Text, span: Span, doc: Context, row: Features, gaz: str) -> None:
    """Add what the capitalised words beside it make of the whole: an office, a paper, a firm."""
    if text.is_caps(span.first):
        return
    right = _right_class(text, span, doc)
    if right:
        row[f"right={right}"] = 1.0
        row[f"right={right}&gaz={gaz}"] = 1.0
    index = span.first - 1
    of = text.word(index) == "of" or (text.word(index) == "the" and text.word(index - 1) == "of")
    if of:
        head = index - 1 if text.word(index) == "of" else index - 2
        if head >= 0 and text.pieces[head].capital:
            word = text.word(head)
            row[f"head={org_class(word) or words().kind.get(word) or 'capital'}"] = 1.0
    elif (
        index >= 0
        and text.pieces[index].capital
        and text.pieces[index].sentence == text.pieces[span.first].sentence
    ):
        word = text.word(index)
        left = org_class(word) or words().kind.get(word) or ("people" if word in doc.people else "")
        if left:
            row[f"left={left}"] = 1.0


def _right_class(text: Text, span: Span, doc: Context) -> str:
    """Say what the capitalised words behind the span make of it, by the last that tells; "" without any."""
    found, index = "", span.last + 1
    while index < len(text.pieces) and index < span.last + 6 and touches(text, index - 1):
        piece = text.pieces[index]
        if not piece.capital:
            break
        told = org_class(piece.lower) or words().kind.get(piece.lower, "")
        if piece.lower in doc.people and not told:
            told = "people"
        found = told or found or "capital"
        index += 1
    return found
