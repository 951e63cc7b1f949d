// A sentence opened in its paragraph: marked, with its place in the raw file, and a way back.
const openedPanel = (close) => {
  const heading = make("h3", { tabindex: "-1" }), text = make("p", { class: "u-text" }), place = make("p", { class: "u-soft" });
  const node = make("div", { class: "u-feedback", hidden: true }, heading, text, place,
    make("div", { class: "u-row" }, make("button", { type: "button", onclick: close }, "Close")));
  const piece = (each, at, all) => {
    const inner = each.node ? make("mark", {}, each.text) : each.text;
    const cue = (near, words) => each.sentence && !(near && near.sentence) && make("span", { class: "u-hidden" }, words);
    return make(each.sentence ? "strong" : "span", { class: each.sentence && "u-kwic-said" },
      cue(all[at - 1], "the sentence: "), inner, cue(all[at + 1], " end of the sentence "));
  };
  const fill = (opened) => {
    node.hidden = !opened;
    if (!opened) return;
    heading.textContent = opened.heading;
    text.replaceChildren(...opened.pieces.map(piece));
    place.textContent = opened.place;
  };
  return { node, fill, heading };
};
