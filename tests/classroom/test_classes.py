"""A class's work files: everybody's codings and nothing else, whatever else is handed in."""

import csv
import io
import json
import os
import random
import zipfile

import pytest
from sentence import trouble

from helpers import (
    Journal,
    invented_class,
    load_codebook,
    load_codings,
    my_class,
    read_class,
    read_codings,
)
from helpers.classroom import classes
from helpers.classroom.classes import ClassPanel
from helpers.classroom.work import codings_in, save_work
from helpers.coding.journal import FORMAT, new_record
from helpers.coding.reliability import group_agreement
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document, load_corpus

BOOK, CORPUS, REFERENCE = load_codebook(), load_corpus(), load_codings("reference")
GIVEN = dict(zip(REFERENCE["sentence"], REFERENCE["codes"], strict=True))
AIMS = {id: codes for id, codes in GIVEN.items() if id.startswith("kctu")}
FIRST, LAST = dict(list(AIMS.items())[:9]), dict(list(AIMS.items())[9:])
SECRETS = ("SECRET-ANSWER", "SECRET-NOTE", "SECRET-REASON", "SECRET-CASE")


def coding(at: str, codes, memo: str = "", before=(), **more) -> dict:
    """The step of a learner who gave a sentence these codes, where others stood before."""
    id = at.rpartition("-")[0]
    row = CORPUS[id].sentences.loc[at]
    blank = {"codes": [*before], "doer": "", "memo": "", "unsure": False, "skipped": False}
    place = {"start": int(row["start"]), "end": int(row["end"]), "text": row["text"]}
    about = {"scheme": BOOK.scheme, "version": BOOK.version, "look": "first", "was": blank}
    state = {**blank, "codes": list(codes), "memo": memo}
    return new_record("coding", document=id, sentence=at, **place, **about, **state) | more


def steps(given: dict, name: str = "", memos: dict | None = None) -> list[dict]:
    """The steps of a learner, who also did things that are nobody's business."""
    text = CORPUS["kctu"].sentences["text"].iloc[0]
    star = {"document": "kctu", "sentence": "kctu-001", "text": text, "star": True}
    private = [
        new_record("answer", question="04-stop", asked="?", answer=SECRETS[0]),
        new_record("reading", note=SECRETS[1], **star),
        new_record("settled", sentence="kctu-001", other="reference", reason=SECRETS[2]),
        new_record("case", part="claim", text=SECRETS[3]),
    ]
    own = [new_record("learner", name=name)] if name else []
    memos = memos or {}
    return [*own, *private, *(coding(id, codes, memos.get(id, "")) for id, codes in given.items())]


def packed(records: list, about: dict | None = None, extra: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        said = {"format": FORMAT, "records": len(records)} | (about or {})
        archive.writestr("about.json", json.dumps(said))
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        archive.writestr("journal.jsonl", lines.encode("utf-8", "backslashreplace") + extra)
    return file.getvalue()


def work(given: dict, name: str = "", memos: dict | None = None) -> bytes:
    return packed(steps(given, name, memos))


def archive(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as whole:
        for name, data in files.items():
            whole.writestr(name, data)
    return file.getvalue()


def codes_of(group, coder: str) -> dict:
    own = group.codings[group.codings["coder"] == coder]
    return dict(zip(own["sentence"], own["codes"], strict=True))


def said(group, *words: str) -> str:
    """The one thing noticed that has all these words."""
    (found,) = [each for each in group.noticed if all(word in each for word in words)]
    assert found.endswith(".") and "\n" not in found
    return found


# Who coded what


def test_thirty_learners_come_back_as_they_were_planted():
    chance = random.Random("thirty")
    planted = [
        {id: [chance.choice(list(BOOK))] for id in AIMS if chance.random() > 0.1} for _ in range(30)
    ]
    numbered = list(enumerate(planted))
    files = [
        (f"my-work-{number:02}.zip", work(given, f"L{number:02}")) for number, given in numbered
    ]
    group, hidden = read_class(files, names=True), read_class(files)
    assert list(group.learners.index) == [f"L{number:02}" for number in range(30)]
    assert group.noticed == ()
    for number, given in numbered:
        assert codes_of(group, f"L{number:02}") == {id: tuple(codes) for id, codes in given.items()}
        assert group.learners.loc[f"L{number:02}", "KCTU, Our Aims (of 17)"] == len(given)
    figures = [group_agreement(each.codings, CORPUS) for each in (group, hidden)]
    one, other = (each["value"].round(12) for each in figures)
    assert one.equals(other), "the figures hang on nobody's name"


def test_real_work_saved_by_a_learner_is_read(journal):
    journal.write(steps({"kctu-002": ["voice"]}, "Rosa", {"kctu-002": "why"}))
    journal.write([coding("kctu-003", ["nation"])])
    journal.write([coding("kctu-003", ["rights", "voice"], before=["nation"])])
    journal.write([coding("kctu-002", ["form"], look="second"), coding("kctu-004", [])])
    group = read_class([save_work(journal).path], names=True)
    assert codes_of(group, "Rosa") == {"kctu-002": ("voice",), "kctu-003": ("rights", "voice")}
    assert group.codings.loc[0, ["memo", "scheme"]].tolist() == ["why", "union-roles 1.0"]
    assert group.learners.loc["Rosa", "version"] == "union-roles 1.0" and group.noticed == ()


def test_a_folder_paths_pairs_and_an_archive_give_the_same_in_any_order(tmp_path):
    files = {"Ann/a.zip": work(AIMS, "Ann"), "Bo/b.zip": work(GIVEN, "Bo")}
    junk = {"__MACOSX/Ann/._a.zip": b"x", ".DS_Store": b"x"}
    for name, data in (files | junk).items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(data)
    os.mkfifo(tmp_path / "Ann" / "waits.zip")  # only regular files are read
    ways = [
        list(files.items()),
        list(files.items())[::-1],
        [tmp_path / name for name in files],
        [str(tmp_path / name) for name in files],
        tmp_path,
        str(tmp_path),
        [("all.zip", archive(files | junk))],
    ]
    groups = [read_class(way) for way in ways]
    for group in groups:
        assert group.codings.equals(groups[0].codings) and len(group.learners) == 2
        assert said(group).startswith("Fewer than half")


# Names and private words


def test_names_are_hidden_unless_one_asks():
    files = [
        ("my-work-Rosa-Luxembourg.zip", work(AIMS, "Rosa Luxembourg")),
        ("my-work-Kim.zip", work(AIMS, "Kim")),
        ("Rosa.zip", b"no zip"),
    ]
    hidden, named = read_class(files), read_class(files, names=True)
    panel = json.dumps(ClassPanel(files, CORPUS, False).shown).replace("Kim Jong Un", "")
    shown = [repr(hidden), hidden.codings.to_csv(), *hidden.noticed, panel]
    assert not [text for text in shown if "Rosa" in text or "Kim" in text]
    assert sorted(hidden.learners.index) == ["Learner 1", "Learner 2"]
    assert named.learners.index.tolist() == ["Kim", "Rosa Luxembourg"]
    assert "File Rosa.zip is damaged" in said(named, "Rosa.zip")


def test_private_words_are_read_into_nothing():
    files = [
        (f"{name}.zip", work(AIMS, name, {"kctu-001": f"memo of {name}"})) for name in ("Ann", "Bo")
    ]
    for names in (False, True):
        panel = ClassPanel(files, CORPUS, names)
        shown = [panel.group.codings.to_csv(), json.dumps(panel.shown), repr(vars(panel.group))]
        assert not [secret for secret in SECRETS for text in shown if secret in text]
        assert "memo of Ann" in shown[0]


# Whose work it is


def test_names_that_contain_each_other_are_different_learners():
    """“Min” and “Min-ji”, and a file called “work”: nobody gets another's codings."""
    files = [
        ("work.zip", work({"kctu-001": ["nation"]})),
        ("Min.zip", work({"kctu-001": ["voice"]}, "Min")),
        ("Min-ji.zip", work({"kctu-001": ["form"]}, "Min-ji")),
        ("Min/work.zip", work({"kctu-002": ["care"]}, "Minji")),
        ("Min-ji/work.zip", work({"kctu-002": ["party"]}, "Min ji")),
    ]
    group = read_class(files, names=True)
    assert {name: codes_of(group, name) for name in group.learners.index} == {
        "Min": {"kctu-001": ("voice",)},
        "Min ji": {"kctu-002": ("party",)},
        "Min-ji": {"kctu-001": ("form",)},
        "Minji": {"kctu-002": ("care",)},
        "no name": {"kctu-001": ("nation",)},
    }
    assert group.noticed == ()


def test_a_work_file_in_a_learners_own_folder_is_theirs_alone():
    """Even a partner's: that is told of, and no other learner gets it."""
    hers = steps(FIRST, "Min")
    files = [
        ("Min_17/work.zip", packed(hers)),
        ("Min_17/work 2.zip", packed([*hers, *steps(LAST, "Min")])),
        ("Min-ji_18/work.zip", packed([*hers, *steps(LAST, "Min-ji")])),
    ]
    group = read_class(files, names=True)
    assert codes_of(group, "Min") == AIMS and len(group.learners) == 2
    assert said(group, "Some of the same steps").endswith("ask Min and Min-ji about it.")
    assert "Min_17/work.zip" in said(group, "one learner's work")


def test_learners_of_one_name_are_kept_apart():
    files = [("1.zip", work(AIMS, "Kim")), ("2.zip", work(GIVEN, " kim")), ("3.zip", work(AIMS))]
    group, hidden = read_class([*files, ("4.zip", work(FIRST))], names=True), read_class(files)
    assert len(set(group.learners.index)) == 4 == group.codings["coder"].nunique()
    assert said(group, "The same name").count("im") == 2
    assert said(hidden, "The same name").count("Learner ") == 2


def test_a_later_save_and_a_second_download_are_the_same_learner():
    early, again = steps(FIRST, "Kim"), coding("kctu-001", ["care"], before=AIMS["kctu-001"])
    for name in ("Kim", "Kim (1)", "kim"):
        late = packed([*early, *steps(LAST, name), again])
        for files in (
            [("my-work-Kim.zip", packed(early)), ("my-work-Kim (1).zip", late)],
            [("Kim/w.zip", packed(early)), ("Kim (1)/w.zip", late), ("Bo/w.zip", work(AIMS))],
        ):
            group = read_class(files, names=True)
            assert codes_of(group, name) == AIMS | {"kctu-001": ("care",)}
            assert said(group, "one learner's work").endswith("it counts once.")


def test_two_machines_of_one_learner_come_together():
    common = steps({"kctu-001": ["voice"]}, "Ann")
    here, there = steps(FIRST), steps(LAST)
    files = [("here.zip", packed(common + here)), ("there.zip", packed(common + there))]
    group = read_class(files, names=True)
    assert codes_of(group, "Ann").keys() == AIMS.keys() and len(group.learners) == 1


def test_learners_who_began_from_one_file_are_not_taken_for_one():
    starter = steps({"kctu-001": ["voice"]})
    files = [("starter.zip", packed(starter))]
    for name, code in (("Ann", "voice"), ("Bo", "form")):
        files.append((f"{name}.zip", packed(starter + steps({"kctu-002": [code]}, name))))
    group = read_class(files, names=True)
    assert group.learners.index.tolist() == ["Ann", "Bo", "no name"]
    assert len([each for each in group.noticed if "Some of the same steps" in each]) == 3


def test_a_copy_counts_once_and_is_told():
    data = work(AIMS, "Ann")
    files = [("a.zip", data), ("b.zip", work(AIMS, "Bo")), ("a (1).zip", data)]
    group = read_class(files, names=True)
    assert group.learners.index.tolist() == ["Ann", "Bo"]
    assert said(group, "File a.zip", "File a (1).zip").endswith("work, Ann: it counts once.")


# Files that are not as they should be


def test_one_bad_file_never_stops_the_rest(tmp_path):
    good = work(AIMS, "Ann")
    bad = {
        "empty": b"",
        "essay.docx": b"PK\x03\x04" + b"x" * 200,
        "torn": good[:-40],
        "bomb": packed([], extra=bytes(60_000_000)),
        "newer": packed([], {"format": FORMAT + 1}),
        "strange": packed([], {"format": "one"}),
        "way out": archive({"../../journal.jsonl": b"x"}),
    }
    files = [("ann.zip", good), *bad.items(), ("bo.zip", work(AIMS, "Bo")), tmp_path / "gone.zip"]
    group = read_class(files, names=True)
    assert group.learners.index.tolist() == ["Ann", "Bo"] and codes_of(group, "Bo") == AIMS
    assert len(group.noticed) == len(bad) + 1
    for name in (*bad, "gone.zip"):
        assert "left out" in said(group, f"{name} ")
    assert "newer version" in said(group, "File newer")


def test_damaged_steps_and_codings_that_cannot_count_are_told():
    """A coding with an empty sentence id once ended the whole class."""
    bad = [
        coding("kctu-001", ["voice"], sentence=""),
        coding("kctu-002", ["voice"], sentence=None),
        coding("kctu-005", ["voice", "form", "care", "nation"]),
        coding("kctu-006", ["hacked"]),
        coding("kctu-007", ["none", "care"]),
        coding("kctu-008", ["voice"], scheme="mine"),
        coding("kctu-009", ["voice"], document="another"),
        coding("kctu-010", ["voice"], text="Other words."),
        coding("kctu-011", ["voice"], document="practice"),
    ]
    data = packed([*bad, *steps({"kctu-004": ["care"]}, "Ann")], None, b"{torn\n[1]\n")
    group = read_class([("a.zip", data), ("b.zip", work({"kctu-004": ["care"]}, "Bo"))], names=True)
    assert codes_of(group, "Ann") == codes_of(group, "Bo") == {"kctu-004": ("care",)}
    assert said(group, "Steps of Ann left out").endswith(": 8.")
    assert "(2)" in said(group, "File a.zip has damaged steps")


def test_one_learner_who_cannot_be_read_never_stops_the_rest(monkeypatch):
    def fails(records, corpus):
        if any(record["codes"] == ["form"] for record in records):
            raise KeyError("gone")
        return codings_in(records, corpus)

    monkeypatch.setattr(classes, "codings_in", fails)
    files = [("a.zip", work({"kctu-001": ["form"]}, "Ann")), ("b.zip", work(AIMS, "Bo"))]
    group = read_class(files, names=True)
    assert codes_of(group, "Bo") == AIMS and "Ann" in said(group, "cannot be read")


def test_codings_are_found_at_their_words():
    texts = CORPUS["kctu"].sentences["text"].tolist()
    text = "\n\n".join(["A new sentence.", *texts[:9]]) + "\n"
    own = Corpus({"kctu": Document("kctu", dict.fromkeys(FIELDS, "x"), clean(text))})
    group = read_class([("a.zip", work(AIMS, "Ann"))], own, names=True)
    assert group.codings["sentence"].tolist() == [f"kctu-{number:03}" for number in range(2, 11)]
    assert said(group, "of other texts").endswith(f": {len(AIMS) - 9}.")


def test_versions_are_shown_and_whoever_coded_little_is_told():
    old = [each | {"version": "0.9"} for each in steps(AIMS, "Ann")]
    part = {id: codes for id, codes in AIMS.items() if id < "kctu-006"}
    files = [("a.zip", packed(old)), ("b.zip", work(AIMS, "Bo"))]
    files += [("c.zip", work(part, "Cho")), ("d.zip", work({}, "Dee"))]
    group = read_class(files, names=True)
    versions = ["union-roles 0.9", "union-roles 1.0", "union-roles 1.0", "–"]
    assert group.learners["version"].tolist() == versions
    assert said(group).endswith(": Cho (5); Dee (0).")
    assert group.learners["KCTU, Our Aims (of 17)"].tolist() == [17, 17, 5, 0]


def test_damaged_files_never_stop_the_class_or_change_another_learner():
    """UNION_FUZZ=1000 tries as many."""
    chance = random.Random("by hand")
    junk = [None, True, -1, 10**400, 1e999, "", "x" * 3_000, "\ud800\x00\u202e", [], [[]], {}]
    junk += [{"codes": [{}]}, ["voice"] * 9, "kctu-002", "coding", "=1+1", "0001-01-01"]
    sound, files = work(AIMS, "Sound"), []
    for number in range(int(os.environ.get("UNION_FUZZ", 60))):
        changed = steps({"kctu-001": ["voice"], "kctu-002": ["form"]}, f"L{number}")
        for _ in range(chance.randint(1, 6)):
            record = chance.choice(changed)
            record[chance.choice([*record, "undoes", "redoes", "nth"])] = chance.choice(junk)
        data = bytearray(packed(changed))
        for _ in range(number % 3):
            data[chance.randrange(len(data))] = chance.randrange(256)
        files.append((f"{number}.zip", bytes(data)))
    group = read_class([*files, ("sound.zip", sound)], names=True)
    assert codes_of(group, "Sound") == AIMS
    assert len(group.learners) == len(set(group.learners.index)) > 10
    for row in group.codings.itertuples():
        assert BOOK.check_codes(row.codes, row.doer) and row.sentence in GIVEN
    group.codings.to_csv().encode()


def test_nothing():
    with trouble("no folder", "nowhere"):
        read_class("nowhere")
    empty = read_class([])
    assert len(empty.learners) == 0 == len(empty.codings) and empty.noticed == ()


# The invented class, and the panel


def test_the_invented_class_keeps_to_the_codebook_and_says_what_it_is():
    group = invented_class()
    assert list(group.learners.index) == [f"Invented {number}" for number in range(1, 31)]
    assert set(group.codings["sentence"]) <= set(GIVEN)
    assert {memo[:16] for memo in group.codings["memo"]} == {"", "An invented memo"}
    assert said(group).endswith(": Invented 11 (9).")


@pytest.fixture
def panel(monkeypatch):
    monkeypatch.setattr(classes, "_dropped", [])
    panel = my_class()
    panel.sent = []
    send = lambda self, message, buffers=None: self.sent.append((message, buffers))  # noqa: E731
    monkeypatch.setattr(type(panel), "send", send, raising=False)
    return panel


def tell(panel, do: str, name: str = "", *files: bytes) -> dict:
    panel._hear(panel, {"do": do, "name": name}, list(files))
    return json.loads(json.dumps(panel.shown))


def test_the_panel_shows_an_invented_class_until_files_come_in(panel, monkeypatch):
    assert panel.shown["title"] == "An invented class" and len(panel.shown["rows"]) == 30
    written = []
    monkeypatch.setattr(Journal, "write", lambda self, records: written.append(self))
    tell(panel, "file", "my-work-Rosa.zip", work(AIMS, "Rosa"))
    tell(panel, "file", "my-work-Kim.zip", work(AIMS, "Kim"))
    shown = tell(panel, "read")
    assert "Files that came in: 2. 2 learners, 34 codings." in shown["told"]
    assert [row[0] for row in shown["rows"]] == ["Learner 1", "Learner 2"]
    assert "Rosa" not in json.dumps(shown) and written == []
    again = my_class().group.codings
    assert again.equals(panel.group.codings), "they are still there when the cell runs again"
    assert my_class(names=True).group.learners.index.tolist() == ["Kim", "Rosa"]
    assert tell(panel, "forget")["title"] == "An invented class" and "30" in repr(my_class().group)


def test_the_panel_says_what_is_wrong_and_goes_on(panel, monkeypatch):
    for do in ("read", "nonsense"):
        assert "choose the work files" in tell(panel, do)["trouble"]
    tell(panel, "file", "essay.docx", b"no zip")
    shown = tell(panel, "read")
    assert shown["title"] == "Your class" and shown["rows"] == []
    assert "left out" in shown["noticed"][0]
    assert "no coding to save" in tell(panel, "codings")["trouble"]
    assert not panel.shown["public"]
    monkeypatch.setenv("BINDER_SERVICE_HOST", "x")
    assert my_class().shown["public"]


def test_the_panel_hands_out_files_that_no_spreadsheet_reckons():
    evil, sent = "=HYPERLINK(1)", []
    other = AIMS | {"kctu-001": ["form"]}
    files = [("a.zip", work(AIMS, evil, {"kctu-001": "@SUM(1)"})), ("b.zip", work(other, "Bo"))]
    panel = ClassPanel(files, CORPUS, True)
    panel.send = lambda message, buffers: sent.append((message["name"], buffers[0]))
    for what in ("codings", "figures"):
        assert f"class-{what}.csv" in tell(panel, what)["told"]
    (one, codings), (two, figures) = sent
    assert (one, two) == ("class-codings.csv", "class-figures.csv")
    rows = list(csv.DictReader(io.StringIO(codings.decode("utf-8-sig"))))
    assert {row["coder"] for row in rows} == {f"'{evil}", "Bo"}
    rows = list(csv.DictReader(io.StringIO(figures.decode("utf-8-sig"))))
    assert {row["what"] for row in rows} >= {"all coders", "with the reference", "pair", "sentence"}
    assert not [cell for row in rows for cell in row.values() if cell and cell[0] in "=@+"]


def test_the_codings_of_a_class_come_back_from_their_file(panel, tmp_path):
    tell(panel, "codings")
    ((message, (data,)),) = panel.sent
    assert message["name"] == "invented-codings.csv"
    (tmp_path / "codings.csv").write_bytes(data)
    back, columns = read_codings(tmp_path / "codings.csv"), ["coder", "sentence", "codes", "memo"]
    assert back[columns].equals(panel.group.codings[columns])
