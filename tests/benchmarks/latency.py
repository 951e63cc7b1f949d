"""From a key press to saved on the disk and repainted, in headless Chromium: the letter, 5,000
sentences, and other tools.

pigeonXT and ipyannotations are measured where they are installed: they are not among the
locked tools of the tests.
"""

import importlib.util
import json
import random
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from laboratory import laboratory

PRESSES, PAUSE = 150, 120  # as a fast hand does it: five to the second
LETTER = (
    "from helpers import Journal, load_corpus, tag\ntag(load_corpus()['gftuk'], "
    "journal=Journal('letter'))"
)
LONG = """from helpers import Journal, load_corpus, tag, Document, clean
letter = load_corpus()['gftuk']
text = "\\n\\n".join(f"{letter.text.replace('Trade unions', f'Trade unions of part {part}')}" for part in range(33))
long = Document("long", letter.about, clean(text, off=[step.name for step in __import__("helpers.corpus.cleaning").corpus.cleaning.STEPS]))
print(len(long.sentences))"""
TAG_LONG = "tag(long, journal=Journal('long'))"
FLOOR = """import anywidget, traitlets
class Smallest(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      const button = document.createElement("button"), said = document.createElement("p");
      button.textContent = "voice";
      button.onclick = () => model.send({});
      said.className = "n";
      said.textContent = "-";
      model.on("change:n", () => { said.textContent = model.get("n"); });
      el.append(button, said);
    } }'''
    n = traitlets.Int(0).tag(sync=True)
widget = Smallest()
widget.on_msg(lambda *_: setattr(widget, 'n', widget.n + 1))
widget"""
PIGEON = """from pigeonXT import annotate
from helpers import load_codebook, load_corpus
annotate(list(load_corpus()['gftuk'].sentences['text']) * 3, task_type='classification', options=list(load_codebook()))"""
ANNOTATIONS = """from ipyannotations.text import ClassLabeller
from helpers import load_codebook, load_corpus
widget = ClassLabeller(options=list(load_codebook()), allow_freetext=False)
texts = iter(list(load_corpus()['gftuk'].sentences['text']) * 3)
widget.on_submit(lambda label: widget.display(next(texts)))
widget.display(next(texts))
widget"""

# From the press of a key or button to the frame after what the screen says has changed.
WATCH = """selector => {
    window.took = [];
    let began = null, before = document.querySelector(selector).textContent;
    const start = () => { began = performance.now(); before = document.querySelector(selector).textContent; };
    for (const kind of ['keydown', 'mousedown']) document.addEventListener(kind, start, true);
    new MutationObserver(() => {
        const node = document.querySelector(selector);
        if (began === null || !node || node.textContent === before) return;
        const since = began;
        began = null;
        requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - since)));
    }).observe(document.querySelector('.jp-Notebook'), { subtree: true, childList: true, characterData: true });
}"""


def report(name, took):
    took = sorted(took)
    print(
        json.dumps(
            {
                "what": name,
                "presses": len(took),
                "median_ms": round(statistics.median(took), 1),
                "p95_ms": round(took[int(0.95 * (len(took) - 1))], 1),
                "worst_ms": round(took[-1], 1),
            }
        )
    )


def pressed(page, act):
    """Act many times, each a moment after the last has been answered; gives the times in ms."""
    for number in range(PRESSES):
        act(number)
        page.wait_for_function("many => window.took.length > many", arg=number, timeout=20_000)
        page.wait_for_timeout(PAUSE)
    return page.evaluate("window.took")


def our_tagger(lab, name, notebook):
    page = lab.open(notebook)
    tagger = page.get_by_role("group", name="Tagger: ")
    tagger.locator(".u-at button.u-id").focus()
    page.evaluate(WATCH, ".u-status")
    keys, draw = "1234567890cumpso", random.Random(7)

    def act(number):
        if number % 3 == 0:
            for _ in range(draw.randint(1, 4)):
                page.keyboard.press("ArrowDown")
        page.keyboard.press(draw.choice(keys))

    report(name, pressed(page, act))


def opening(lab):
    """From running the cell to a tagger that one can use."""
    page = lab.open("long.ipynb")
    page.evaluate("document.querySelectorAll('.jp-CodeCell')[1].scrollIntoView()")
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.evaluate("""() => {
        const output = document.querySelectorAll('.jp-CodeCell')[1], began = performance.now(), old = output.querySelector('.u-pane');
        const look = () => {
            const now = output.querySelector('.u-pane .u-at');
            if (now && !(old && old.contains(now))) window.opened = performance.now() - began;
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    }""")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("window.opened", timeout=30_000)
    print(
        json.dumps({"what": "opening 5,000 sentences", "ms": round(page.evaluate("window.opened"))})
    )


def other_tool(lab, name, code, text):
    if name != "floor" and not importlib.util.find_spec(name):
        print(json.dumps({"what": name, "skipped": "not installed"}))
        return
    lab.write("other.ipynb", code)
    page = lab.open("other.ipynb")
    page.evaluate(WATCH, text)
    button = page.locator(".jp-OutputArea button", has_text="voice").first
    try:
        button.wait_for(timeout=8_000)
    except Exception:
        print(
            json.dumps(
                {
                    "what": name,
                    "skipped": "it shows no button here",
                    "complaints": lab.complaints[:1],
                }
            )
        )
        return
    what = (
        "the smallest widget there can be, nothing saved"
        if name == "floor"
        else f"{name}: click to the next text, nothing saved"
    )
    report(what, pressed(page, lambda number: button.click()))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder)) as lab:
        lab.write("letter.ipynb", LETTER)
        lab.write("long.ipynb", LONG, TAG_LONG)
        our_tagger(lab, "our tagger, the letter: key to saved and repainted", "letter.ipynb")
        our_tagger(lab, "our tagger, 5,000 sentences: key to saved and repainted", "long.ipynb")
        opening(lab)
        other_tool(lab, "floor", FLOOR, ".n")
        other_tool(lab, "pigeonXT", PIGEON, ".jp-OutputArea-output")
        other_tool(lab, "ipyannotations", ANNOTATIONS, ".jp-OutputArea-output")
