// A chart whose bars, cells and stripes can be chosen; the sentences behind one are listed, and each opens in its paragraph.
export default {
  render({ model, el }) {
    const { root, status, say } = base(el, "Chart to explore");
    const send = sender(model, say, () => { asked = ""; });
    let asked = "", buttons = [], links = [], drawn = "", listed = "";
    const ask = (message) => { asked = message.do; send(message); };
    const heading = make("h3", {}), words = make("p", {}), image = make("img", {}), stage = make("div", { class: "u-stage" }, image);
    const selects = model.get("controls").map(({ name, choices }) => {
      const select = make("select", { id: unique("control"), "data-name": name, onchange: () => ask({ do: "choose", name, value: select.value }) },
        choices.map((value) => make("option", { value }, value)));
      return select;
    });
    const table = make("table", {}), list = make("ol", { class: "u-evidence" }), title = make("h4", {});
    const panel = openedPanel(() => ask({ do: "close" }));
    const wide = make("div", { class: "u-wide", role: "group", "aria-label": "Chart: arrow keys move over its marks, Enter lists the sentences of one" }, stage);
    root.append(heading, selects.length ? make("div", { class: "u-row" }, selects.flatMap((select) => [
      make("label", { class: "u-inline", for: select.id }, select.dataset.name.replaceAll("_", " ")), select])) : "",
    make("p", { class: "u-cue u-soft" }, "Wider than your screen: scroll it sideways, or open the table beneath."), wide, words, status, title, list, panel.node,
    make("details", { ontoggle: (event) => { fill(event.target.open); } }, make("summary", {}, "The numbers as a table"), make("div", { class: "u-wide", tabindex: "0", role: "region", "aria-label": "The numbers as a table" }, table)));
    // One tab stop for all marks: the arrow keys move to the nearest in their direction.
    const reach = (button) => {
      buttons.forEach((each) => { each.tabIndex = each === button ? 0 : -1; });
      if (!button) return;
      button.focus({ preventScroll: true });
      button.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    const middle = (box) => [box[0] + box[2] / 2, box[1] + box[3] / 2];
    stage.addEventListener("keydown", (event) => {
      const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
      const at = buttons.indexOf(event.target);
      if (!by || at < 0) return;
      event.preventDefault();
      const from = middle(buttons[at].box);
      const far = (button) => {
        const [x, y] = middle(button.box).map((each, axis) => each - from[axis]);
        const along = x * by[0] + y * by[1], aside = Math.abs(x * by[1]) + Math.abs(y * by[0]);
        return along > 0.002 ? along + 3 * aside : Infinity;
      };
      const best = buttons.reduce((one, other) => (far(other) < far(one) ? other : one), buttons[at]);
      if (far(best) < Infinity) reach(best);
    });
    const draw = (shown) => {
      image.src = shown.image;
      image.alt = shown.description;
      const held = buttons.indexOf(document.activeElement);
      buttons = shown.marks.map((mark, number) => {
        if (!mark.box.length) return null;
        const button = make("button", { type: "button", class: "u-mark", tabindex: "-1", "aria-label": mark.label, title: mark.label, onclick: () => ask({ do: "mark", value: number }) });
        ["left", "top", "width", "height"].forEach((side, at) => { button.style[side] = `${100 * mark.box[at]}%`; });
        button.box = mark.box;
        button.number = number;
        return button;
      }).filter(Boolean);
      if (buttons.length) buttons[0].tabIndex = 0;
      stage.replaceChildren(image, ...buttons);
      if (held >= 0) reach(buttons[Math.min(held, buttons.length - 1)]); // whoever stood on a mark stands on one again
      fill(table.closest("details").open);
    };
    // The table is made when it is opened: most choices are made while it is shut.
    const fill = (open) => {
      const { head, rows } = model.get("shown");
      table.replaceChildren(...(open ? [make("thead", {}, make("tr", {}, head.map((name) => make("th", { scope: "col" }, name)))),
        make("tbody", {}, rows.map(([first, ...rest]) => make("tr", {}, make("th", { scope: "row" }, first), rest.map((cell) => make("td", {}, cell)))))] : []));
    };
    const show = () => {
      const shown = model.get("shown");
      heading.textContent = shown.title;
      put(words, shown.description);
      for (const select of selects) select.value = shown.chosen[select.dataset.name];
      if (shown.image !== drawn) { draw(shown); warm(); }
      drawn = shown.image;
      for (const button of buttons) turn(button, "aria-pressed", button.number === shown.mark);
      title.hidden = shown.mark < 0;
      title.textContent = shown.mark < 0 ? "" : shown.marks[shown.mark].label;
      const now = JSON.stringify(shown.sentences);
      if (now !== listed) {
        links = shown.sentences.map((each) => make("button", { type: "button", onclick: () => ask({ do: "open", value: each.id }) }, each.id));
        list.replaceChildren(...shown.sentences.map((each, at) => make("li", {}, links[at], make("span", { class: "u-text" }, ` ${each.text}`))));
      }
      listed = now;
      const before = !panel.node.hidden && panel.heading.textContent.split(",")[0];
      panel.fill(shown.opened);
      say(shown.trouble || shown.told, !!shown.trouble);
      if (asked === "mark") reach(buttons.find((button) => button.number === shown.mark));
      if (asked === "open" && shown.opened) panel.heading.focus();
      if (asked === "close" && before) (links.find((link) => link.textContent === before) || root).focus();
      asked = "";
    };
    root.addEventListener("keydown", (event) => { if (event.key === "Escape" && model.get("shown").opened) { event.preventDefault(); ask({ do: "close" }); } });
    // Whoever comes to a chart may soon choose: what is one choice away is drawn now, one after the other.
    const warm = () => { if (selects.length && root.matches(":hover, :focus-within")) model.send({ do: "warm" }); };
    for (const coming of ["pointerenter", "focusin"]) root.addEventListener(coming, warm);
    model.on("change:warmed", warm);
    // The drawing follows the theme.
    const dark = () => document.body.dataset.jpThemeLight === "false";
    const follow = () => { if (dark() !== model.get("shown").dark) send({ do: "theme", value: dark() }); };
    const watch = new MutationObserver(follow);
    watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    model.on("change:shown", show);
    show();
    follow();
    return () => { watch.disconnect(); model.off("change:shown", show); model.off("change:warmed", warm); };
  },
};
