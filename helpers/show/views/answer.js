// A question and the learner's own answer.
export default {
  render({ model, el }) {
    const first = model.get("shown");
    const { root, status, say } = base(el, null);
    const tell = sender(model, say, () => { sent = null; }); // what was lost may be sent again, and is not called saved
    const feedback = make("div", { class: "u-feedback", "aria-live": "polite" }) // there from the start, so that what comes into it is read aloud;
    let field, sent = first.answer, timer;
    const value = () => first.choices.length
      ? (root.querySelector("input:checked") || {}).value || ""
      : field.value;
    const send = () => {
      clearTimeout(timer);
      const answer = value();
      if (answer === sent || (!answer.trim() && !sent)) return;
      sent = answer;
      say("Saving …");
      tell({ do: "answer", answer });
    };
    const soon = () => { say("Not saved yet."); clearTimeout(timer); timer = setTimeout(send, 1200); };
    if (first.choices.length) {
      const name = unique("choice");
      root.append(make("fieldset", {}, make("legend", {}, first.question),
        first.choices.map((choice) => make("label", { class: "u-choice" },
          make("input", { type: "radio", name, value: choice, checked: choice === first.answer, onchange: send }), make("span", {}, choice)))));
    } else {
      const id = unique("answer");
      field = make(first.rows > 1 ? "textarea" : "input", first.rows > 1 ? { id, rows: first.rows } : { id, type: "text" });
      field.value = first.answer;
      field.addEventListener("input", soon);
      field.addEventListener("blur", send);
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey || first.rows < 2)) send();
      });
      root.append(make("label", { for: id }, first.question), field,
        make("div", { class: "u-row" }, make("button", { class: "u-main", type: "button", onclick: () => (value() === sent ? show() : send()) }, "Save")));
    }
    root.append(status, feedback);
    const show = () => {
      const { trouble, saved, feedback: told } = model.get("shown");
      if (trouble) { sent = null; say(trouble, true); }
      else if (field && field.value !== sent) say("Not saved yet."); // written on while this was being saved
      else say(saved ? `Saved ${when(saved)}.` : "No answer yet.");
      feedback.replaceChildren(...(told ? told.split("\n").map((line) => make("p", {}, line)) : []));
    };
    model.on("change:shown", show);
    show();
    return () => { clearTimeout(timer); model.off("change:shown", show); };
  },
};
