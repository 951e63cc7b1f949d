// Save all work to one file, or go on from one.
const ANEW = "Start as someone else";
export default {
  render({ model, el }) {
    const { root, status, say } = base(el, "Your work: save it or go on with it");
    const send = sender(model, say);
    const id = unique("file");
    const save = make("button", { type: "button", class: "u-main", onclick: () => { say("Saving …"); send({ do: "save" }, undefined, 60000); } }, "Save my work to a file");
    const pick = make("input", { id, type: "file", accept: ".zip", class: "u-file", onchange: async () => {
      const [file] = pick.files;
      if (!file) return;
      if (file.size > model.get("shown").largest) { say("This file is too large for a work file: choose the .zip file that you saved.", true); return; }
      say("Reading …");
      send({ do: "resume", name: file.name }, [await file.arrayBuffer()], 60000);
      pick.value = "";
    } });
    const anew = make("button", { type: "button", onclick: () => {
      if (anew.dataset.sure) { delete anew.dataset.sure; anew.textContent = ANEW; say("Working …"); send({ do: "anew" }); }
      else { anew.dataset.sure = "yes"; anew.textContent = "Yes: put this work away and start empty"; say("Is this machine shared? Press once more to put all work here away, safely, and start empty."); }
    } }, ANEW);
    root.append(make("h3", {}, "Keep your work"), make("p", {}, model.get("shown").warning),
      make("div", { class: "u-row" }, save),
      make("div", { class: "u-row" }, make("label", { for: id }, "Go on with earlier work:"), pick), make("div", { class: "u-row" }, anew), status);
    const show = () => {
      const shown = model.get("shown");
      say(shown.trouble || shown.told, !!shown.trouble);
    };
    const leave = download(model);
    model.on("change:shown", show);
    show();
    return () => { leave(); model.off("change:shown", show); };
  },
};
