// A text of one's own: choose or paste, look at the cleaning, say what is known, add.
export default {
  render({ model, el }) {
    const first = model.get("shown");
    const { root, status, say } = base(el, "Add a text of your own");
    const send = sender(model, say);
    const part = (title, ...children) => make("section", {}, make("h4", { tabindex: "-1" }, title), ...children);
    const megabytes = first.largest / 1e6;

    // Choose a file, or paste.
    const file = unique("file"), paste = unique("paste");
    const pick = make("input", { id: file, type: "file", accept: ".txt,.md,.html,.htm,.pdf,.docx", class: "u-file", onchange: async () => {
      const [chosen] = pick.files;
      if (!chosen) return;
      if (chosen.size > first.largest) {
        say(`This file has ${(chosen.size / 1e6).toFixed(1)} MB, and the largest that can be read has ${megabytes}: save the part that you need as a file of its own.`, true);
      } else {
        say("Reading …");
        send({ do: "file", name: chosen.name }, [await chosen.arrayBuffer()], 60000);
      }
      pick.value = "";
    } });
    const pasted = make("textarea", { id: paste, rows: 5 });
    const take = () => { say("Reading …"); send({ do: "text", text: pasted.value }, undefined, 60000); };
    const choose = part("Choose a text",
      make("p", {}, `A file of up to ${megabytes} MB: plain text (.txt), Markdown (.md), a web page (.html), a PDF, or a Word file (.docx). It is read on the machine where Jupyter runs, nothing in it is run, and nothing that it points to is fetched.`),
      make("p", {}, first.public ? "This is Binder, a public machine: give it no private text." : "Give no private text to a machine that is not yours."),
      make("div", { class: "u-row" }, make("label", { for: file }, "A file:"), pick),
      make("label", { for: paste }, "Or paste a text here:"), pasted,
      make("div", { class: "u-row" }, make("button", { type: "button", onclick: take }, "Read what I pasted"),
        make("button", { type: "button", onclick: () => { say("Reading …"); send({ do: "practice" }, undefined, 60000); } }, "I have none at hand: the practice text")));

    // The cleaning, with its account.
    const notes = make("ul", {}), account = make("p", {}), removed = make("div", { class: "u-scroll", tabindex: "0", role: "region", "aria-label": "Lines removed" });
    const boxes = new Map();
    const grid = make("div", { class: "u-sides" });
    const switches = make("fieldset", {}, make("legend", {}, "Steps of the cleaning: take the tick away to leave one out"), grid);
    const text = make("div", { class: "u-scroll", tabindex: "0", role: "region", "aria-label": "The text after the cleaning" });
    const more = make("button", { type: "button", onclick: () => send({ do: "more" }) }, "Show more of the text");
    const box = (step) => {
      const tick = make("input", { type: "checkbox", onchange: () => { say("Cleaning …"); send({ do: "switch", step: step.name }, undefined, 60000); } });
      const many = make("span", { class: "u-soft" }), why = make("span", { class: "u-verdict" }, ` ${step.why}`);
      const row = make("label", { class: "u-choice" }, tick, make("span", {}, `${step.label}: `, many, why));
      grid.append(row);
      return { tick, many, why, row };
    };

    // Where the text begins and ends: proposed, and for the learner to decide.
    const first_ = unique("first"), last_ = unique("last"), sure = unique("sure");
    const number = (id) => make("input", { id, type: "number", min: 1, class: "u-number" });
    const from = number(first_), to = number(last_);
    const edges = make("p");
    const outside = make("div", { class: "u-scroll", tabindex: "0", role: "region", "aria-label": "Where the text begins and ends" });
    const tick = make("input", { id: sure, type: "checkbox" });
    const bound = () => { tick.checked = false; say("Cleaning …"); send({ do: "body", first: Number(from.value), last: Number(to.value) }, undefined, 60000); };
    const resembling = make("div");

    // What is known about it.
    const inputs = new Map();
    const asked = first.fields.map((each) => {
      const id = unique("field");
      const input = make("input", { id, type: "text", "aria-describedby": `${id}h`, required: each.needed, oninput: () => input.removeAttribute("aria-invalid") });
      inputs.set(each.name, { input, each });
      return make("div", {}, make("label", { for: id }, each.needed ? `${each.label} (required)` : each.label), input, make("p", { class: "u-soft u-verdict", id: `${id}h` }, each.help));
    });
    const add = () => {
      const empty = [...inputs.values()].filter(({ input, each }) => each.needed && !input.value.trim());
      for (const { input } of empty) input.setAttribute("aria-invalid", "true");
      if (empty.length) {
        say(`Something is missing under “${empty[0].each.label}”: write it, or “not known”.`, true);
        empty[0].input.focus();
        return;
      }
      if (!tick.checked) {
        say("You have not said where the text begins and ends: choose the lines in part 2, and tick the box.", true);
        tick.focus();
        return;
      }
      say("Adding …");
      send({ do: "add", sure: true, about: Object.fromEntries([...inputs].map(([name, { input }]) => [name, input.value])) }, undefined, 60000);
    };
    const check = make("div", {},
      part("1. What was read", notes),
      part("2. Where the text begins and ends", make("p", {}, "A title page, a note of the publisher, a menu: what stands around a text is not the text. The lines below are a proposal. You decide."),
        make("div", { class: "u-row" }, make("label", { for: first_ }, "First line:"), from, make("label", { for: last_ }, "Last line:"), to, make("button", { type: "button", onclick: bound }, "Use these lines")),
        edges, outside,
        make("label", { class: "u-choice", for: sure }, tick, make("span", {}, "I have looked: the text begins and ends here.")), resembling),
      part("3. What the cleaning does with it", account, switches, make("p", {}, "Lines of which nothing is kept, and the step that takes them:"), removed),
      part("4. The text that will be counted and tagged", text, make("div", { class: "u-row" }, more)),
      part("5. What is known about it", make("p", {}, "Fields filled in already are guesses from the file: check them. “Not known” is a good answer, and better than a guess."), make("div", { class: "u-sides" }, asked)),
      make("div", { class: "u-row" }, make("button", { type: "button", class: "u-main", onclick: add }, "Add this document"),
        make("button", { type: "button", onclick: () => send({ do: "anew" }) }, "Do not add it")));

    const own = make("ul", { class: "u-evidence" });
    const mine = part("Your documents", own);
    root.append(make("h3", {}, "A text of your own"), choose, check, status, mine);

    const line = (each) => make("div", { class: "u-edit" }, make("p", { class: "u-soft" }, `Line ${each.line}: ${each.why}`),
      make("p", { class: "u-text" }, make("del", {}, make("span", { class: "u-hidden" }, "removed: "), each.text)));
    const leave = (each) => {
      const button = make("button", { type: "button", "aria-label": `Remove ${each.title}`, onclick: () => {
        if (button.dataset.sure) send({ do: "remove", id: each.id });
        else { button.dataset.sure = "yes"; button.textContent = "Yes, remove it"; say(`Press once more to remove “${each.title}” from this machine.`); }
      } }, "Remove");
      return make("li", {}, `${each.title}: ${each.sentences} sentences, id ${each.id} `, button);
    };
    const doubt = (each) => make("label", { class: "u-choice" }, make("input", { type: "checkbox", checked: each.on, onchange: () => { say("Cleaning …"); send({ do: "take", line: each.line }, undefined, 60000); } }),
      make("span", {}, `Line ${each.line}, ${each.why}: “${each.text}”`));
    let stage = null;
    const show = () => {
      const shown = model.get("shown");
      choose.hidden = shown.stage !== "choose";
      check.hidden = shown.stage !== "check";
      notes.replaceChildren(...(shown.notes.length ? shown.notes : ["Plain text, read as it is."]).map((note) => make("li", {}, note)));
      put(account, shown.account);
      from.value = shown.body.first;
      to.value = shown.body.last;
      from.max = to.max = shown.body.lines;
      put(edges, `Of ${shown.body.lines} lines, the text is line ${shown.body.first} to line ${shown.body.last}.`);
      const numbered = (lines, what) => lines.map((each) => make("p", { class: "u-text" }, make("span", { class: "u-soft" }, `Line ${each.line}${what}: `), what ? make("del", {}, each.text) : each.text));
      const above = shown.outside.filter((each) => each.line < shown.body.first), below = shown.outside.filter((each) => each.line > shown.body.last);
      outside.replaceChildren(...numbered(above, ", outside"), ...numbered(shown.body.begins, ""), make("p", {}, "…"), ...numbered(shown.body.ends, ""), ...numbered(below, ", outside"));
      const held = document.activeElement && resembling.contains(document.activeElement) ? [...resembling.querySelectorAll("input")].indexOf(document.activeElement) : -1;
      resembling.replaceChildren(...(shown.resembling.length ? [make("fieldset", {}, make("legend", {}, "These lines look like page furniture, and were left. Tick those that are:"), ...shown.resembling.map(doubt))] : []));
      if (held >= 0) resembling.querySelectorAll("input")[held].focus();
      for (const [name, { row }] of boxes) row.hidden = !shown.steps.some((step) => step.name === name);
      for (const step of shown.steps) {
        if (!boxes.has(step.name)) boxes.set(step.name, box(step));
        const { tick, many, why } = boxes.get(step.name);
        tick.checked = step.on;
        put(many, !step.on ? "left out." : step.edits ? `edits: ${step.edits}.` : "nothing to do.");
        why.hidden = step.on && !step.edits;
      }
      removed.replaceChildren(...(shown.removed.length ? shown.removed.map(line) : [make("p", {}, "None.")]));
      text.replaceChildren(...shown.paragraphs.map((paragraph) => make("p", { class: "u-text" }, paragraph)));
      more.hidden = !shown.more;
      if (shown.stage === "check" && stage !== "check") {
        tick.checked = false;
        for (const [name, { input }] of inputs) { input.value = shown.said[name] || ""; input.removeAttribute("aria-invalid"); }
      }
      own.replaceChildren(...shown.own.map(leave));
      mine.hidden = !shown.own.length;
      say(shown.trouble || shown.told, !!shown.trouble);
      if (stage !== null && stage !== shown.stage) {
        if (shown.stage === "choose") pasted.value = "";
        (shown.stage === "check" ? check : choose).querySelector("h4").focus();
      }
      stage = shown.stage;
    };
    model.on("change:shown", show);
    show();
    return () => model.off("change:shown", show);
  },
};
