// What a trial is and where it stands, and what may be done with it.
import {trialActions} from "../actions.js";
import {fill, h} from "../base/dom.js";
import {routeTo} from "../base/route.js";
import {stateWord} from "../base/state_bar.js";
import {durationText, fixedText, timeText} from "../base/text.js";
import {int, isFinal, list, real} from "../service/wire.js";
import {labelsText, progressText, trialNote} from "./words.js";

export function showHead(head, page, {trial, attempts, pointsKept, pointsGone}, sweeps, sweep, sweepId) {
  const note = trialNote(trial);
  const id = int(trial.trialId);
  const progress = trial.state === "running" ? trial.progress : null;
  const started = int(trial.startedMillis);
  const finished = int(trial.finishedMillis);
  fill(
    head,
    h(
      "p",
      {class: "note"},
      "In ",
      sweeps.map((one, i) => [
        i > 0 && ", ",
        h(
          "a",
          {href: routeTo(["sweep", one, "trials"]), "data-key": `up-${one}`},
          `sweep ${one}${one === sweepId ? ` ${sweep.name}` : ""}`,
        ),
      ]),
    ),
    h("div", {class: "heading"}, h("h1", {}, `Trial ${id}`), stateWord(trial.state ?? "")),
    h("p", {}, labelsText(trial)),
    h(
      "p",
      {class: "note"},
      [
        list(attempts).length > 0 && `attempt ${int(trial.attempt)}`,
        trial.workerId && `on ${trial.workerId} ${trial.slot ?? ""}`,
        started && `started ${timeText(started)}`,
        started && finished >= started && `took ${durationText((finished - started) / 1000)}`,
      ]
        .filter(Boolean)
        .join(", "),
    ),
    progress &&
      h(
        "p",
        {},
        h("progress", {
          max: Math.max(1, int(progress.stepsTotal)),
          value: int(progress.step),
          "aria-label": "Progress",
        }),
        " ",
        progressText(progress),
        `, loss ${fixedText(real(progress.loss), 4)}`,
        progress.secondsLeft >= 0 && `, ${durationText(progress.secondsLeft)} left`,
      ),
    int(pointsGone) > 0 &&
      h("p", {class: "note"}, `Curves thinned: ${int(pointsKept)} of ${int(pointsKept) + int(pointsGone)} points are left`),
    note && h("p", {class: isFinal(trial.state) && "error"}, trial.state === "queued" ? `Waits: ${note}` : note),
    h("div", {class: "buttons"}, trialActions(page, trial, sweep.owner, sweepId)),
  );
}
