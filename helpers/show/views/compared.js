// A quotation beside the nearest passage of a document: what differs is struck through and underlined, and said in words.
const compared = (pieces) => pieces.map(([kind, has, given]) => {
  const gap = /^[,.;:!?)]/.test(given || has) ? "" : " ";
  const hidden = (words) => make("span", { class: "u-hidden" }, words);
  if (kind === "left out") return make("span", { class: "u-soft" }, ` ${given}`);
  if (kind === "same" || kind === "yours") return `${gap}${given || has}`;
  return make("span", {}, gap, given && make("del", {}, hidden("you have: "), given), given && has && " ",
    has && make("ins", {}, hidden("the document has: "), has), hidden(" end of the difference "));
});
