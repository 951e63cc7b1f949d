// One document or two to read: terms explained where they stand, notes, evidence, find, and the raw file.
export default {
  render({ model, el }) {
    const texts = model.get("texts"), marks = { ...model.get("marked") };
    const { root, status, say } = base(el, `Reader: ${texts.documents.map((each) => each.title).join(" and ")}`);
    const send = sender(model, say, () => { lost = true; });
    const of = (id) => marks[id] || { note: "", star: false };
    let at = null, timer, lost = false, owner = null;

    // What a term means: shown on focus, hover or tap; Escape sends it away; the pointer may rest on it.
    const gloss = make("div", { class: "u-gloss", role: "tooltip", id: unique("gloss"), hidden: true });
    let shownFor = null, leave;
    const hide = () => {
      clearTimeout(leave);
      gloss.hidden = true;
      if (shownFor) shownFor.removeAttribute("aria-describedby");
      shownFor = null;
    };
    const explain = (button, number) => {
      clearTimeout(leave);
      if (shownFor === button) return;
      hide();
      const term = texts.terms[number];
      gloss.replaceChildren(make("strong", {}, term.term), make("p", {}, term.meaning), make("p", { class: "u-soft" }, `Source: ${term.source}.`));
      gloss.hidden = false;
      shownFor = button;
      button.setAttribute("aria-describedby", gloss.id);
      const outer = root.getBoundingClientRect(), inner = button.getBoundingClientRect(), wide = Math.min(320, outer.width - 16);
      gloss.style.width = `${wide}px`;
      gloss.style.left = `${Math.max(8, Math.min(inner.left - outer.left, outer.width - wide - 8))}px`;
      gloss.style.top = `${inner.bottom - outer.top + 3}px`;
    };
    const soon = () => { leave = setTimeout(hide, 350); };
    gloss.addEventListener("mouseenter", () => clearTimeout(leave));
    gloss.addEventListener("mouseleave", soon);
    const term = (words, number) => { // not a button element, as that would not wrap from line to line
      const node = make("span", { role: "button", class: "u-term", tabindex: "-1", onfocus: () => explain(node, number), onblur: hide,
        onmouseenter: () => explain(node, number), onmouseleave: soon, onclick: () => explain(node, number) }, words);
      node.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        explain(node, number);
      });
      return node;
    };
    const fill = (sentence) => sentence.pieces.map(([words, number]) => (number === null ? words : term(words, number)));

    const panes = texts.documents.map((document) => {
      const own = pane(`Text of ${document.title}: arrow keys move from sentence to sentence`, document.sentences, (id, focus) => choose(id, focus), fill);
      return { ...own, title: document.title, words: new Map(document.sentences.map((each) => [each.id, each.pieces.map(([words]) => words).join("")])) };
    });
    const home = (id) => panes.find((each) => each.rows.has(id));
    const terms = (id, index) => at && home(id).rows.get(id).text.querySelectorAll(".u-term").forEach((button) => { button.tabIndex = index; });

    const note = make("textarea", { id: unique("note"), rows: 3 });
    const flush = () => {
      clearTimeout(timer);
      if (owner === null || (note.value === of(owner).note && !lost)) return;
      lost = false;
      send({ do: "note", sentence: owner, value: note.value });
    };
    note.addEventListener("input", () => { owner = at; say("Note not saved yet."); clearTimeout(timer); timer = setTimeout(flush, 900); });
    note.addEventListener("blur", flush);
    const choose = (id, focus) => {
      flush();
      if (at !== id) { owner = null; raw.hidden = true; }
      if (at) terms(at, -1);
      at = id;
      for (const each of panes) {
        if (each.rows.has(id)) each.select(id, focus);
        else for (const row of each.node.querySelectorAll(".u-at")) row.classList.remove("u-at");
      }
      terms(id, 0);
      desk();
    };

    const heading = make("h4", {}), quote = make("p", { class: "u-text" });
    const star = make("button", { type: "button", "aria-pressed": "false", onclick: () => send({ do: "star", sentence: at }) });
    const raw = make("div", { class: "u-help", hidden: true });
    const where = make("button", { type: "button", onclick: () => send({ do: "raw", sentence: at }) }, "Where is this in the raw file?");
    const evidence = make("ul", { class: "u-evidence" }), kept = make("summary", {});
    const link = (id, words) => make("button", { type: "button", onclick: () => choose(id, true) }, words);

    // Find: sentences that hold the words, step by step.
    const find = make("input", { type: "text", id: unique("find"), autocomplete: "off" }), found = make("span", { class: "u-soft", role: "status" });
    let hits = [];
    const plain = (words) => words.toLowerCase().replace(/[‘’]/g, "'").replace(/\s+/g, " ");
    const search = () => {
      const wanted = plain(find.value.trim());
      hits = wanted ? panes.flatMap((each) => [...each.words].filter(([id, words]) => plain(words).includes(wanted) || id === wanted).map(([id]) => id)) : [];
      for (const each of panes) for (const [id, { row }] of each.rows) row.classList.toggle("u-hit", hits.includes(id));
      found.textContent = wanted ? `Sentences found: ${panes.map((each) => `${each.title} ${hits.filter((id) => each.rows.has(id)).length}`).join(", ")}.` : "";
      if (window.CSS && CSS.highlights) mark(wanted);
    };
    const mark = (wanted) => {
      const ranges = [];
      for (const id of hits) {
        const walker = document.createTreeWalker(home(id).rows.get(id).text, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const words = walker.currentNode.data.toLowerCase();
          for (let from = words.indexOf(wanted); from >= 0; from = words.indexOf(wanted, from + wanted.length)) {
            if (from + wanted.length > walker.currentNode.length) break; // some letters grow when they are made small
            const range = new Range();
            range.setStart(walker.currentNode, from);
            range.setEnd(walker.currentNode, from + wanted.length);
            ranges.push(range);
          }
        }
      }
      CSS.highlights.set("u-found", new Highlight(...ranges));
    };
    const leap = (by) => {
      if (!hits.length) return;
      const here = hits.indexOf(at);
      choose(hits[here < 0 ? (by > 0 ? 0 : hits.length - 1) : (here + by + hits.length) % hits.length], false);
      found.textContent = `${hits.indexOf(at) + 1} of ${hits.length}: ${at}.`;
    };
    find.addEventListener("input", search);
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") leap(event.shiftKey ? -1 : 1);
      if (event.key === "Escape" && find.value) { event.preventDefault(); find.value = ""; search(); }
    });
    let size = 1;
    const grow = (by) => {
      size = Math.min(Math.max(size + by, 0.8), 2);
      root.style.setProperty("--u-size", `${size}rem`);
      say(`Text size: ${Math.round(size * 100)} percent.`);
    };
    const many = panes.length > 1 ? " u-two" : "";
    root.append(make("h3", {}, "Read"), make("div", { class: "u-row" },
      make("label", { class: "u-inline", for: find.id }, "Find"), make("div", { class: "u-find" }, find),
      make("button", { type: "button", "aria-label": "Previous hit", onclick: () => leap(-1) }, "↑"),
      make("button", { type: "button", "aria-label": "Next hit", onclick: () => leap(1) }, "↓"), found,
      make("button", { type: "button", "aria-label": "Smaller text", onclick: () => grow(-0.15) }, "A−"),
      make("button", { type: "button", "aria-label": "Larger text", onclick: () => grow(0.15) }, "A+")),
    make("div", { class: `u-read${many}` }, panes.map((each) => make("section", { "aria-label": each.title }, make("h4", {}, each.title), each.node))),
    make("p", { class: "u-soft" }, "Terms with a dotted line are explained: point at one, tap it, or press Tab from its sentence."),
    make("div", { class: "u-place" }, heading, quote, make("div", { class: "u-row" }, star, where), raw,
      make("label", { for: note.id, class: "u-memo" }, "Your note on this sentence"), note),
    status, make("details", {}, kept, evidence), gloss);

    const dress = (id) => {
      const own = of(id), place = home(id);
      if (!place) return;
      const { tags } = place.rows.get(id);
      tags.replaceChildren(...[own.star && "★ evidence", own.note && "✎ note"].filter(Boolean).map((flag) => make("span", { class: "u-chip u-soft" }, flag)));
    };
    const desk = () => {
      const own = of(at);
      heading.textContent = `Sentence ${at}`;
      quote.textContent = home(at).words.get(at);
      star.setAttribute("aria-pressed", String(own.star));
      star.textContent = own.star ? "★ Kept as evidence" : "☆ Keep as evidence";
      if (owner !== at) note.value = own.note;
    };
    const gather = () => {
      const ids = panes.flatMap((each) => [...each.rows.keys()]).filter((id) => of(id).star || of(id).note);
      kept.textContent = `Your evidence and notes (${ids.length})`;
      evidence.replaceChildren(...ids.map((id) => make("li", {}, link(id, `${of(id).star ? "★ " : ""}${id}`), make("span", { class: "u-text" }, ` ${home(id).words.get(id)} `),
        of(id).note && make("span", { class: "u-soft" }, `Note: ${of(id).note}`))),
      ...model.get("shown").moved.map((each) => make("li", {}, each.now ? `The text has changed: ${each.was} is now ${each.now}.` : `The text has changed: ${each.was} is gone, and its mark is kept: “${each.quote}”`)));
    };
    let rawOf = null;
    const show = () => {
      const shown = model.get("shown"), all = model.get("marked");
      for (const [id, own] of Object.entries(shown.changed)) { marks[id] = all[id] = own; dress(id); }
      if (owner !== null && of(owner).note === note.value) owner = null;
      if (shown.raw !== rawOf) {
        rawOf = shown.raw;
        raw.hidden = rawOf.sentence !== at;
        raw.replaceChildren(make("p", {}, rawOf.first === rawOf.last ? `Line ${rawOf.first} of the raw file:` : `Lines ${rawOf.first} to ${rawOf.last} of the raw file:`),
          ...(rawOf.lines || []).map((line) => make("p", {}, make("span", { class: "u-soft" }, `${line.number}  `), line.text)));
      }
      desk();
      gather();
      say(shown.trouble || shown.told, !!shown.trouble);
    };
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (!gloss.hidden) hide();
      else if (event.target === note) home(at).select(at, true);
      else return;
      event.preventDefault();
    });
    root.addEventListener("scroll", hide, true);
    Object.keys(marks).forEach(dress);
    model.on("change:shown", show);
    choose(panes[0].order()[0], false);
    for (const each of panes.slice(1)) each.rows.get(each.order()[0]).button.tabIndex = 0; // the other text can be reached too
    show();
    return () => { flush(); hide(); if (window.CSS && CSS.highlights) CSS.highlights.delete("u-found"); model.off("change:shown", show); };
  },
};
