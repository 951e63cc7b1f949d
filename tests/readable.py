"""How plain a lesson is: its prose, and two grades of it. See
``tests/benchmarks/readability.py`` for the formulas.
"""

import re

import nbformat


def prose(path):
    """The sentences of a lesson that a learner reads as running text, list items too, each with
    an end.
    """
    said = []
    for cell in nbformat.read(path, as_version=4).cells[1:]:
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```", "", cell.source.partition("## Sources")[0], flags=re.DOTALL)
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
            for line in text.splitlines():
                plain = re.sub(r"[*_`]", "", re.sub(r"^\s*([-*>]|\d+\.)\s+", "", line)).strip()
                if plain and not re.match(r"[#|>$]", plain):
                    said.append(plain if plain[-1] in ".!?:" else f"{plain}.")
    return " ".join(said)


def syllables(word):
    """Groups of vowels; an e at the end is silent but for -le after a consonant, as mostly in
    -es and -ed.
    """
    plain = re.sub(
        r"(?<=[^aeiouylsdt])e[ds]?$|(?<=[aeiouy][lsdt])e$|(?<=[aeiouy])ed$", "", word.lower()
    )
    return max(1, len(re.findall(r"[aeiouy]+", plain)))


def grades(path):
    """Grade by syllables, grade by letters, words, and words in a sentence."""
    text = prose(path)
    sentences, words = (
        [each for each in re.split(r"(?<=[.!?:])\s+", text) if each],
        re.findall(r"[^\W_][\w'’-]*", text),
    )
    letters, many = sum(character.isalnum() for character in text), len(words)
    kincaid = 0.39 * many / len(sentences) + 11.8 * sum(map(syllables, words)) / many - 15.59
    coleman = 5.88 * letters / many - 29.6 * len(sentences) / many - 15.8
    return kincaid, coleman, many, many / len(sentences)
