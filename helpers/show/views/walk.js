// A walk through the cleaning, a step at a time.
export default {
  render({ model, el }) {
    const { root, status, say } = base(el, `Cleaning of ${model.get("shown").title}, step by step`);
    const send = sender(model, say);
    const list = make("ol", { class: "u-list", "aria-label": "Steps" });
    const panel = make("div", {});
    const go = (index) => send({ do: "step", index });
    const count = () => model.get("shown").steps.length;
    const move = (by) => {
      const next = model.get("shown").index + by;
      if (next >= 0 && next < count()) go(next);
    };
    const back = make("button", { type: "button", onclick: () => move(-1) }, "← Previous");
    const on = make("button", { type: "button", class: "u-main", onclick: () => move(1) }, "Next →");
    const all = make("button", { type: "button", onclick: () => send({ do: "more" }) }, "Show more edits");
    const reset = make("button", { type: "button", onclick: () => send({ do: "all on" }) }, "Switch all steps on");
    const box = make("input", { type: "checkbox", onchange: (event) => send({ do: "switch", on: event.target.checked }) });
    root.addEventListener("keydown", (event) => {
      if (event.target === box || event.ctrlKey || event.altKey || event.metaKey) return;
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const inScroll = event.target.classList.contains("u-scroll") && event.key.match(/Up|Down/);
      if (!by || inScroll) return;
      event.preventDefault();
      moved = list.contains(event.target);
      move(by);
    });
    let moved = false;
    const visible = (text, put = false) => (text === " " ? "␣" : text)
      .replaceAll("\n", put ? "↵" : "↵\n").replaceAll("\t", "⇥").replaceAll("\u00a0", "⍽");
    const piece = (edit) => make("div", { class: "u-edit" },
      make("p", { class: "u-soft" }, `Line ${edit.line}: ${edit.reason}`),
      make("p", { class: "u-text" }, edit.before,
        make("del", {}, make("span", { class: "u-hidden" }, "removed: "), visible(edit.old)),
        edit.new ? make("ins", {}, make("span", { class: "u-hidden" }, " put in: "), visible(edit.new, true)) : "",
        make("span", { class: "u-hidden" }, edit.new ? " end of what is put in " : " end of what is removed "), edit.after));
    const scroll = make("div", { class: "u-scroll", tabindex: "0", role: "region", "aria-label": "Edits of this step" });
    const heading = make("h3", {}), why = make("p", {}), worth = make("p", {}), key = make("p", { class: "u-soft" });
    key.append(make("del", {}, "struck through"), " is removed, ", make("ins", {}, "underlined"), " is put in. ↵ is the end of a line, ␣ a space.");
    panel.append(heading, why, make("label", { class: "u-choice" }, box, make("span", {}, "This step is on")), worth, key, scroll,
      make("div", { class: "u-row" }, back, on, all, reset));
    root.append(make("div", { class: "u-columns" }, list, panel), status);
    const show = () => {
      const shown = model.get("shown");
      list.replaceChildren(...shown.steps.map((step, index) => make("li", {},
        make("button", { type: "button", "aria-current": index === shown.index ? "step" : null, onclick: () => { moved = true; go(index); } },
          make("span", {}, `${index + 1}. ${step.label}`), make("span", { class: "u-count" }, step.on ? `${step.edits}` : "off",
            make("span", { class: "u-hidden" }, step.on ? (step.edits === 1 ? " edit" : " edits") : ""))))));
      reset.hidden = shown.steps.every((each) => each.on);
      const step = shown.steps[shown.index];
      heading.textContent = `Step ${shown.index + 1} of ${count()}: ${step.label}`;
      why.textContent = step.why;
      box.checked = step.on;
      worth.textContent = shown.worth;
      scroll.replaceChildren(...(shown.edits.length ? shown.edits.map(piece) : [make("p", {}, step.on ? "This step found nothing to do here." : "This step is switched off.")]));
      all.hidden = shown.edits.length >= step.edits;
      back.disabled = shown.index === 0;
      on.disabled = shown.index === count() - 1;
      say(shown.trouble || `${step.label}: ${step.on ? `edits: ${step.edits}, shown: ${shown.edits.length}.` : "switched off."}`, !!shown.trouble);
      if (moved) list.children[shown.index].firstChild.focus();
      else if (document.activeElement === document.body) scroll.focus();
    };
    model.on("change:shown", show);
    show();
    return () => model.off("change:shown", show);
  },
};
