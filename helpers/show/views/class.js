// The work files of a class: dropped or chosen, told what came in, and files to take along.
export default {
  render({ model, el }) {
    const { root, status, say } = base(el, "The work files of your class");
    const send = sender(model, say);
    const id = unique("files"), largest = model.get("shown").largest;
    const take = async (files) => {
      const large = files.filter((file) => file.size > largest), good = files.filter((file) => file.size <= largest);
      let unread = 0;
      if (good.length) say(`Reading ${good.length} file${good.length > 1 ? "s" : ""} …`);
      for (const file of good) {
        try {
          send({ do: "file", name: file.name }, [await file.arrayBuffer()], 60000);
        } catch { unread += 1; }
      }
      if (good.length > unread) send({ do: "read" }, undefined, 120000);
      after = [large.length && `Too large, at more than ${largest / 1e6} MB: ${large.map((file) => file.name).join(", ")}. Give my_class() a folder instead.`,
        unread && "A folder cannot be dropped: open it, choose all files in it, and drop these."].filter(Boolean).join(" ");
      if (good.length === unread) say(after || "Nothing came in: choose the work files of your class.", true);
    };
    let after = "";
    const pick = make("input", { id, type: "file", multiple: true, accept: ".zip", class: "u-file", onchange: () => { take([...pick.files]); pick.value = ""; } });
    const drop = make("div", { class: "u-drop" }, make("label", { for: id }, "Drop the work files of your class here, or choose them:"), pick,
      make("p", { class: "u-soft" }, "Choose many at once, or one archive (.zip) of them, as your learning platform gives it."),
      make("p", { class: "u-soft" }, model.get("shown").public ? "This is Binder, a public machine. Do not put your learners' work on it: use a computer of your own."
        : "They are read on the machine where Jupyter runs, and stay in the memory of this notebook until you close it."));
    const over = (event, on) => { event.preventDefault(); event.stopPropagation(); drop.classList.toggle("u-over", on); };
    drop.addEventListener("dragenter", (event) => over(event, true));
    drop.addEventListener("dragover", (event) => over(event, true));
    drop.addEventListener("dragleave", (event) => over(event, false));
    drop.addEventListener("drop", (event) => { over(event, false); take([...event.dataTransfer.files]); });
    const title = make("h3", {}), about = make("p", {}), noticed = make("ul", {}), table = make("table", {});
    const told = make("section", { "aria-label": "What was noticed" }, make("h4", {}, "What was noticed"), noticed);
    const button = (what, text) => make("button", { type: "button", onclick: () => { say("Working …"); send({ do: what }, undefined, 120000); } }, text);
    const forget = button("forget", "Put these files away");
    root.append(title, about, drop, status, told,
      make("details", {}, make("summary", {}, "Who is there, and what each coded"), make("div", { class: "u-wide", tabindex: "0", role: "region", "aria-label": "Who is there, and what each coded" }, table)),
      make("div", { class: "u-row" }, button("codings", "Save all codings (CSV)"), button("figures", "Save all figures (CSV)"), forget));
    const show = () => {
      const shown = model.get("shown");
      put(title, shown.title);
      put(about, shown.about);
      told.hidden = !shown.noticed.length;
      forget.hidden = !shown.here;
      noticed.replaceChildren(...shown.noticed.map((text) => make("li", {}, text)));
      table.replaceChildren(make("thead", {}, make("tr", {}, shown.head.map((name) => make("th", { scope: "col" }, name)))),
        make("tbody", {}, shown.rows.map(([first, ...rest]) => make("tr", {}, make("th", { scope: "row" }, first), rest.map((cell) => make("td", {}, cell))))));
      const trouble = shown.trouble || after;
      say(shown.trouble || [shown.told, after].filter(Boolean).join(" "), !!trouble);
    };
    const leave = download(model);
    model.on("change:shown", show);
    show();
    return () => { leave(); model.off("change:shown", show); };
  },
};
