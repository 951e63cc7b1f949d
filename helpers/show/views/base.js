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
// Change only what differs: what stays as it is need not be laid out again.
const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const turn = (node, name, value) => { if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value); };
let counter = 0;
const unique = (stem) => `u-${stem}-${Date.now().toString(36)}-${counter++}`;
// The base of one view: keys stay inside it, and there is one place where changes are said aloud.
const base = (el, label) => {
  const status = make("p", { class: "u-status", role: "status", "aria-live": "polite" });
  const root = make("div", { class: "u-base", role: label && "group", "aria-label": label, "data-lm-suppress-shortcuts": "true" });
  const contain = make("div", { class: "u-contain" }, root);
  // Escape that nothing inside has a use for leads to the end, and Tab leads on from there.
  const end = make("p", { class: "u-soft", tabindex: "-1", hidden: true, onblur: () => { end.hidden = true; } }, "The end of this part: Tab leads on.");
  queueMicrotask(() => root.append(end));
  contain.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Escape" || event.defaultPrevented) return;
    end.hidden = false;
    end.focus();
  });
  el.append(contain);
  const say = (text, trouble = false) => {
    status.classList.toggle("u-trouble", trouble);
    put(status, text);
  };
  return { root, status, say };
};
const when = (iso) => {
  const time = new Date(iso);
  if (isNaN(time)) return "";
  const clock = time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return time.toDateString() === new Date().toDateString() ? `at ${clock}` : `on ${time.toLocaleDateString()} at ${clock}`;
};
// On Binder: a line at the foot of the window when work has been in no file for some minutes. One line for all views.
const REMINDER = "Your latest work is in no file yet, and Binder forgets it when it stops. Run the last cell of the lesson and press “Save my work to a file”.";
const remind = (due) => {
  if (due === undefined) return;
  const all = window.unionReminder ||= {};
  clearTimeout(all.timer);
  all.line?.remove();
  if (!due) return;
  const later = (milliseconds) => { all.timer = setTimeout(show, Math.max(0, milliseconds)); };
  const show = () => {
    const close = () => { all.line.remove(); later(600000); };
    const said = make("p", { role: "status" });
    const button = make("button", { type: "button", onclick: close }, "Remind me later");
    all.line = make("div", { class: "u-reminder" }, make("div", { class: "u-base", "data-lm-suppress-shortcuts": "true" }, said, button));
    document.body.append(all.line);
    setTimeout(() => put(said, REMINDER), 200); // what comes into a place that is there already is read aloud
  };
  later(new Date(due) - Date.now());
};
// Send something to Python, and say so if no word comes back: then the machine has restarted, and nothing was done.
const LOST = "Not saved: the machine has restarted. Copy your words, choose Run, then Run All Cells, and paste them in again.";
// A file goes in pieces, as the way to Python takes at most 10 MB at a time.
const PIECE = 4e6;
const sender = (model, say, lost = () => {}) => {
  let waiting;
  model.on("change:shown", () => { clearTimeout(waiting); remind(model.get("shown").remind); });
  return (message, buffers, patience = 8000) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { lost(); say(LOST, true); }, patience);
    const [file] = buffers || [];
    let at = 0;
    for (; file && file.byteLength - at > PIECE; at += PIECE) model.send({ do: "piece", joins: at > 0 }, undefined, [file.slice(at, at + PIECE)]);
    model.send(at ? { ...message, joins: true } : message, undefined, file && [at ? file.slice(at) : file]);
  };
};
// Files that Python hands to the browser are kept among its downloads. Gives what ends it.
const download = (model) => {
  const take = (message, buffers) => {
    if (message.do !== "download") return;
    const link = make("a", { href: URL.createObjectURL(new Blob([buffers[0]])), download: message.name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  model.on("msg:custom", take);
  return () => model.off("msg:custom", take);
};
