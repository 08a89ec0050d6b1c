import {fill, h} from "../base/dom.js";

/// The sweep as it was submitted.
export function fileTab(sweep, route, page, section) {
  fill(
    section,
    h("pre", {tabindex: "0", "aria-label": "The sweep's file"}, sweep.yaml || "No file is kept of this sweep."),
  );
}
