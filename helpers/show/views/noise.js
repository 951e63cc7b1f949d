// Lines of a raw file, to be marked by eye before any program has looked at them.
export default {
  render({ model, el }) {
    const first = model.get("shown");
    const { root, status, say } = base(el, `Raw lines of ${first.title}`);
    const send = sender(model, say);
    const lines = make("div", { class: "u-scroll", role: "group", "aria-label": "Lines: press one to mark it as noise" });
    const buttons = first.lines.map((line) => make("button", {
      type: "button", class: "u-line", "aria-pressed": "false", onclick: () => send({ do: "mark", line: line.number }),
    }, make("span", { class: "u-number" }, line.number), make("span", { class: "u-text" }, line.text, make("span", { class: "u-verdict" }))));
    lines.append(...buttons);
    lines.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = buttons.indexOf(document.activeElement);
      if (!by || at < 0) return;
      event.preventDefault();
      reach(buttons[at + by] || buttons[at]);
    });
    // One tab stop for the whole list: the arrow keys move it.
    const reach = (button) => {
      buttons.forEach((each) => { each.tabIndex = each === button ? 0 : -1; });
      button.focus();
    };
    buttons.forEach((each, index) => {
      each.tabIndex = index ? -1 : 0;
      each.addEventListener("click", () => reach(each));
    });
    const compare = make("button", { type: "button", class: "u-main", onclick: () => send({ do: "compare" }) }, "Compare with the program");
    root.append(make("h3", {}, "Which of these lines are not part of the body of the text?"),
      make("p", { class: "u-soft" }, "Press a line to mark it, press again to take the mark back. Arrow keys move from line to line."),
      lines, make("div", { class: "u-row" }, compare), status);
    const show = () => {
      const shown = model.get("shown");
      shown.lines.forEach((line, index) => {
        buttons[index].setAttribute("aria-pressed", String(shown.marked.includes(line.number)));
        buttons[index].querySelector(".u-verdict").textContent = line.verdict ? `  ${line.verdict}` : "";
      });
      say(shown.trouble || shown.told, !!shown.trouble);
    };
    model.on("change:shown", show);
    show();
    return () => model.off("change:shown", show);
  },
};
