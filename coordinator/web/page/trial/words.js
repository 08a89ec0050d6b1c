// A trial in the words of the command line (coordinator/cli/output/trial_text.cpp).
import {durationText, fixedText} from "../base/text.js";
import {shownInPercent, valueText} from "../results/metrics.js";
import {int, list, real} from "../service/wire.js";

/// Why it waits, or why it failed.
export function trialNote(trial, now = Date.now()) {
  const after = (trial.outcome ?? "") + (trial.message ? `: ${trial.message}` : "");
  if (trial.state === "queued") return trial.waitingFor ?? "";
  if (trial.state === "failed") return after;
  if (trial.state !== "backoff") return "";
  const seconds = (int(trial.notBeforeMillis) - now) / 1000;
  return `${seconds > 0 ? `tried again in ${durationText(seconds)}` : "about to be tried again"} after ${after}`;
}

export const labelsText = (trial) =>
  list(trial.labels)
    .map(({axis, label = ""}) => `${axis}=${label}`)
    .join(" ");

/// "epoch 3/12, step 150/600".
export function progressText(progress) {
  const phase = progress.phase ? ` ${progress.phase}` : "";
  return `epoch ${int(progress.epoch)}/${int(progress.epochsTotal)}, step ${int(progress.step)}/${int(progress.stepsTotal)}${phase}`;
}

/// What an event says, in a line.
export function eventText(event) {
  const {hello, progress, metric, checkpoint, warning, done, stopped, failed, identity} = event;
  if (hello) return `started on ${hello.device || "an unknown device"}, process ${int(hello.pid)}`;
  if (progress) {
    const left = progress.secondsLeft === undefined ? "" : durationText(real(progress.secondsLeft));
    return `${progressText(progress)}, loss ${fixedText(real(progress.loss), 4)}${left ? `, ${left} left` : ""}`;
  }
  if (metric) {
    const unit = shownInPercent(metric.name) ? " %" : "";
    return `epoch ${int(metric.epoch)} ${metric.set} ${metric.name} ${valueText(metric.name, real(metric.value))}${unit}`;
  }
  if (checkpoint) return `checkpoint of epoch ${int(checkpoint.epoch)}: ${checkpoint.path}`;
  if (warning) return `warning: ${warning.message}`;
  if (done) return `done after ${int(done.epochs)} epochs`;
  if (stopped) return `stopped at epoch ${int(stopped.epoch)}, step ${int(stopped.step)}`;
  if (failed) return `failed, ${failed.kind}: ${failed.message ?? ""}`;
  if (identity) return `results version ${int(identity.resultsVersion)}, program ${identity.program || "unknown"}`;
  return "";
}
