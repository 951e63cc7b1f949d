// A document coded sentence by sentence. Nothing is shown as done before the disk has it.
export default {
  render({ model, el }) {
    const texts = model.get("texts"), marks = { ...model.get("coded") };
    const { root, status, say } = base(el, `Tagger: ${texts.title}`);
    const codes = new Map(texts.codes.map((code) => [code.code, code])), doers = new Map(texts.doers.map((doer) => [doer.doer, doer]));
    const blank = { codes: [], doer: "", memo: "", unsure: false, skipped: false };
    const of = (id) => marks[id] || blank;
    let at = null, timer, lost = false, order = model.get("shown").order; // sentences with a suggestion, the most uncertain first
    const send = sender(model, say, () => { lost = true; });
    const tell = (what, value) => send({ do: what, sentence: at, value });

    // The memo: kept as it is written, for the sentence that it was begun on.
    const memo = make("textarea", { id: unique("memo"), rows: 2 });
    let owner = null;
    const flush = () => {
      clearTimeout(timer);
      if (owner === null || (memo.value === of(owner).memo && !lost)) return;
      lost = false;
      send({ do: "memo", sentence: owner, value: memo.value });
    };
    memo.addEventListener("input", () => { owner = at; say("Memo not saved yet."); clearTimeout(timer); timer = setTimeout(flush, 900); });
    memo.addEventListener("blur", flush);

    const choose = (id, focus) => {
      flush();
      owner = null;
      const other = id !== at;
      at = id;
      text.select(id, focus);
      feedback.replaceChildren();
      board();
      if (order.length && other) send({ do: "look", sentence: id });
    };
    const text = pane(`Text of ${texts.title}: arrow keys move from sentence to sentence`, texts.sentences, choose);
    const ids = text.order();

    // What stands beside a code while one decides.
    const entry = make("div", { class: "u-entry" });
    const explain = (code) => {
      if (!code || entry.dataset.code === code.code) return;
      entry.dataset.code = code.code;
      const near = codes.get(code.near_miss_code);
      entry.replaceChildren(make("h4", {}, swatch(code), ` ${code.label}`), make("p", {}, code.definition),
        ...[["Take in", code.include], ["Leave out", code.exclude], ["Example", `“${code.example}”`], ["Near miss", `“${code.near_miss}” is ${near.label}.`]]
          .filter(([, said]) => !said.includes("not said")) // by a codebook from another program
          .map(([name, said]) => make("p", {}, make("strong", {}, `${name}: `), said)));
    };
    const option = (item, name, what, look) => make("button", {
      type: "button", class: "u-code", "aria-pressed": "false", "aria-keyshortcuts": item.key, "aria-description": item.definition, onclick: () => tell(what, name),
      onfocus: () => explain(codes.get(name)), onmouseenter: () => explain(codes.get(name)),
    }, look, make("kbd", {}, item.key.toUpperCase()), make("span", {}, item.label), make("span", { class: "u-rank" }));
    const codeButtons = new Map(texts.codes.map((code) => [code.code, option(code, code.code, "code", swatch(code))]));
    const doerButtons = new Map(texts.doers.map((doer) => [doer.doer, option(doer, doer.doer, "doer", null)]));
    const rank = make("div", { class: "u-row" });

    // Commands, each with a letter that no code and no doer has.
    const taken = new Set([...texts.codes, ...texts.doers].map((item) => item.key.toLowerCase()));
    const coded = (id) => of(id).codes.length > 0;
    const next = () => {
      const round = (all, from = all.indexOf(at)) => [...all.slice(from + 1), ...all.slice(0, from + 1)];
      const found = [...round(order), ...round(ids)].find((id) => !coded(id) && id !== at);
      if (!found) { say(coded(at) ? "Every sentence is coded." : "This is the only sentence without a code."); return; }
      if (filter.value !== "all") { filter.value = "all"; sift(); }
      choose(found, true);
    };
    const commands = {
      undo: ["z", "Undo", () => send({ do: "undo" })], redo: ["y", "Redo", () => send({ do: "redo" })], next: ["x", "Next uncoded", next],
      unsure: ["q", "Unsure", () => tell("unsure")], skip: ["k", "Skip", () => { tell("skipped"); text.step(1); }],
      main: ["r", "Make the last code the main one", () => { if (of(at).codes.length > 1) tell("main", of(at).codes.at(-1)); }],
      memo: ["e", "Write a memo", () => memo.focus()],
      ...(texts.suggests && {
        suggest: ["g", "Suggestions", () => tell("suggest")], take: ["t", "Take it as suggested", () => { if (!box.hidden) tell("take"); }],
        dismiss: ["d", "Dismiss it", () => { if (!box.hidden) tell("dismiss"); }],
      }),
      help: ["?", "Help", () => { help.hidden = !help.hidden; helper.setAttribute("aria-expanded", String(!help.hidden)); say(help.hidden ? "Help is closed." : "Help is open, above the text."); }],
    };
    for (const command of Object.values(commands)) if (taken.has(command[0])) command[0] = "";
    const button = (name, extra = {}) => {
      const [key, label, does] = commands[name];
      return make("button", { type: "button", "aria-keyshortcuts": key || null, onclick: does, ...extra }, key && make("kbd", {}, key.toUpperCase()), ` ${label}`);
    };
    const helpId = unique("help");
    const helper = button("help", { "aria-expanded": "false", "aria-controls": helpId });
    const unsure = button("unsure", { "aria-pressed": "false" }), skip = button("skip", { "aria-pressed": "false" });
    const undo = button("undo"), redo = button("redo"), suggest = texts.suggests && button("suggest", { "aria-pressed": "false" });
    const box = make("div", { class: "u-feedback", role: "group", "aria-label": "The machine's suggestion", hidden: true });
    const said = [["↑ ↓", "one sentence back or on"], ["1 … 9, 0, letters", "the code or doer that shows this key; again takes it away"],
      ...Object.values(commands).filter(([key]) => key).map(([key, label]) => [key.toUpperCase(), label]), ["Ctrl+Z, Ctrl+Y", "undo, redo"],
      ["Tab", "from part to part"], ["Esc", "out of the memo, back to the sentence; from there, to the end of the tagger"]];
    const help = make("div", { class: "u-help", id: helpId, hidden: true }, make("h4", {}, "Keys"), make("dl", {},
      said.flatMap(([key, does]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, does)])),
      make("p", {}, "Every key has a button that does the same. Keys work while you are inside the tagger and not in the memo."));

    const filter = make("select", { id: unique("filter"), onchange: () => sift(true) },
      [["all", "all sentences"], ["uncoded", "without a code"], ["skipped", "skipped"], ["unsure", "unsure"], ["memo", "with a memo"],
        ...texts.codes.map((code) => [`code ${code.code}`, code.label])].map(([value, name]) => make("option", { value }, name)));
    const fits = (id) => {
      const { codes: own, memo: words, unsure: doubt, skipped } = of(id), wanted = filter.value;
      return { all: true, uncoded: !own.length, skipped, unsure: doubt, memo: !!words }[wanted] ?? own.includes(wanted.slice(5));
    };
    const sift = (aloud) => {
      const many = text.only(filter.value === "all" ? () => true : fits);
      if (filter.value === "all") for (const { row } of text.rows.values()) { row.hidden = false; row.parentNode.hidden = false; }
      if (aloud) say(`Shown: ${many} of ${ids.length} sentences.`);
      if (many && !text.order().includes(at)) choose(text.order()[0], false);
    };

    const bar = make("progress", { max: ids.length, "aria-label": "Sentences coded" }), done = make("span", { class: "u-soft" });
    const feedback = make("div", { class: "u-feedback", "aria-live": "polite" });
    const notice = make("div", {});
    const check = texts.checks && make("button", { type: "button", class: "u-main", onclick: () => tell("check") }, "Check");
    root.append(make("h3", {}, `Tag: ${texts.title}`), texts.note && make("p", {}, texts.note), notice,
      make("div", { class: "u-row" }, bar, done),
      make("div", { class: "u-row" }, button("next", { class: "u-main" }), undo, redo,
        make("label", { class: "u-inline", for: filter.id }, "Show"), filter, suggest, helper), help,
      make("div", { class: "u-desk" }, make("div", {}, text.node), make("div", {}, box,
        make("fieldset", {}, make("legend", {}, texts.question), make("div", { class: "u-codes" }, [...codeButtons.values()]), rank),
        make("fieldset", {}, make("legend", {}, texts.doer_question), make("div", { class: "u-codes" }, [...doerButtons.values()])),
        make("div", { class: "u-row" }, unsure, skip, check),
        make("label", { for: memo.id, class: "u-memo" }, commands.memo[0] && make("kbd", {}, commands.memo[0].toUpperCase()), " Memo: why this code?"), memo, feedback), entry),
      status, make("details", {}, make("summary", {}, "The rules of the codebook"), make("ol", {}, texts.rules.map((rule) => make("li", {}, rule)))));

    const chip = (code, place) => make("span", { class: "u-chip" }, swatch(code), `${place ? "" : "Main: "}${code.label}`);
    const dress = (id) => {
      const own = of(id), { tags, stripes } = text.rows.get(id);
      const flags = [own.doer && own.doer !== "na" && `doer: ${doers.get(own.doer).label}`, own.unsure && "unsure", own.skipped && "skipped", own.memo && "memo"];
      stripes.replaceChildren(...own.codes.map((code) => swatch(codes.get(code))));
      tags.replaceChildren(...own.codes.map((code, place) => chip(codes.get(code), place || own.codes.length === 1)),
        ...flags.filter(Boolean).map((flag) => make("span", { class: "u-chip u-soft" }, flag)));
    };
    let offered = "";
    const offer = () => {
      const { suggestion } = model.get("shown"), here = suggestion.sentence === at, now = JSON.stringify([suggestion, at]);
      if (!texts.suggests) return;
      turn(suggest, "aria-pressed", order.length > 0);
      if (now === offered) return;
      offered = now;
      const inside = box.contains(document.activeElement);
      box.hidden = !here;
      box.replaceChildren(...(here ? [make("h4", {}, "The machine suggests"),
        make("p", {}, suggestion.codes.flatMap((code) => [chip(codes.get(code), 1), " "])),
        make("p", { class: "u-soft" }, [suggestion.close && `Close behind: ${codes.get(suggestion.close).label}.`,
          suggestion.words.length && `It looked most at ${suggestion.words.map((word) => `“${word}”`).join(", ")}.`].filter(Boolean).join(" ")),
        make("div", { class: "u-row" }, button("take"), button("dismiss"))] : []));
      if (here && !of(at).codes.length) explain(codes.get(suggestion.codes[0]));
      if (inside) text.select(at, true);
    };
    const board = () => {
      const own = of(at);
      offer();
      for (const [name, node] of codeButtons) {
        const place = own.codes.indexOf(name);
        turn(node, "aria-pressed", place >= 0);
        put(node.lastChild, place < 0 || own.codes.length < 2 ? "" : ["main", "2nd", "3rd"][place] || `${place + 1}th`);
      }
      for (const [name, node] of doerButtons) turn(node, "aria-pressed", own.doer === name);
      turn(unsure, "aria-pressed", own.unsure);
      turn(skip, "aria-pressed", own.skipped);
      const held = rank.contains(document.activeElement); // its button goes with what it did
      if (own.codes.length > 1 || rank.firstChild) rank.replaceChildren(...own.codes.slice(1).map((code) => make("button", { type: "button", onclick: () => tell("main", code) },
        `Make “${codes.get(code).label}” the main one`)));
      if (held) (codeButtons.get(own.codes[0]) || root).focus({ preventScroll: true });
      if (owner !== at && memo.value !== own.memo) memo.value = own.memo;
      explain(codes.get(own.codes.at(-1)) || (entry.dataset.code ? null : texts.codes[0]));
    };
    const count = () => {
      const all = Object.values(marks), many = (fit) => all.filter(fit).length, number = many((own) => own.codes.length);
      const rest = [[many((own) => own.unsure), "unsure"], [many((own) => own.skipped), "skipped"]].filter(([size]) => size);
      bar.value = number;
      put(done, [`${number} of ${ids.length} sentences coded`, ...rest.map(([size, name]) => `${size} ${name}`)].join(" · "));
    };
    let warned = "";
    const warn = () => {
      const { moved, strange } = model.get("shown"), now = JSON.stringify([moved, strange]);
      if (now === warned) return;
      warned = now;
      notice.replaceChildren(...(moved.length ? [make("details", { class: "u-feedback" }, make("summary", {},
        `The text has changed since you coded it. Codings that stand elsewhere now or have lost their sentence: ${moved.length}.`),
      make("ul", {}, moved.map((each) => make("li", {}, each.now
        ? `${each.was} is now ${each.now}${each.wording ? ", in other words" : ""}: “${each.quote}”` : `${each.was} is gone, and its coding is kept: “${each.quote}”`))))] : []),
      ...(strange ? [make("p", { class: "u-feedback" }, `Records that do not fit this codebook or are damaged: ${strange}. They are kept in your journal and not shown.`)] : []));
    };
    const show = () => {
      const shown = model.get("shown"), all = model.get("coded");
      order = shown.order;
      for (const [id, own] of Object.entries(shown.changed)) {
        marks[id] = all[id] = own; // also for a view of this tagger that is opened later
        dress(id);
      }
      if (owner !== null && of(owner).memo === memo.value) owner = null;
      if (shown.go && text.rows.has(shown.go) && !shown.trouble) { if (text.rows.get(shown.go).row.hidden) { filter.value = "all"; sift(); } choose(shown.go, root.contains(document.activeElement) && !commandFocused()); }
      board();
      count();
      warn();
      feedback.replaceChildren(...(shown.feedback ? shown.feedback.split("\n").map((line) => make("p", {}, line)) : []));
      say(shown.trouble || shown.told, !!shown.trouble);
    };
    const commandFocused = () => [undo, redo].includes(document.activeElement);

    root.addEventListener("keydown", (event) => {
      const key = event.key.toLowerCase(), typing = event.target.closest("textarea, select, input");
      if ((event.ctrlKey || event.metaKey) && !typing && "zy".includes(key)) {
        event.preventDefault();
        send({ do: key === "y" || event.shiftKey ? "redo" : "undo" });
        return;
      }
      if (event.key === "Escape" && typing) { event.preventDefault(); text.select(at, true); return; }
      if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
      if (event.key in MOVES) {
        event.preventDefault();
        text.step(MOVES[event.key]);
        return;
      }
      const digit = (/^(?:Digit|Numpad)(\d)$/.exec(event.code) || [])[1]; // where digits need Shift
      const known = [...texts.codes, ...texts.doers], orders = Object.values(commands);
      const hit = [key, digit].filter(Boolean).map((each) => known.find((item) => item.key.toLowerCase() === each)
        || orders.find((command) => command[0] === each)).find(Boolean);
      if (!hit) return;
      event.preventDefault();
      if (Array.isArray(hit)) hit[2]();
      else if (hit.code) { explain(hit); tell("code", hit.code); }
      else tell("doer", hit.doer);
    });
    Object.keys(marks).forEach(dress);
    at = ids.find((id) => !coded(id)) || ids[0];
    model.on("change:shown", show);
    show();
    say(Object.keys(marks).length ? "Your codings are here as you left them." : "");
    requestAnimationFrame(() => text.select(at, false));
    return () => { flush(); model.off("change:shown", show); };
  },
};
