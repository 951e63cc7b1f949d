"""A class's work files: everybody's codings and nothing else of theirs, whatever else is handed in."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
import zlib

import pytest
from sentence import trouble

from helpers import Journal, invented_class, load_codebook, load_codings, my_class, read_class
from helpers.classroom import class_panel
from helpers.classroom.class_panel import ClassPanel
from helpers.classroom.classes import MOST_STEPS, _Held
from helpers.classroom.work import save_work
from helpers.coding.journal import FORMAT, new_record
from helpers.coding.reliability import group_agreement
from helpers.coding.tagging import BLANK, coding_marks
from helpers.corpus.cleaning import clean
from helpers.corpus.documents import FIELDS, Corpus, Document, load_corpus
from helpers.show.prompts import show_prompts

BOOK, CORPUS, REFERENCE = load_codebook(), load_corpus(), load_codings("reference")
GIVEN = dict(zip(REFERENCE["sentence"], REFERENCE["codes"], strict=True))
AIMS = {id: codes for id, codes in GIVEN.items() if id.startswith("kctu")}
MARKS = {document.id: coding_marks(document, BOOK, _Held([])) for document in CORPUS.documents}
SECRETS = ("SECRET-ANSWER", "SECRET-NOTE", "SECRET-REASON", "SECRET-CASE")


def steps(given: dict, name: str = "", memos: dict | None = None) -> list[dict]:
    """The steps of a learner who gave these codes, and did other things that are nobody's business."""
    memos, (id, text) = memos or {}, next(CORPUS["kctu"].sentences["text"].items())
    own = [new_record("learner", name=name)] if name else []
    private = [
        new_record("answer", question="04-stop", asked="?", answer=SECRETS[0]),
        new_record("reading", document="kctu", sentence=id, text=text, note=SECRETS[1], star=True),
        new_record("settled", sentence=id, other="reference", outcome="mine", reason=SECRETS[2]),
        new_record("case", part="claim", text=SECRETS[3]),
    ]
    drafts = [
        MARKS[id.rpartition("-")[0]].draft(
            id, {**BLANK, "codes": list(codes), "memo": memos.get(id, "")}
        )
        for id, codes in given.items()
    ]
    return [*own, *private, *drafts]


def packed(records: list[dict], about: dict | None = None, extra: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "about.json", json.dumps({"format": FORMAT, "records": len(records)} | (about or {}))
        )
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        archive.writestr("journal.jsonl", lines.encode("utf-8", "backslashreplace") + extra)
    return file.getvalue()


def work(given: dict, name: str = "", memos: dict | None = None) -> bytes:
    return packed(steps(given, name, memos))


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
        {
            id: [chance.choice(list(BOOK))] if chance.random() < 0.3 else list(codes)
            for id, codes in AIMS.items()
            if chance.random() > 0.1
        }
        for _ in range(30)
    ]
    files = [
        (f"my-work-{number:02}.zip", work(given, f"L{number:02}"))
        for number, given in enumerate(planted)
    ]
    group = read_class(files, names=True)
    assert (
        group.learners.index.tolist() == [f"L{number:02}" for number in range(30)]
        and group.noticed == ()
    )
    for number, given in enumerate(planted):
        assert codes_of(group, f"L{number:02}") == {id: tuple(codes) for id, codes in given.items()}
        assert group.learners.loc[f"L{number:02}", "KCTU, Our Aims (of 17)"] == len(given)
    hidden = read_class(files)
    one, other = (
        group_agreement(each.codings, CORPUS, resamples=0)["value"] for each in (group, hidden)
    )
    assert one.round(12).equals(other.round(12)), "the figures hang on nobody's name"


def test_real_work_saved_by_a_learner_is_read(journal):
    marks = coding_marks(CORPUS["kctu"], BOOK, journal)
    marks.set("kctu-002", codes=["voice"], doer="union", memo="why")
    marks.set("kctu-003", codes=["nation"])
    marks.set("kctu-003", codes=["solidarity", "rights"])
    marks.set("kctu-004", codes=["nation"])
    marks.undo()
    coding_marks(CORPUS["kctu"], BOOK, journal, "second").set("kctu-002", codes=["form"])
    journal.append("learner", name="Rosa")
    group = read_class([save_work(journal).path], names=True)
    assert codes_of(group, "Rosa") == {"kctu-002": ("voice",), "kctu-003": ("solidarity", "rights")}
    assert group.codings.loc[0, ["doer", "memo", "scheme"]].tolist() == [
        "union",
        "why",
        "union-roles 1.0",
    ]
    assert group.learners.loc["Rosa", "version"] == "union-roles 1.0"


def test_a_folder_paths_pairs_and_an_archive_give_the_same(tmp_path):
    files = [("a.zip", work(AIMS, "Ann")), ("b.zip", work(GIVEN, "Bo"))]
    (tmp_path / "class" / "Bo_123").mkdir(parents=True)
    paths = [tmp_path / "class" / "a.zip", tmp_path / "class" / "Bo_123" / "b.zip"]
    for path, (_, data) in zip(paths, files, strict=True):
        path.write_bytes(data)
    (tmp_path / "class" / ".DS_Store").write_bytes(b"x")
    packed_again = io.BytesIO()
    with zipfile.ZipFile(packed_again, "w") as archive:
        for name, data in files:
            archive.writestr(f"Learner {name[0]}/{name}", data)
    ways = [
        files,
        files[::-1],
        paths,
        [str(path) for path in paths],
        tmp_path / "class",
        str(tmp_path / "class"),
        [("all.zip", packed_again.getvalue())],
    ]
    groups = [read_class(way) for way in ways]
    for group in groups:
        assert group.codings.equals(groups[0].codings) and set(group.codings["coder"]) == {
            "Learner 1",
            "Learner 2",
        }
        assert said(group).startswith("Fewer than half")


def test_the_order_of_files_changes_nothing():
    files = [
        (
            f"{number}.zip",
            work(
                {
                    id: codes
                    for id, codes in AIMS.items()
                    if zlib.crc32(f"{id} {number}".encode()) % 3
                },
                "Kim" * (number % 2),
            ),
        )
        for number in range(6)
    ]
    files.append(("copy.zip", files[0][1]))
    first = read_class(files)
    for seed in range(4):
        turned = files.copy()
        random.Random(seed).shuffle(turned)
        again = read_class(turned)
        assert (
            again.codings.equals(first.codings)
            and again.noticed == first.noticed
            and again.learners.equals(first.learners)
        )


# Names and private words


def test_names_are_hidden_unless_one_asks():
    files = [
        ("my-work-Rosa-Luxembourg.zip", work(AIMS, "Rosa Luxembourg")),
        ("my-work-Kim.zip", work(AIMS, "Kim")),
        ("Rosa.zip", b"no zip"),
    ]
    hidden, named = read_class(files), read_class(files, names=True)
    panel = json.dumps(ClassPanel(files, CORPUS, BOOK, False).shown)
    everything = [
        repr(hidden),
        hidden.codings.to_csv(),
        hidden.learners.to_csv(),
        *hidden.noticed,
        panel,
    ]
    assert not [
        text for text in everything if "Rosa" in text or "Kim" in text.replace("Kim Jong Un", "")
    ]
    assert sorted(hidden.learners.index) == ["Learner 1", "Learner 2"]
    assert named.learners.index.tolist() == ["Kim", "Rosa Luxembourg"]
    assert "File Rosa.zip is damaged" in said(named, "Rosa.zip")


def test_private_words_are_read_into_nothing():
    files = [
        (f"{name}.zip", work(AIMS | {"kctu-001": [code]}, name, {"kctu-001": f"memo of {name}"}))
        for name, code in (("Ann", "form"), ("Bo", "care"))
    ]
    for names in (False, True):
        panel = ClassPanel(files, CORPUS, BOOK, names)
        prompts = show_prompts(CORPUS, panel.group.codings, 1)
        everything = [
            repr(panel.group),
            panel.group.codings.to_csv(),
            panel.group.learners.to_csv(),
            json.dumps(panel.shown),
            prompts.content,
        ]
        assert not [secret for secret in SECRETS for text in everything if secret in text]
        assert "memo of Ann" in prompts.content and "SECRET" not in repr(vars(panel.group))


def test_two_learners_of_one_name_are_kept_apart():
    files = [
        ("1.zip", work(AIMS, "Kim")),
        ("2.zip", work(GIVEN, " kim")),
        ("3.zip", work(AIMS, "Kim (1)")),
        ("4.zip", work(AIMS)),
        ("5.zip", work(AIMS)),
    ]
    group = read_class(files, names=True)
    assert len(set(group.learners.index)) == 5 == group.codings["coder"].nunique()
    assert {"no name (1)", "no name (2)"} < set(group.learners.index)
    assert said(group, "The same name, and no step in common").count("im") == 2
    assert said(read_class(files), "The same name").count("Learner ") == 2


# The same work twice


def test_the_same_file_twice_counts_once():
    data = work(AIMS, "Ann")
    group = read_class(
        [("a.zip", data), ("b.zip", work(AIMS, "Bo")), ("a (1).zip", data)], names=True
    )
    assert group.learners.index.tolist() == ["Ann", "Bo"]
    assert said(group) == "File a.zip is the same as File a (1).zip: it counts once."


@pytest.mark.parametrize("renamed", [False, True])
def test_an_earlier_and_a_later_save_count_once(renamed):
    early = steps({id: AIMS[id] for id in list(AIMS)[:5]}, "Ann")
    later = steps(dict.fromkeys(list(AIMS)[3:9], ("form",)), "Anna" if renamed else "Ann")
    was = {
        record["sentence"]: {name: record[name] for name in BLANK}
        for record in early
        if record["kind"] == "coding"
    }
    late = early + [
        record | {"was": was.get(record.get("sentence"), BLANK)}
        if record["kind"] == "coding"
        else record
        for record in later
    ]
    group = read_class([("early.zip", packed(early)), ("late.zip", packed(late))], names=True)
    (name,) = group.learners.index
    assert name == ("Anna" if renamed else "Ann")
    assert codes_of(group, name) == {id: AIMS[id] for id in list(AIMS)[:3]} | dict.fromkeys(
        list(AIMS)[3:9], ("form",)
    )
    assert ("more than one name" in said(group, "are saves of one learner's work")) is renamed


def test_two_machines_of_one_learner_come_together():
    common = steps({"kctu-001": ["voice"]}, "Ann")
    here, there = (
        steps({"kctu-002": ["voice"], "kctu-003": ["form"]}),
        steps({"kctu-004": ["nation"]}),
    )
    group = read_class(
        [("here.zip", packed(common + here)), ("there.zip", packed(common + there))], names=True
    )
    assert codes_of(group, "Ann") == {
        "kctu-001": ("voice",),
        "kctu-002": ("voice",),
        "kctu-003": ("form",),
        "kctu-004": ("nation",),
    }
    assert len(group.learners) == 1


def test_learners_who_began_from_one_file_are_not_taken_for_one():
    """A file that a teacher handed out, and that one learner hands in untouched, makes no two learners one."""
    starter = steps({"kctu-001": ["voice"]})
    files = [("starter.zip", packed(starter))]
    files += [
        (f"{name}.zip", packed(starter + steps({"kctu-002": [code]}, name)))
        for name, code in (("Ann", "voice"), ("Bo", "form"))
    ]
    group = read_class(files, names=True)
    assert group.learners.index.tolist() == ["Ann", "Bo", "no name"]
    assert said(group, "some of the same steps").endswith("Ann; Bo; no name.")


# Files that are not as they should be


def test_one_bad_file_never_stops_the_rest(tmp_path):
    bomb = packed([], extra=bytes(60_000_000))
    good, other = work(AIMS, "Ann"), work(AIMS, "Bo")
    bad = {
        "empty": b"",
        "essay.docx": b"PK\x03\x04" + b"x" * 200,
        "torn": good[:-40],
        "picture": b"\x89PNG" + bytes(500),
        "bomb": bomb,
        "newer": packed([], {"format": FORMAT + 1}),
        "strange": packed([], {"format": "one"}),
        "deep": packed([], {"format": [[[]]]}),
    }
    other_kind = io.BytesIO()
    with zipfile.ZipFile(other_kind, "w") as archive:
        archive.writestr("../../journal.jsonl", "x")
    bad["way out"] = other_kind.getvalue()
    group = read_class([("ann.zip", good), *bad.items(), ("bo.zip", other)], names=True)
    assert group.learners.index.tolist() == ["Ann", "Bo"] and codes_of(group, "Bo") == AIMS
    assert len(group.noticed) == len(bad)
    for name in bad:
        assert "left out" in said(group, f"File {name} ")
    assert "newer version" in said(group, "File newer")
    gone = read_class([tmp_path / "gone.zip", ("ann.zip", good)])
    assert len(gone.learners) == 1 and "left out" in said(gone, "no file")


def test_older_files_and_damaged_steps_are_read_as_far_as_they_go():
    records = steps(AIMS, "Ann")
    group = read_class(
        [
            ("old.zip", packed(records, {"format": FORMAT - 1})),
            ("hurt.zip", packed(steps(AIMS, "Bo"), None, b"{torn\n[1]\n")),
        ],
        names=True,
    )
    assert codes_of(group, "Ann") == codes_of(group, "Bo") == AIMS
    assert "older version" in said(group, "File old.zip")
    assert "2 damaged steps" in said(group, "File hurt.zip")


def test_versions_of_the_codebook_and_other_codebooks_are_told():
    old = [
        record | {"version": "0.9"} if record["kind"] == "coding" else record
        for record in steps(AIMS, "Ann")
    ]
    alien = [
        record | {"scheme": "mine"} if record["kind"] == "coding" else record
        for record in steps(AIMS, "Cho")
    ]
    files = [("a.zip", packed(old)), ("b.zip", work(GIVEN, "Bo")), ("c.zip", packed(alien))]
    group = read_class(files, names=True)
    assert group.learners["version"].to_dict() == {
        "Ann": "union-roles 0.9",
        "Bo": "union-roles 1.0",
        "Cho": "–",
    }
    assert said(group, "Coded with union-roles 0.9").endswith(": Ann.")
    assert said(group, "another codebook").endswith(f": Cho ({len(AIMS)}).")
    assert said(group, "No coding of these documents").endswith(": Cho.")


def test_codings_that_break_the_rules_or_cannot_be_believed_are_left_out():
    records = steps(
        {"kctu-001": ["voice"], "kctu-002": ["form"], "kctu-003": ["care"], "kctu-004": ["care"]},
        "Ann",
    )
    by = {record.get("sentence"): record for record in records if record["kind"] == "coding"}
    by["kctu-001"]["codes"] = ["voice", "form", "care", "nation"]
    by["kctu-002"]["codes"] = ["hacked"]
    by["kctu-003"]["codes"] = ["none", "care"]
    group = read_class([("a.zip", packed(records))], names=True)
    assert codes_of(group, "Ann") == {"kctu-004": ("care",)}
    assert said(group, "does not allow").endswith("Ann (2).") and said(
        group, "not be believed"
    ).endswith("Ann (1).")


def test_codings_made_on_another_wording_are_found_again_or_told():
    texts = CORPUS["kctu"].sentences["text"].tolist()
    own = Corpus(
        {
            "kctu": Document(
                "kctu",
                dict.fromkeys(FIELDS, "x"),
                clean("\n\n".join(["A new sentence.", *texts[:9]]) + "\n"),
            )
        }
    )
    group = read_class([("a.zip", work(AIMS, "Ann"))], own, names=True)
    assert group.codings["sentence"].tolist() == [f"kctu-{number:03}" for number in range(2, 11)]
    assert said(group, "found again").endswith("Ann (9).")
    assert said(group, "not in these documents any more").endswith(f"Ann ({len(AIMS) - 9}).")


def test_the_half_empty_and_the_empty_are_told():
    part = {id: codes for id, codes in AIMS.items() if id < "kctu-006"}
    files = [
        (f"{name}.zip", work(given, name))
        for name, given in (("Ann", AIMS), ("Bo", AIMS), ("Cho", part), ("Dee", {}))
    ]
    group = read_class(files, names=True)
    assert said(group, "Fewer than half").endswith("Cho (5).") and said(
        group, "No coding"
    ).endswith("Dee.")
    assert group.learners["KCTU, Our Aims (of 17)"].to_dict() == {
        "Ann": 17,
        "Bo": 17,
        "Cho": 5,
        "Dee": 0,
    }


def test_files_made_to_be_slow_are_left_out():
    (draft, *_) = steps({"kctu-001": ["voice"]})[-1:]
    many = [draft | {"id": f"{number}"} for number in range(MOST_STEPS + 1)]
    alien = [
        draft | {"id": f"{number}", "text": f"{number} {draft['text']}"}
        for number in range(len(GIVEN) + 1)
    ]
    group = read_class(
        [("many.zip", packed(many)), ("alien.zip", packed(alien)), ("a.zip", work(AIMS, "Ann"))]
    )
    assert (
        len(group.learners) == 1
        and len([each for each in group.noticed if "more than anybody does by hand" in each]) == 2
    )


def test_steps_made_by_hand_never_stop_the_reading():
    chance = random.Random("by hand")
    records = steps({"kctu-001": ["voice"], "kctu-002": ["form"]}, "Ann", {"kctu-001": "why"})
    junk = [
        None,
        True,
        -1,
        10**400,
        1.5,
        "",
        "x" * 3_000,
        "\ud800\x00\u202e",
        [],
        [[]],
        {},
        {"codes": [{}]},
        ["voice"] * 9,
        "kctu-002",
        "coding",
        "=1+1",
    ]
    files = []
    for number in range(150):
        changed = [dict(record) for record in records]
        for _ in range(chance.randint(1, 6)):
            record = chance.choice(changed)
            record[chance.choice([*record, "undoes", "redoes"])] = chance.choice(junk)
        files.append((f"{number}.zip", packed(changed)))
    group = read_class(files, names=True)
    for row in group.codings.itertuples():
        assert (
            BOOK.check_codes(row.codes, row.doer)
            and row.sentence in GIVEN
            and isinstance(row.memo, str)
        )
    assert len(group.learners) == len(set(group.learners.index)) >= 1
    group.codings.to_csv().encode()


def test_too_much_and_nothing():
    with trouble("no folder", "nowhere"):
        read_class("nowhere")
    with trouble("more than 1,000 files"):
        read_class([(f"{number}.zip", b"") for number in range(1_001)])
    empty = read_class([])
    assert len(empty.learners) == 0 == len(empty.codings) and empty.noticed == ()


# The invented class, and the panel


def test_the_invented_class_is_the_same_each_time_and_says_what_it_is():
    one, other = read_class(invented_class(8)), read_class(invented_class(8))
    assert one.codings.equals(other.codings) and one.invented
    assert (
        all(name.startswith("Invented ") for name in one.learners.index) and len(one.learners) == 8
    )
    assert all(
        "nvented" in name for name in read_class(invented_class(8), names=True).learners.index
    )
    assert set(one.codings["memo"].map(lambda memo: memo[:16])) == {"", "An invented memo"}
    assert said(one, "counts once") and said(one, "Fewer than half")
    assert not read_class([("a.zip", work(AIMS))]).invented


@pytest.fixture
def panel(monkeypatch):
    monkeypatch.setattr(class_panel, "_dropped", [])
    panel = my_class()
    panel.sent = []
    monkeypatch.setattr(
        type(panel),
        "send",
        lambda self, message, buffers=None: self.sent.append((message, buffers)),
        raising=False,
    )
    return panel


def tell(panel, do: str, name: str = "", *files: bytes) -> dict:
    panel._hear(panel, {"do": do, "name": name}, list(files))
    return json.loads(json.dumps(panel.shown))


def test_the_panel_shows_an_invented_class_until_files_come_in(panel):
    assert (
        panel.shown["title"] == "An invented class"
        and panel.group.invented
        and len(panel.shown["rows"]) == 30
    )
    tell(panel, "file", "my-work-Rosa.zip", work(AIMS, "Rosa"))
    tell(panel, "file", "my-work-Kim.zip", work(AIMS, "Kim"))
    shown = tell(panel, "read")
    assert (
        "Files that came in: 2. 2 learners, 34 codings." in shown["told"]
        and "Run All Cells" in shown["told"]
    )
    assert [row[0] for row in shown["rows"]] == [
        "Learner 1",
        "Learner 2",
    ] and "Rosa" not in json.dumps(shown)
    assert my_class().group.codings.equals(panel.group.codings), (
        "they are still there when the cell runs again"
    )
    assert my_class(names=True).group.learners.index.tolist() == ["Kim", "Rosa"]
    assert tell(panel, "forget")["title"] == "An invented class" and my_class().group.invented


def test_the_panel_knows_a_public_machine(monkeypatch):
    assert not my_class().shown["public"]
    monkeypatch.setenv("BINDER_SERVICE_HOST", "x")
    assert my_class().shown["public"]


def test_the_panel_says_what_is_wrong_and_goes_on(panel):
    assert "choose the work files" in tell(panel, "read")["trouble"]
    assert "choose the work files" in tell(panel, "nonsense")["trouble"]
    tell(panel, "file", "essay.docx", b"no zip")
    shown = tell(panel, "read")
    assert (
        shown["title"] == "Your class" and shown["rows"] == [] and "left out" in shown["noticed"][0]
    )
    assert "no coding to save" in tell(panel, "codings")["trouble"]
    class_panel._dropped.extend([("x.zip", b"")] * 1_001)
    assert "more than 1,000" in tell(panel, "read")["trouble"]
    assert my_class().group.invented, "the cell runs again"


def test_the_panel_hands_out_files_that_no_spreadsheet_reckons(panel):
    evil = "=HYPERLINK(1)"
    files = [
        ("a.zip", work(AIMS, evil, {"kctu-001": "@SUM(1)"})),
        ("b.zip", work(AIMS | {"kctu-001": ["form"]}, "Bo")),
    ]
    panel = ClassPanel(files, CORPUS, BOOK, True)
    sent = []
    panel.send = lambda message, buffers: sent.append((message["name"], buffers[0].decode()))
    assert (
        "class-codings.csv" in tell(panel, "codings")["told"]
        and "class-figures.csv" in tell(panel, "figures")["told"]
    )
    (one, codings), (other, figures) = sent
    assert (one, other) == ("class-codings.csv", "class-figures.csv")
    rows = list(csv.DictReader(io.StringIO(codings)))
    assert {row["coder"] for row in rows} == {f"'{evil}", "Bo"} and "'@SUM(1)" in codings
    rows = list(csv.DictReader(io.StringIO(figures)))
    assert {row["what"] for row in rows} >= {"all coders", "with the reference", "pair", "sentence"}
    assert not [cell for row in rows for cell in row.values() if cell and cell[0] in "=@+"]


def test_the_codings_of_a_class_come_back_from_their_file(panel, tmp_path):
    from helpers import read_codings

    tell(panel, "codings")
    ((message, (data,)),) = panel.sent
    assert message["name"] == "invented-codings.csv"
    (tmp_path / "codings.csv").write_bytes(data)
    back = read_codings(tmp_path / "codings.csv")
    assert back[["coder", "sentence", "codes", "memo"]].equals(
        panel.group.codings[["coder", "sentence", "codes", "memo"]]
    )


def test_nothing_of_a_class_is_written_to_the_work_folder(panel, monkeypatch, tmp_path):
    written = []
    monkeypatch.setattr(Journal, "write", lambda self, records: written.append(self))
    tell(panel, "file", "a.zip", work(AIMS, "Ann"))
    tell(panel, "read")
    assert written == []
