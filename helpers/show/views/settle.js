// Two codings side by side: how far they agree, and what came of each difference.
export default {
  render({ model, el }) {
    const book = model.get("book"), codes = new Map(book.codes.map((code) => [code.code, code]));
    const { root, status, say } = base(el, "Compare and settle codings");
    const send = sender(model, say);
    const who = make("select", { id: unique("who"), onchange: () => { say("Comparing …"); send({ do: "with", value: who.value }); } },
      Object.entries(book.others).map(([value, name]) => make("option", { value }, name)));
    const pick = make("input", { type: "file", id: unique("file"), accept: ".csv", class: "u-file", onchange: async () => {
      const [file] = pick.files;
      if (!file) return;
      if (file.size > book.largest) { say("This file is too large for a table of codings: choose the .csv file that your partner saved.", true); return; }
      say("Reading …");
      send({ do: "partner" }, [await file.arrayBuffer()]);
      pick.value = "";
    } });
    const said = make("p", {}), figures = make("table", {}), list = make("div", {});
    const one = (title, coding) => make("div", { class: "u-side" }, make("strong", {}, title),
      make("p", {}, coding.codes.flatMap((name, place) => [place ? ", " : "", make("span", { class: "u-chip" }, swatch(codes.get(name)), codes.get(name).label)])),
      make("p", { class: "u-soft" }, `Doer: ${book.doers[coding.doer] || "not said"}`), coding.memo && make("p", { class: "u-text" }, make("span", { class: "u-soft" }, "Memo: "), coding.memo));
    const card = (item) => {
      const reason = make("input", { type: "text", id: unique("reason"), "aria-label": `Your reason, ${item.id}`, value: item.reason });
      const keep = () => { if (reason.value !== item.reason) send({ do: "reason", sentence: item.id, value: reason.value }); };
      reason.addEventListener("blur", keep);
      reason.addEventListener("keydown", (event) => { if (event.key === "Enter") keep(); });
      const named = [...new Set([...item.mine.codes, ...item.theirs.codes])];
      return make("section", { class: "u-place", "aria-label": `Difference in ${item.id}`, "data-id": item.id }, make("h4", {}, item.id), make("p", { class: "u-text" }, item.text),
        make("div", { class: "u-sides" }, one(item.still ? "You" : "You, before", item.mine), one(`With: ${book.others[who.value]}`, item.theirs)),
        make("details", {}, make("summary", {}, "What the codebook says"), named.map((name) => make("p", {}, make("strong", {}, `${codes.get(name).label}: `),
          `${codes.get(name).definition} Take in: ${codes.get(name).include}. Leave out: ${codes.get(name).exclude}.`))),
        make("div", { class: "u-row", role: "group", "aria-label": `What comes of it, ${item.id}` }, Object.entries(book.outcomes).map(([value, name]) => make("button", {
          type: "button", "aria-pressed": String(item.outcome === value), "data-value": value, onclick: () => send({ do: "outcome", sentence: item.id, value }) }, name))),
        make("label", { for: reason.id, class: "u-memo" }, "Your reason"), reason);
    };
    const heading = make("h3", {});
    root.append(heading,
      make("div", { class: "u-row" }, make("label", { class: "u-inline", for: who.id }, "Compare with"), who),
      make("details", {}, make("summary", {}, "Exchange codings with a partner"),
        make("p", {}, "Save your codings to a file and give it to your partner. Then choose the file that your partner gave you."),
        make("div", { class: "u-row" }, make("button", { type: "button", onclick: () => send({ do: "export" }) }, "Save my codings to a file")),
        make("div", { class: "u-row" }, make("label", { class: "u-inline", for: pick.id }, "My partner's file:"), pick)),
      said, make("details", {}, make("summary", {}, "All figures"), make("div", { class: "u-wide", tabindex: "0", role: "region", "aria-label": "All figures of agreement" }, figures)),
      list, status);
    let drawn = "";
    const show = () => {
      const shown = model.get("shown");
      who.value = shown.other;
      put(heading, `Compare and settle: me and ${book.others[shown.other]}`);
      said.textContent = shown.said;
      figures.replaceChildren(make("thead", {}, make("tr", {}, ["what is compared", "percent (95 % interval)", "kappa", "alpha", "note on alpha"].map((name) => make("th", { scope: "col" }, name)))),
        make("tbody", {}, shown.figures.map(([of, ...cells]) => make("tr", {}, make("th", { scope: "row" }, of), cells.map((cell) => make("td", {}, cell))))));
      const now = JSON.stringify([shown.other, shown.items]);
      if (now !== drawn) {
        const parts = (section) => [...section.querySelectorAll("summary, button, input")], at = document.activeElement, before = list.contains(at) && at.closest("section");
        const held = before ? parts(before).indexOf(at) : -1, unfolded = [...list.querySelectorAll("section:has(details[open])")].map((section) => section.dataset.id);
        drawn = now;
        const open = shown.items.filter((item) => !item.outcome).length;
        list.replaceChildren(...(shown.items.length ? [make("p", {}, `Differences in the codes, their order or the doer: ${shown.items.length}. Still to settle: ${open}.`), ...shown.items.map(card)]
          : shown.figures.length ? [make("p", {}, "No difference to settle.")] : []));
        for (const section of list.querySelectorAll("section")) { // as it was left, and whoever stood in it stands there again
          section.querySelector("details").open = unfolded.includes(section.dataset.id);
          if (held >= 0 && section.dataset.id === before.dataset.id) parts(section)[held].focus({ preventScroll: true });
        }
      }
      say(shown.trouble || shown.told, !!shown.trouble);
    };
    const take = download(model);
    model.on("change:shown", show);
    show();
    return () => { take(); model.off("change:shown", show); };
  },
};
