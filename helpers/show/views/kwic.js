// Key words in context: a search, its lines in a table, and below it the paragraph of one line.
export default {
  render({ model, el }) {
    const first = model.get("shown");
    const { root, status, say } = base(el, "Search in context");
    const send = sender(model, say, () => { asked = ""; });
    const id = unique("query"), help = unique("help");
    let asked = "", drawn = "", buttons = []; // what this view asked for last: only then it moves the focus
    const ask = (message) => { asked = message.do; send(message); };
    const field = make("input", { id, type: "text", maxlength: "200", autocomplete: "off", spellcheck: "false", "aria-describedby": help });
    field.value = first.query;
    const order = make("select", { id: unique("order"), onchange: () => ask({ do: "sort", sort: order.value }) },
      first.sorts.map(([value, told]) => make("option", { value }, told)));
    const form = make("form", { role: "search", onsubmit: (event) => { event.preventDefault(); ask({ do: "search", query: field.value }); } },
      make("label", { for: id }, "Word or phrase to search for"), field, make("p", { class: "u-soft", id: help }, "* stands for any letters and ? for one letter; put commas between words to search for several at once."),
      make("div", { class: "u-row" }, make("button", { type: "submit", class: "u-main" }, "Search"),
        make("label", { class: "u-inline", for: order.id }, "Lines"), order));
    const caption = make("caption", {}), body = make("tbody", { role: "rowgroup" });
    const head = ["Sentence", "Before", "Hit", "After"].map((name, at) =>
      make("th", { scope: "col", role: "columnheader", class: at === 1 && "u-kwic-left" }, name));
    const table = make("div", { class: "u-scroll", role: "region", tabindex: "0", "aria-label": "Lines with hits" },
      make("table", { class: "u-kwic", role: "table" }, caption, make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, head)), body));
    const hint = make("p", {});
    const more = make("button", { type: "button", onclick: () => ask({ do: "more" }) });
    const close = () => ask({ do: "close" });
    const { node: panel, fill, heading } = openedPanel(close);
    root.append(form, status, hint, table, make("div", { class: "u-row" }, more), panel);
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !model.get("shown").opened) return;
      event.preventDefault();
      close();
    });
    // One tab stop for all lines: the arrow keys move it.
    const reach = (button) => {
      buttons.forEach((each) => { each.tabIndex = each === button ? 0 : -1; });
      button.focus();
    };
    body.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = buttons.indexOf(event.target);
      if (by && at >= 0) event.preventDefault();
      if (by && at >= 0) reach(buttons[at + by] || buttons[at]);
    });
    const draw = (lines) => {
      buttons = lines.map((line, at) => make("button", { type: "button", tabindex: at ? "-1" : "0", "aria-label": `Open ${line.sentence}`,
        onclick: () => ask({ do: "open", line: at }) }, line.sentence));
      body.replaceChildren(...lines.map((line, at) => make("tr", { role: "row" },
        make("th", { scope: "row", role: "rowheader" }, buttons[at]),
        make("td", { role: "cell", class: "u-kwic-left" }, line.left, " "),
        make("td", { role: "cell", class: "u-kwic-node" }, make("strong", {}, line.node)),
        make("td", { role: "cell", class: "u-kwic-right" }, " ", line.right))));
    };
    const show = () => {
      const shown = model.get("shown"), { lines, opened } = shown;
      const before = buttons.length, open = !panel.hidden && panel.dataset.line; // as they were until now
      const now = JSON.stringify([shown.query, shown.sort, lines.length]);
      if (now !== drawn) draw(lines);
      drawn = now;
      order.value = shown.sort;
      caption.textContent = `Lines with “${shown.query}”`;
      hint.textContent = shown.hint;
      hint.hidden = lines.length > 0;
      table.hidden = !lines.length;
      more.hidden = !shown.next;
      more.textContent = `Show ${shown.next} more`;
      buttons.forEach((each, at) => each.setAttribute("aria-expanded", String(!!opened && opened.line === at)));
      fill(opened);
      if (opened) panel.dataset.line = opened.line;
      say(shown.trouble || shown.told, !!shown.trouble);
      if (asked === "open" && opened) { reach(buttons[opened.line]); heading.focus(); }
      if (asked === "close" && buttons[open]) reach(buttons[open]);
      if (asked === "more" && buttons[before]) reach(buttons[before]);
      asked = "";
    };
    model.on("change:shown", show);
    show();
    return () => model.off("change:shown", show);
  },
};
