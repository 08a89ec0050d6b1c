import {fill, h, heading, scrolling} from "../base/dom.js";
import {durationText, timeText} from "../base/text.js";
import {int, list} from "../service/wire.js";

const kTitles = ["Attempt", "Worker", "Device", "Started", "Took", "Outcome", "Message"];

/// What was tried, where, and how it ended; and on which machines it met faults.
export function attemptsSection() {
  const body = h("tbody");
  const faults = h("div");
  const section = h(
    "section",
    {"aria-labelledby": "attempts"},
    h("h2", {id: "attempts"}, "Attempts"),
    scrolling("Attempts", h("table", {}, heading(kTitles), body)),
    faults,
  );
  return {
    section,
    show(detail) {
      const rows = list(detail.attempts).map(attemptRow);
      fill(body, rows.length > 0 ? rows : h("tr", {}, h("td", {colspan: kTitles.length}, "None yet.")));
      fill(
        faults,
        list(detail.trial.failedOn).map((fault) =>
          h(
            "p",
            {class: "note"},
            `${fault.workerId} failed it ${int(fault.times)} times by a fault of the machine, lately: ${fault.message || "it did not say why"}`,
          ),
        ),
      );
    },
  };
}

function attemptRow(attempt) {
  const started = int(attempt.startedMillis);
  const finished = int(attempt.finishedMillis);
  return h(
    "tr",
    {},
    h(
      "th",
      {scope: "row"},
      String(int(attempt.attempt)),
      attempt.isEarlierRun && h("div", {class: "note"}, "earlier run"),
    ),
    h("td", {}, `${attempt.workerId} ${attempt.slot ?? ""}`),
    h("td", {}, attempt.device || "unknown"),
    h("td", {}, timeText(started)),
    h("td", {}, durationText(((finished || Date.now()) - started) / 1000)),
    h("td", {}, attempt.outcome || (finished ? "" : "runs")),
    h("td", {}, attempt.message ?? ""),
  );
}
