import {kStates} from "../service/wire.js";
import {h, setStyle} from "./dom.js";

/// "75 succeeded, 4 running", without what is 0.
export function countsText(counts) {
  const words = kStates.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${state}`);
  return words.join(", ") || "no trials";
}

/// A bar of a sweep's trials by state; the words are there for who does not see it.
export function stateBar(counts) {
  const total = kStates.reduce((sum, state) => sum + counts[state], 0);
  const parts = kStates
    .filter((state) => counts[state] > 0)
    .map((state) => {
      const part = h("span", {class: `part ${state}`, title: `${counts[state]} ${state}`});
      setStyle(part, {"flex-grow": counts[state] / total});
      return part;
    });
  return h("div", {class: "bar", role: "img", "aria-label": countsText(counts)}, parts);
}

/// The state in a word, with a mark in its colour.
export function stateWord(state) {
  return h(
    "span",
    {class: "state"},
    h("span", {class: `mark ${state.replaceAll(" ", "-")}`, "aria-hidden": "true"}),
    state,
  );
}
