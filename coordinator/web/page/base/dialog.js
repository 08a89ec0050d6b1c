import {h} from "./dom.js";

/// Asks before something is changed. `explanation` says what will happen; `verb` is on the button that does it; `extra`
/// is an element with further fields. Resolves to true, or false where the person thought better of it.
export function confirmed({title, explanation, verb, extra = null}) {
  return new Promise((resolve) => {
    const lines = [explanation].flat().map((line) => h("p", {}, line));
    const dialog = h(
      "dialog",
      {"aria-labelledby": "dialog-title", class: "question"},
      h(
        "form",
        {method: "dialog"},
        h("h2", {id: "dialog-title"}, title),
        ...lines,
        extra,
        h(
          "div",
          {class: "buttons"},
          h("button", {value: "no", type: "submit", formnovalidate: true, autofocus: true}, "Leave it as it is"),
          h("button", {value: "yes", type: "submit", class: "main"}, verb),
        ),
      ),
    );
    const before = document.activeElement;
    dialog.addEventListener("close", () => {
      dialog.remove();
      focusAgain(before);
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/// What had the focus, or what stands in its place where the view was made anew meanwhile.
function focusAgain(before) {
  const key = before?.dataset?.key;
  const again = before?.isConnected || !key ? before : document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  again?.focus?.();
}
