// What a sweep is and how far it is, and what may be done with it.
import {sweepActions} from "../actions.js";
import {ago} from "../base/ago.js";
import {fill, h} from "../base/dom.js";
import {countsText, stateBar, stateWord} from "../base/state_bar.js";
import {counted, durationText, timeText} from "../base/text.js";
import {countsOf, int} from "../service/wire.js";

export function showHead(head, sweep, page) {
  const {summary} = sweep;
  const counts = countsOf(summary);
  const words = countsText(counts);
  const created = int(summary.createdMillis);
  const finished = int(summary.finishedMillis);
  const facts = [
    summary.owner && `by ${summary.owner}`,
    finished && `ended after ${durationText((finished - created) / 1000)}`,
    int(summary.archivedMillis) && "archived",
    `priority ${int(summary.priority)}`,
    int(summary.maxParallel) && `at most ${counted(int(summary.maxParallel), "trial")} at once`,
    int(summary.maxFailures) && `pauses after ${counted(int(summary.maxFailures), "failure")}`,
  ].filter(Boolean);
  fill(
    head,
    h("div", {class: "heading"}, h("h1", {}, `Sweep ${sweep.id} ${summary.name}`), stateWord(summary.state ?? "")),
    h("p", {class: "note"}, `Submitted ${timeText(created)} (`, ago(created), "), ", facts.join(", ")),
    summary.pausedBecause && h("p", {class: "error"}, `Paused: ${summary.pausedBecause}`),
    stateBar(counts),
    h("p", {class: "counts"}, `${counted(int(summary.trials), "trial")}: ${words}`),
    estimateText(sweep.estimate),
    h("div", {class: "buttons"}, sweepActions(page, summary)),
  );
}

function estimateText(estimate) {
  if (!estimate || int(estimate.knownTrials) === 0) return null;
  const words = [`About ${durationText((estimate.slotHours ?? 0) * 3600)} of one slot are left`];
  if (estimate.wallHours > 0) words.push(`${durationText(estimate.wallHours * 3600)} with the workers there are`);
  if (int(estimate.unknownTrials) > 0)
    words.push(`of ${counted(int(estimate.unknownTrials), "trial")} nothing is known`);
  return h("p", {class: "note"}, words.join(", "));
}
