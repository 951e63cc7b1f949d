// The text of a document, a sentence a row. The whole pane is one tab stop: the arrow keys move within it.
const MOVES = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 };
const pane = (label, sentences, choose, fill = (sentence) => [sentence.text]) => {
  const node = make("div", { class: sentences.length > 400 ? "u-scroll u-pane u-far" : "u-scroll u-pane", role: "group", "aria-label": label });
  const rows = new Map();
  let order = [], at = null, part, stretch, paragraph = null;
  for (const sentence of sentences) {
    if (sentence.paragraph !== paragraph) {
      if (!stretch || stretch.childElementCount >= 20) node.append(stretch = make("div", { class: "u-stretch" }));
      paragraph = sentence.paragraph;
      stretch.append(part = make("div", { class: "u-para", role: "group", "aria-label": `Paragraph ${paragraph}` }));
    }
    const id = unique("row");
    const tags = make("span", { class: "u-tags", id: `${id}g` }), stripes = make("span", { class: "u-stripes", "aria-hidden": "true" });
    const text = make("span", { class: "u-text", id: `${id}t` }, fill(sentence));
    const shut = sentence.open === false;
    const button = make(shut ? "span" : "button", shut ? { class: "u-id" } : {
      type: "button", class: "u-id", id, tabindex: "-1", "aria-labelledby": `${id} ${id}t ${id}g`, onclick: () => choose(sentence.id, true),
    }, sentence.id);
    const row = make("div", { class: shut ? "u-sent u-shut" : "u-sent" }, stripes, make("div", { class: "u-body" }, button, shut ? make("span", { class: "u-hidden" }, ", for context") : "", " ", text, " ", tags));
    if (!shut) {
      row.addEventListener("click", (event) => {
        if (!event.target.closest("button, [role=button]") && String(getSelection()) === "") choose(sentence.id, true);
      });
      order.push(sentence.id);
    }
    part.append(row);
    rows.set(sentence.id, { row, button, tags, stripes, text, sentence });
  }
  const all = order;
  const keep = (row) => {
    const inner = row.getBoundingClientRect(), outer = node.getBoundingClientRect();
    if (inner.top < outer.top || inner.height > outer.height) node.scrollTop += inner.top - outer.top - 6;
    else if (inner.bottom > outer.bottom) node.scrollTop += inner.bottom - outer.bottom + 6;
  };
  const select = (id, focus) => {
    for (const each of [at, id].map((one) => rows.get(one))) {
      if (!each) continue;
      const here = each === rows.get(id);
      each.row.classList.toggle("u-at", here);
      each.button.tabIndex = here ? 0 : -1;
      if (here) each.button.setAttribute("aria-current", "true");
      else each.button.removeAttribute("aria-current");
    }
    at = id;
    if (!rows.has(id)) return;
    const { row, button } = rows.get(id);
    keep(row);
    if (focus) button.focus({ preventScroll: true });
    requestAnimationFrame(() => keep(row)); // what was not laid out before may have another height now
  };
  // Step from the chosen sentence to another that is in view of the filter.
  const step = (by) => {
    const here = order.indexOf(at);
    const from = here >= 0 ? here : all.indexOf(at) < 0 ? 0 : order.findIndex((id) => all.indexOf(id) > all.indexOf(at)) - (by > 0 ? 1 : 0);
    const to = Math.min(Math.max(from + by, 0), order.length - 1);
    if (order[to] && order[to] !== at) choose(order[to], true);
    else if (rows.has(at)) rows.get(at).button.focus({ preventScroll: true });
  };
  // Show only some sentences; gives how many.
  const only = (fits) => {
    order = all.filter(fits);
    const seen = new Set(order);
    for (const [id, { row }] of rows) row.hidden = !seen.has(id);
    for (const each of node.querySelectorAll(".u-para")) each.hidden = ![...each.children].some((row) => !row.hidden);
    return order.length;
  };
  node.addEventListener("keydown", (event) => {
    if (!(event.key in MOVES) || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("textarea, select, input")) return;
    event.preventDefault();
    event.stopPropagation();
    step(MOVES[event.key]);
  });
  return { node, rows, select, step, only, order: () => order };
};
// A code's colour and hatch, so that codes are told apart without colour too.
const HATCHING = {
  "/": "repeating-linear-gradient(-45deg, transparent 0 3px, var(--u-paper) 3px 5px)",
  "\\": "repeating-linear-gradient(45deg, transparent 0 3px, var(--u-paper) 3px 5px)",
  "|": "repeating-linear-gradient(90deg, transparent 0 3px, var(--u-paper) 3px 5px)",
  "-": "repeating-linear-gradient(0deg, transparent 0 3px, var(--u-paper) 3px 5px)",
  "+": "linear-gradient(var(--u-paper) 0 2px, transparent 0) 0 3px / 8px 8px, linear-gradient(90deg, var(--u-paper) 0 2px, transparent 0) 3px 0 / 8px 8px",
  x: "repeating-linear-gradient(45deg, transparent 0 5px, var(--u-paper) 5px 6.5px), repeating-linear-gradient(-45deg, transparent 0 5px, var(--u-paper) 5px 6.5px)",
  ".": "radial-gradient(circle, var(--u-paper) 1px, transparent 1.4px) 0 0 / 5px 5px",
  o: "radial-gradient(circle, transparent 1.5px, var(--u-paper) 1.6px 2.6px, transparent 2.8px) 0 0 / 7px 7px",
  O: "radial-gradient(circle, transparent 2.6px, var(--u-paper) 2.8px 4.2px, transparent 4.4px) 0 0 / 11px 11px",
  "*": "radial-gradient(circle, var(--u-paper) 1.8px, transparent 2.2px) 0 0 / 7px 7px",
};
const swatch = (code) => {
  const marks = [...new Set(code.hatch)].map((mark) => HATCHING[mark]);
  const node = make("span", { class: "u-swatch", "aria-hidden": "true" });
  node.style.background = [...marks, code.colour].join(", ");
  return node;
};
