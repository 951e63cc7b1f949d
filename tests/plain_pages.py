"""Widgets on a plain page: real Python behind them and real Chromium before them, without
JupyterLab between.

It has the ways of :class:`laboratory.Lab` that tests of widgets need, and opens in half a
second. Cells run in this
process, in the folder of the page. What depends on JupyterLab itself is tested there.
"""

import ast
import base64
import contextlib
import html
import io
import json
from pathlib import Path

import nbformat
from barriers import complaint_keeper

from helpers import UnionError
from helpers.coding.journal import journal_in
from helpers.corpus.documents import WORK_FOLDER
from helpers.show.widget import Widget

LESSONS = Path(__file__).resolve().parents[1] / "notebooks"
ADDRESS = "http://plain.test/"  # answered by the test itself: nothing leaves the browser
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Widgets</title>
<style>
  body { margin: 0; padding: 12px; background: #fff; color: #111; font: 14px/1.5 sans-serif; }
  body[data-jp-theme-light="false"] { background: #111; color: #eee; }
  .jp-Cell { margin: 12px 0; overflow-x: auto; }
</style>
<body data-jp-theme-light="true"><button>Before</button>
<main class="jp-Notebook"><h1>Widgets</h1>CELLS</main><button>After</button>"""
MODEL = """async ({ id, state, place }) => {
  const seen = {};
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const text = (buffer) => {
    const each = new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);
    let binary = "";
    for (let at = 0; at < each.length; at += 8192) {
      binary += String.fromCharCode(...each.subarray(at, at + 8192));
    }
    return btoa(binary);
  };
  const fire = (event, ...said) => (seen[event] || []).slice().forEach((call) => call(...said));
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    save_changes: () => {},
    on: (event, call) => { (seen[event] ||= []).push(call); },
    off: (event, call) => { seen[event] = (seen[event] || []).filter((each) => each !== call); },
    send: async (content, callbacks, buffers) => {
      const answer = await window.toPython(id, content, (buffers || []).map(text));
      if (!answer) return;
      Object.assign(state, answer.state);
      Object.keys(answer.state).forEach((name) => fire(`change:${name}`));
      fire("change");
      for (const each of answer.messages) {
        fire("msg:custom", each.content, each.buffers.map((one) => new DataView(bytes(one).buffer)));
      }
    },
  };
  const code = URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" }));
  const view = (await import(code)).default;
  const el = document.getElementById(place);
  await view.initialize?.({ model });
  await view.render({ model, el });
}"""


class PlainPages:
    """Pages of widgets, one open at a time, each with a namespace of its own."""

    folder = WORK_FOLDER.parent

    def __init__(self, browser):
        self.browser, self.context, self.page = browser, None, None
        self.sources, self.complaints, self.strangers = {}, [], []
        self.dead, self.widgets, self.cells = False, {}, []

    def write(self, name, *cells):
        """The code cells of a page, to be opened by its name."""
        self.sources[name] = cells

    def open(self, name, width=1280, height=900):
        """Run the cells of a page, or of a lesson, and show what they give."""
        self.cells = list(self.sources.get(name) or self._of_notebook(name))
        if self.context:
            self.context.close()
        viewport = {"width": width, "height": height}
        self.context = self.browser.new_context(viewport=viewport, accept_downloads=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        complaint_keeper(self, lambda url: url.startswith(("data:", "blob:", ADDRESS)))
        self.page.clock.install()
        self.page.expose_function("toPython", self._hear)
        self.page.route(
            f"{ADDRESS}**", lambda route: route.fulfill(body="", content_type="text/html")
        )
        self.page.goto(ADDRESS)
        self.run_all()
        return self.page

    def _of_notebook(self, name):
        notebook = nbformat.read(LESSONS / name, as_version=4)
        return [cell.source for cell in notebook.cells if cell.cell_type == "code"]

    def run_all(self):
        """Run all cells in a new namespace, as after a restart, and show the page anew."""
        self.dead, self.widgets = False, {}
        journal_in.cache_clear()  # a new kernel has read nothing yet
        names, content = {"__name__": "__main__"}, []
        with contextlib.chdir(self.folder):
            for number, source in enumerate(self.cells):
                shown = self._run(source, names, number)
                content.append(
                    f'<div class="jp-Cell jp-CodeCell"><div class="jp-OutputArea-output" '
                    f'id="cell-{number}">{shown}</div></div>'
                )
        styles = f"<style>{Widget._css}</style>"
        self.page.set_content(styles + PAGE.replace("CELLS", "".join(content)))
        for id, widget in self.widgets.items():
            state = json.loads(json.dumps(widget.get_state(), default=str))
            self.page.evaluate(MODEL, {"id": id, "state": state, "place": f"cell-{id}"})

    def _run(self, source, names, number):
        """Run one cell; what its last line gives, as HTML, and a place for a widget."""
        tree, printed, value = ast.parse(source), io.StringIO(), None
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(printed):
            try:
                exec(compile(tree, f"cell {number}", "exec"), names)
                if last:
                    value = eval(
                        compile(ast.Expression(last.value), f"cell {number}", "eval"), names
                    )
            except UnionError as trouble:
                print(trouble)
        said = f"<pre>{html.escape(printed.getvalue())}</pre>" if printed.getvalue() else ""
        if isinstance(value, Widget):
            self.widgets[number] = value
            return said
        if hasattr(value, "_repr_html_"):
            return said + value._repr_html_()
        return said + (html.escape(str(value)) if value is not None else "")

    def _hear(self, id, content, buffers):
        """One message from the page: what changed in the widget, and what it sends back."""
        if self.dead:
            return None
        widget, changed, sent = self.widgets[id], {}, []

        def note(change):
            changed[change["name"]] = change["new"]

        widget.observe(note, [name for name in widget.keys if not name.startswith("_")])
        widget.send = lambda content, buffers=(): sent.append(
            {"content": content, "buffers": [base64.b64encode(each).decode() for each in buffers]}
        )
        with contextlib.chdir(self.folder):
            widget._handle_custom_msg(content, [base64.b64decode(each) for each in buffers])
        widget.unobserve_all()
        return json.loads(json.dumps({"state": changed, "messages": sent}, default=str))

    def restart(self, run=True):
        """The kernel dies: nobody hears the page until the cells have run again."""
        self.dead = True
        if run:
            self.run_all()

    def later(self, seconds=9):
        """So many seconds go by at once: as long as a screen waits for an answer, left out."""
        self.page.clock.fast_forward(seconds * 1000)

    def theme(self, name):
        """'JupyterLab Light' or 'JupyterLab Dark', as JupyterLab tells widgets of it."""
        light = str("Light" in name).lower()
        self.page.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
