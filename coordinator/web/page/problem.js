import {h} from "./base/dom.js";

/// An error in words, with ways out.
export function problem(error, again) {
  return h(
    "section",
    {class: "problem", role: "alert"},
    h("h1", {}, error.code === "NOT_FOUND" ? "Not there" : "That did not work"),
    h("p", {}, error.message),
    h("p", {}, h("a", {href: "#/"}, "All sweeps"), " · ", h("button", {type: "button", onclick: again}, "Try again")),
  );
}
