"""Checks of facts and of evidence; never of opinions."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import nbformat
import pandas as pd

from helpers.classroom import check
from helpers.classroom.check import enough_words, names_sentences, number, of, share
from helpers.coding.codebook import load_codebook
from helpers.coding.codings import load_codings
from helpers.coding.frames import NO_CORNER, code_pairs, corner_table, frame_table, what_if
from helpers.words.clauses import modal_clauses
from helpers.words.tokens import document_tokens

ROOT = Path(__file__).resolve().parents[2]
KEYS = tomllib.loads((ROOT / "helpers" / "classroom" / "keys.toml").read_text(encoding="utf-8"))


def test_a_number_is_read_among_words_and_hints_follow_a_misreading():
    told = number(95, "It has 95.", {120: "That is the raw file."})
    for answer in ("95", " 95. ", "95.0", "+95", "about 95 paragraphs"):
        assert told(answer) == "Yes. It has 95."
    assert number(5998, "So it is.")("5,998").startswith("Yes.")
    assert told("120") == "Not quite. That is the raw file."
    for answer in ("94", "9 5", "1e400", "-95"):
        assert told(answer).startswith("Not quite. Run the cell above")
    for answer in ("ninety-five", "", "--"):
        assert told(answer) == "This asks for a number: write it in digits."


def test_words_are_counted_and_never_judged():
    told = enough_words(5, "Say why.")
    assert told("too short") == told("again again again again again") == "A start. Say why."
    assert told("five words of any opinion") == told("rubbish, twaddle, nonsense and balderdash")
    assert told("工会是工人的组织吗我想是").startswith("Kept."), "Chinese writes without spaces"
    assert told("five words of any opinion").startswith("Kept.")


def test_three_dots_and_nothing_are_missing_and_an_empty_list_is_an_answer(capsys):
    for answer in (..., None, "", " ... "):
        check.filled("kctu-002", answer)
        assert "still missing" in capsys.readouterr().out
    check.filled()  # as with the codes of whoever has coded nothing
    assert "still missing" in capsys.readouterr().out
    check.filled(0, [], "no")
    assert capsys.readouterr().out.startswith("Filled in.")


def test_evidence_from_both_documents(corpus):
    told = names_sentences(*corpus.documents)
    whole = told("As kctu-002 says, and gftuk-010 does not.")
    assert whole.startswith("Both documents are cited.") and "There is no" not in whole
    assert (
        told("Only kctu-002, kctu-003.")
        == f"Evidence is still wanted from: {corpus['gftuk'].about['short_title']}."
    )
    assert all(
        document.about["short_title"] in told("no id at all") for document in corpus.documents
    )


def test_ids_may_be_written_loosely(corpus):
    told = names_sentences(*corpus.documents)
    for written in ("Kctu-002", "KCTU 2", "kctu–002", "kctu002"):
        assert told(f"{written} and gftuk-010").startswith("Both documents are cited.")


def test_a_sentence_that_does_not_exist_is_named(corpus):
    told = names_sentences(*corpus.documents)
    for stray in ("kctu-018", "kctu-000", "gftuk-156"):
        assert f"There is no sentence {stray}." in told(f"kctu-001 gftuk-001 {stray}")


def test_the_keys_of_lesson_07_are_what_the_reference_says(corpus):
    book, reference, letter = load_codebook(), load_codings("reference"), corpus["gftuk"]
    main = {row.sentence: book[row.codes[0]].label for row in reference.itertuples()}
    triangle, dualism = (corner_table(corpus, reference, name) for name in list(book.maps)[:2])
    frames, pair = frame_table(corpus, reference), code_pairs(reference).loc[("mobilise", "form")]
    assert of("07-one-sentence")(f"{100 / len(corpus['kctu'].sentences):.1f}").startswith("Yes.")
    assert of("07-zero")(f"about {frames.at[('kctu', 'party'), 'high']:.0f} %").startswith("Yes.")
    there = letter.sentences[
        letter.sentences["start"].between(0.6 * len(letter.text), 0.7 * len(letter.text))
    ]
    assert of("07-where")(Counter(main[id] for id in there.index).most_common(1)[0][0]).startswith(
        "Yes."
    )
    assert pair["count"] < pair["expected"] and of("07-pair")(
        "less often than by chance"
    ).startswith("Yes.")
    assert f"{pair['count']} sentences" in of("07-pair")("less often than by chance")
    (held,) = {main[id] for id in triangle.at[("gftuk", "class"), "ids"]}
    assert of("07-corner")(held).startswith("Yes.")
    left = [table.at[("kctu", NO_CORNER), "sentences"] for table in (dualism, triangle)]
    assert left[0] > left[
        1
    ] and f"{left[0]} of the 17 sentences of “Our Aims” outside, the triangle {left[1]}." in of(
        "07-outside"
    )("the classic dualism")
    rates = what_if(corpus)
    assert (
        rates.at[("gftuk", "mobilise"), "lowest"] < rates.at[("gftuk", "mobilise"), "highest"]
        and rates.at[("kctu", "party"), "highest"] == 0
    )
    assert (
        len(
            {
                rates.loc["gftuk", name].idxmax()
                for name in rates.columns
                if name.startswith("rate ")
            }
        )
        == 1
    ), "one role leads for all"
    assert of("07-hangs")("the exact rate of “Work and production”").startswith("Yes.")


def test_a_share_comes_with_its_interval_and_what_is_none_is_asked_for_again():
    for answer in ("8 of 10", " 8 of 10, wrong: gftuk-084", "8 out of 10", "8/10"):
        assert share(answer) == "8 of 10 is 80 %. The interval (95 %) goes from 49 to 94 %."
    for answer in ("", "eight", "8", "12 of 10", "0 of 0", "gftuk-084"):
        assert share(answer).startswith("Write it as “8 of 10”")


def test_more_cases_make_a_narrower_interval():
    ends = [
        [int(each) for each in re.findall(r"from (\d+) to (\d+)", share(given))[0]]
        for given in ("9 of 10", "90 of 100", "900 of 1000")
    ]
    assert [high - low for low, high in ends] == sorted(
        (high - low for low, high in ends), reverse=True
    )
    assert share("10 of 10").endswith("to 100 %.") and share("0 of 10").startswith(
        "0 of 10 is 0 %."
    )


def code_of(lesson):
    (path,) = (ROOT / "notebooks").glob(f"{lesson}-*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def test_every_key_is_asked_for_and_its_answer_can_be_chosen():
    labels = [each.label for each in load_codebook().codes.values()]
    code = {lesson: code_of(lesson) for lesson in {question[:2] for question in KEYS}}
    for question, key in KEYS.items():
        asked = code[question[:2]]
        assert f'check.of("{question}")' in asked and f'ask("{question}"' in asked
        right = str(key.get("right", key.get("number")))
        assert of(question)(right) == f"Yes. {key['why']}"
        if "right" in key:
            assert f'"{right}"' in asked or ("LABELS" in asked and right in labels), question
        for given, hint in key.get("hints", {}).items():
            assert of(question)(given) == f"Not quite. {hint}"


def test_the_keys_of_lesson_05_stand_in_the_texts_and_in_the_table_made_by_readers(corpus):
    gold = pd.read_csv(ROOT / "tests" / "data" / "modals.csv", keep_default_na=False)
    gold["document"], gold["passive"] = gold["sentence"].str[:-4], gold["passive"] == "yes"
    gold = gold.set_index("sentence")
    tokens = [document_tokens(document) for document in corpus.documents]
    nouns = [
        row.sentence
        for each in tokens
        for row in each[(each["word"] == "will") & (each["tag"] == "NN1")].itertuples()
    ]
    assert (
        len([id for id in nouns if id not in gold.index[gold["modal"] == "will"]])
        == KEYS["05-noun"]["number"]
    )
    assert gold.at["gftuk-053", "passive"] and not gold.at["gftuk-053", "passive_agent"]
    (society,) = gold["resolved"][(gold["document"] == "kctu") & (gold["doer"] == "state")]
    assert KEYS["05-society"]["right"].split()[-1] in society
    told = set(
        gold["doer"][(gold["document"] == "gftuk") & (gold["modal"] == "should") & ~gold["passive"]]
    )
    assert told - {"union", "other"} == {"members", "party"}
    assert gold.at["gftuk-118", "resolved"] == KEYS["05-they"]["right"]
    found = modal_clauses(corpus["gftuk"])
    found = found[
        (found["doer"] == "union") & (found["modal"] == "will") & ~found["passive"].astype(bool)
    ]
    assert (
        gold[gold["modal"] == "will"].loc[found["sentence"], "doer"] == "members"
    ).sum() == KEYS["05-cell"]["number"]
