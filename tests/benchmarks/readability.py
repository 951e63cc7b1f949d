"""How plain the lessons are: the prose of each, by grades and by sentence.

Two grades: that of Kincaid and others (1975), with syllables counted as groups of vowels, and
that of Coleman and Liau (1975), which
counts letters. Libraries that know the syllables of English words fetch a dictionary when
they run. Code, headings, tables and
the lists of sources are left out.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from readable import grades

ROOT = Path(__file__).resolve().parents[2]
AIM = 10


def main():
    print(
        "| lesson | words | words a sentence | Flesch–Kincaid grade | Coleman–Liau grade "
        "|\n|---|---:|---:|---:|---:|"
    )
    over = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        kincaid, coleman, words, mean = grades(path)
        over += [path.stem] if kincaid > AIM else []
        print(f"| {path.stem} | {words} | {mean:.1f} | {kincaid:.1f} | {coleman:.1f} |")
    print(f"\nAbove grade {AIM} by Flesch and Kincaid: {', '.join(over) or 'none'}.")


if __name__ == "__main__":
    sys.exit(main())
