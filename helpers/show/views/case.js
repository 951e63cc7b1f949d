// A case at work: what the learner writes, the evidence that was checked or computed, what is missing, and the reports.
export default {
  render({ model, el }) {
    const choices = model.get("choices"), documents = new Map(choices.documents);
    const { root, status, say } = base(el, "Make your case");
    status.classList.add("u-hidden"); // heard here, and seen where the learner is at work
    const places = {}, fields = {};
    let here = "", asked = "";
    const tell = (text, trouble = false) => {
      say(text, trouble);
      for (const [part, place] of Object.entries(places)) {
        place.classList.toggle("u-trouble", trouble && part === here);
        put(place, part === here ? text : fields[part] ? fields[part].note() : "");
      }
    };
    const send = sender(model, tell, () => { asked = ""; for (const each of Object.values(fields)) each.sent = null; });
    const SLOW = { number: "Counting …", report: "Writing the report …" };
    const ask = (message) => {
      asked = message.do;
      here = message.part;
      if (SLOW[asked]) tell(SLOW[asked]);
      send(message, undefined, SLOW[asked] && 60000);
    };
    const button = (words, act, main, of) => make("button", { type: "button", class: main && "u-main", onclick: act, "aria-label": of && `${words}: ${of}` }, words);
    const place = (part) => (places[part] = make("p", { class: "u-status" }));
    const section = (title, ...inside) => make("section", { class: "u-place" }, make("h4", {}, title), ...inside);

    const field = (name) => {
      const [label, help] = choices.fields[name], id = unique(name), hint = unique("hint");
      const area = make("textarea", { id, rows: 3, maxlength: choices.longest, "aria-describedby": hint });
      const own = fields[name] = { area, sent: null, base: "" };
      let timer;
      own.note = () => {
        const [text, saved] = model.get("shown").fields[name];
        return area.value !== text ? "Not saved yet." : saved ? `Saved ${when(saved)}.` : "";
      };
      own.save = () => {
        clearTimeout(timer);
        if (area.value === own.base || area.value === own.sent) return;
        own.sent = area.value;
        ask({ do: "write", part: name, value: area.value });
      };
      area.addEventListener("input", () => { put(places[name], "Not saved yet."); clearTimeout(timer); timer = setTimeout(own.save, 1200); });
      area.addEventListener("blur", own.save);
      area.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) own.save(); });
      own.fresh = (text) => {
        if (area.value === own.base) area.value = text; // nobody is writing here: another kernel may have
        own.base = text;
      };
      return make("section", { class: "u-place" }, make("label", { for: id }, label), make("p", { class: "u-soft", id: hint }, help), area, place(name));
    };

    const evidence = make("ol", { class: "u-evidence" }), none = make("p", { class: "u-soft" }, "Nothing yet. Add quotations and numbers below."), back = make("div", { class: "u-row" });
    const pieceOf = (piece) => make("li", {},
      piece.quote ? make("p", { class: "u-text" }, `“${piece.quote}”`) : make("p", {}, make("strong", {}, piece.title)),
      piece.lines.map((line) => make("p", { class: "u-soft" }, line)), piece.behind.map(([name, ids]) => make("details", {}, make("summary", {}, `Sentences of ${name} behind it: ${ids.length}`), make("p", { class: "u-soft" }, ids.join(", ")))),
      piece.trouble && make("p", { class: "u-trouble" }, piece.trouble),
      button("Take out", () => ask({ do: "drop", part: "evidence", value: piece.id }), false, (piece.quote || piece.title).slice(0, 60)));

    const starsTitle = make("summary", {}), stars = make("ul", { class: "u-evidence" });
    const starOf = (star) => make("li", {}, make("p", { class: "u-text" }, make("span", { class: "u-id" }, star.id), ` ${star.text}`), star.note && make("p", { class: "u-soft" }, `Your note: ${star.note}`),
      make("div", { class: "u-row" }, star.used ? make("span", { class: "u-soft" }, "In your case.") : button("Add", () => quote(star.text, star.id.replace(/-\d+$/, ""), "stars"), false, star.id),
        button("Shorten it first", () => { words.value = star.text; from.value = star.id.replace(/-\d+$/, ""); words.focus(); }, false, star.id)));

    const option = ([value, name]) => make("option", { value }, name);
    const pick = (label, items) => {
      const select = make("select", { id: unique("pick") }, items.map(option));
      return { select, row: make("div", { class: "u-row" }, make("label", { class: "u-inline", for: select.id }, label), select) };
    };
    const { select: from, row: fromRow } = pick("It stands in", choices.documents);
    const words = make("textarea", { id: unique("words"), rows: 3 }), difference = make("div", { class: "u-feedback", hidden: true });
    const quote = (value, document, part) => ask({ do: "quote", part, value, document });
    const differs = (found) => {
      difference.hidden = !found || !(found.pieces.length || found.document);
      if (difference.hidden) return;
      const offer = found.words ? button("Put in the document's words", () => { words.value = found.words; words.focus(); })
        : found.document !== from.value && button(`It is from ${documents.get(found.document)}: add it`, () => { from.value = found.document; quote(words.value, found.document, "quote"); });
      difference.replaceChildren(...(found.pieces.length ? [make("p", { class: "u-soft" }, make("del", {}, "struck through"), " is yours, ", make("ins", {}, "underlined"), " is the document's."),
        make("p", { class: "u-text" }, compared(found.pieces))] : []), ...(offer ? [make("div", { class: "u-row" }, offer)] : []));
    };

    const kinds = [["word", "a word or phrase"], ["code", "a code"], ["doer", "who acts, and with which modal verb"]];
    const { select: kind, row: kindRow } = pick("How often is", kinds);
    const query = make("input", { type: "text", id: unique("query"), maxlength: 200, autocomplete: "off" });
    const code = pick("Code", choices.codes), coder = pick("as coded by", choices.coders);
    const plain = (each) => [each, each];
    const doer = pick("Doer", choices.doers.map(plain)), modal = pick("Modal verb", choices.modals.map(plain));
    const forms = { word: [make("div", {}, make("label", { for: query.id }, "Word or phrase (* stands for any letters)"), query)], code: [code.row, coder.row], doer: [doer.row, modal.row] };
    const asking = make("div", {}, Object.values(forms).flat());
    const turnTo = () => { for (const [name, rows] of Object.entries(forms)) for (const row of rows) row.hidden = name !== kind.value; };
    kind.addEventListener("change", turnTo);
    const tick = (text, checked, value) => make("label", { class: "u-choice" }, make("input", { type: "checkbox", checked, value }), make("span", {}, text));
    const where = make("fieldset", {}, make("legend", {}, "In"), choices.documents.map(([id, name]) => tick(name, true, id))), chart = tick("Put its chart into the report", true, "chart");
    const count = () => ask({ do: "number", part: "number", chart: chart.firstChild.checked, number: {
      of: kind.value, documents: [...where.querySelectorAll("input:checked")].map((box) => box.value),
      ...{ word: { word: query.value }, code: { code: code.select.value, coder: coder.select.value }, doer: { doer: doer.select.value, modal: modal.select.value } }[kind.value] } });
    query.addEventListener("keydown", (event) => { if (event.key === "Enter") count(); });

    const checks = make("ul", { class: "u-evidence u-checks" });
    const named = { html: "Download as web page" };
    root.append(make("h3", {}, "Make your case"), field("claim"),
      section("Your evidence", none, evidence, back, place("evidence"),
        make("details", { open: true }, starsTitle, stars, make("div", { class: "u-row" }, button("Look for new stars", () => ask({ do: "look", part: "stars" }))), place("stars")),
        make("details", { open: true }, make("summary", {}, "Type a quotation"), make("label", { for: words.id }, "The exact words. Put … where you leave some out."), words, fromRow,
          make("div", { class: "u-row" }, button("Check and add", () => quote(words.value, from.value, "quote"), true)), place("quote"), difference),
        make("details", {}, make("summary", {}, "Add a number"), kindRow, asking, where, make("div", { class: "u-row" }, chart), make("div", { class: "u-row" }, button("Compute and add", count, true)), place("number"))),
      ...["reasoning", "limit", "opposite"].map(field), section("What is there, and what is missing", make("p", { class: "u-soft" }, "No check looks at your opinion."), checks),
      make("div", { class: "u-row" }, choices.files.map((name) => button(named[name.split(".").pop()], () => { Object.values(fields).forEach((each) => each.save()); ask({ do: "report", part: "report", value: name }); }, true))),
      place("report"), status);
    turnTo();

    let drawn = {};
    const draw = (name, value, act) => {
      const now = JSON.stringify(value);
      if (drawn[name] !== now) act(value);
      drawn[name] = now;
    };
    const show = () => {
      const shown = model.get("shown");
      for (const [name, [text]] of Object.entries(shown.fields)) {
        fields[name].fresh(text);
        if (shown.trouble) fields[name].sent = null;
      }
      draw("pieces", shown.pieces, (pieces) => evidence.replaceChildren(...pieces.map(pieceOf)));
      none.hidden = shown.pieces.length > 0;
      draw("dropped", shown.dropped, (dropped) => back.replaceChildren(...dropped.map((each) => button(`Put back: ${(each.quote || each.title).slice(0, 60)}`, () => ask({ do: "keep", part: "evidence", value: each.id })))));
      draw("stars", shown.stars, (all) => {
        starsTitle.textContent = `From your stars (${all.length})`;
        stars.replaceChildren(...(all.length ? all.map(starOf) : [make("li", {}, "You have no starred sentence yet. Star some where you read, as in lesson 03, or type a quotation.")]));
      });
      draw("compared", shown.compared, differs);
      draw("checklist", shown.checklist, (list) => checks.replaceChildren(...list.map(([what, there, must]) => make("li", {}, `${there ? "✓" : "○"} ${what}: `, make("strong", {}, there ? "there" : must ? "missing" : "invited")))));
      tell(shown.trouble || (shown.part === here ? shown.told : ""), !!shown.trouble);
      if (shown.trouble) asked = "";
      if (asked !== shown.did || here !== shown.part) return; // a word on something else, or asked for elsewhere
      if (asked === "quote" && here === "quote" && !shown.compared) words.value = "";
      if (asked === "quote" && here === "stars") starsTitle.focus();
      if (asked === "drop" && back.firstChild) back.firstChild.focus();
      if (asked === "keep" && evidence.lastChild) evidence.lastChild.querySelector("button").focus();
      asked = "";
    };
    const leave = download(model);
    model.on("change:shown", show);
    show();
    return () => { Object.values(fields).forEach((each) => each.save()); leave(); model.off("change:shown", show); };
  },
};
