"""What mapper changes in a trained spaCy pipeline: where sentences end, and how quickly it works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper import language_entities

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

BULLETS = frozenset("-*•–—▪►")
LONGEST_HEADING = 90
LONGEST_LINE = 120
"""Numbers of characters."""
Values = tuple[int, int, int, int, Any]
"""Part of speech, lemma, tag and dependency as numbers, and the forms."""


def adapt(nlp: Language) -> Language:
    """Add our components to a pipeline, as far as it has what they work on, and return it."""
    from spacy.language import Language

    if not Language.has_factory("paragraphs"):
        Language.component("paragraphs", func=paragraphs)
        Language.factory("remembered_rules", func=remembered_rules)
        Language.factory("entities", func=language_entities.entities)
    if "parser" in nlp.pipe_names:
        nlp.add_pipe("paragraphs", before="parser")
    if "attribute_ruler" in nlp.pipe_names:
        rules = nlp.get_pipe("attribute_ruler").patterns  # type: ignore[attr-defined]
        nlp.replace_pipe("attribute_ruler", "remembered_rules", config={"rules": rules})
    if language_entities.known(nlp):
        nlp.add_pipe("entities", after="ner")
        nlp.disable_pipe("ner")
    if "lemmatizer" in nlp.pipe_names:
        _index(nlp.get_pipe("lemmatizer"))
    return nlp


def _index(lemmatizer: Any) -> None:
    """Make sets of the lists of words in which spaCy's lemmatizer looks for every form."""
    lookups = getattr(lemmatizer, "lookups", None)
    if lookups is None or "lemma_index" not in lookups.tables:
        return
    table = lookups.get_table("lemma_index")
    for part, words in list(table.items()):
        table[part] = frozenset(words)


def paragraphs(doc: Doc) -> Doc:
    """Let no sentence of the parser cross a blank line, or run on into the next item of a list or from a
    heading into the paragraph below it.
    """
    breaks = [token for token in doc[:-1] if token.is_space and "\n" in token.text]
    ends = [token.idx for token in breaks[1:]] + [doc[-1].idx + len(doc[-1])] if breaks else []
    start = 0
    for token, end in zip(breaks, ends, strict=True):
        following = doc[token.i + 1]
        below = token.idx + len(token)
        heads = token.i and _heads(doc[token.i - 1], token.idx - start, following, end - below)
        if token.text.count("\n") > 1 or following.text in BULLETS or heads:
            following.is_sent_start = True
        start = below
    return doc


def _heads(last: Token, length: int, following: Token, below: int) -> bool:
    """Whether a line of `length` characters that ends in `last` is a heading: short, without a full stop,
    above a line too long to be one of a text that is broken into lines of equal width.
    """
    return (
        0 < length < LONGEST_HEADING
        and below > LONGEST_LINE
        and not last.is_punct
        and following.text[:1].isupper()
    )


class RememberedRules:
    """Sets what spaCy's attribute ruler sets with the same rules, but asks most of them only once.

    The ruler turns tags into parts of speech and forms. It tries each rule on each token again, which is a
    sixth of the time that reading a text takes; but nearly all look at one token alone, at its tag, its
    dependency and whether it is one of a few words: what they say of such a combination is remembered.
    """

    def __init__(self, nlp: Language, rules: list[dict[str, Any]]) -> None:
        from spacy.pipeline import AttributeRuler

        plain = [_plain(rule) for rule in rules]
        self.of_one = AttributeRuler(nlp.vocab, name="of_one")
        self.of_one.add_patterns([rule for rule, one in zip(rules, plain, strict=True) if one])
        self.others = AttributeRuler(nlp.vocab, name="others")
        self.others.add_patterns([rule for rule, one in zip(rules, plain, strict=True) if not one])
        self.words = {
            nlp.vocab.strings.add(word)
            for rule, one in zip(rules, plain, strict=True)
            for pattern in rule["patterns"]
            for word in (_words(pattern[0]) if one else ())
        }
        self.known: dict[tuple[int, int, int, bool], Values] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the attributes of a document's tokens, in place."""
        for token in doc:
            word = token.lower if token.lower in self.words else 0
            key = word, token.tag, token.dep, token.is_space
            values = self.known.get(key)
            if values is None:
                values = self.known[key] = self._find(token)
            token.pos, token.lemma, token.tag, token.dep, token.morph = values
        return self.others(doc)

    def _find(self, token: Token) -> Values:
        """Ask the rules about a document of this token alone."""
        from spacy.tokens import Doc

        alone = Doc(token.vocab, [token.text], [False], tags=[token.tag_], deps=[token.dep_], heads=[0])
        seen = self.of_one(alone)[0]
        return seen.pos, seen.lemma, seen.tag, seen.dep, seen.morph


def _plain(rule: dict[str, Any]) -> bool:
    """Whether a rule looks at one token's tag, dependency and word alone."""
    known = {"TAG", "DEP", "LOWER", "IS_SPACE"}
    return all(
        len(pattern) == 1
        and known.issuperset(pattern[0])
        and (isinstance(pattern[0].get("LOWER", ""), str) or set(pattern[0]["LOWER"]) == {"IN"})
        for pattern in rule["patterns"]
    )


def _words(token: dict[str, Any]) -> list[str]:
    """Give the words that a token of a pattern may be; none when any may."""
    said = token.get("LOWER", {"IN": []})
    return [said] if isinstance(said, str) else list(said["IN"])


def remembered_rules(nlp: Language, name: str, rules: list[dict[str, Any]]) -> RememberedRules:
    """Make the component for a pipeline."""
    return RememberedRules(nlp, rules)
