// Lines of a raw file, to be marked by eye before any program has looked at them.
export default {
  render({ model, el }) {
    const first = model.get("shown");
    const { root, status, say } = house(el, `Raw lines of ${first.title}`);
    const lines = make("div", { class: "u-scroll", role: "group", "aria-label": "Lines: press one to mark it as noise" });
    const buttons = first.lines.map((line) => make("button", {
      type: "button", class: "u-line", "aria-pressed": "false", onclick: () => model.send({ do: "mark", line: line.number }),
    }, make("span", { class: "u-number" }, line.number), make("span", { class: "u-text" }, line.text, make("span", { class: "u-verdict" }))));
    lines.append(...buttons);
    lines.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = buttons.indexOf(document.activeElement);
      if (!by || at < 0) return;
      event.preventDefault();
      (buttons[at + by] || buttons[at]).focus();
    });
    const compare = make("button", { type: "button", class: "u-main", onclick: () => model.send({ do: "compare" }) }, "Compare with the program");
    root.append(make("h3", {}, `Which of these lines did the author not write?`),
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
