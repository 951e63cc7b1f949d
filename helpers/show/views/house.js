// What every view shares. Text is only ever set as text, never as HTML.
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
};
let counter = 0;
const unique = (stem) => `u-${stem}-${Date.now().toString(36)}-${counter++}`;
// A house for one view: keys stay inside it, and there is one place where changes are said aloud.
const house = (el, label) => {
  const status = make("p", { class: "u-status", role: "status", "aria-live": "polite" });
  const root = make("div", { class: "u-house", role: label && "group", "aria-label": label, "data-lm-suppress-shortcuts": "true" });
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const contain = make("div", { class: "u-contain" }, root);
  el.append(contain);
  const say = (text, trouble = false) => {
    status.classList.toggle("u-trouble", trouble);
    if (status.textContent !== text) status.textContent = text;
  };
  return { root, status, say };
};
const clock = (iso) => {
  const time = new Date(iso);
  return isNaN(time) ? "" : time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
};
