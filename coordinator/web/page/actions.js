// What a person may change, each with a question before it that says what will happen. The coordinator decides in the
// end: the buttons that are not shown would only be refused.
import {confirmed} from "./base/dialog.js";
import {field, fill, h} from "./base/dom.js";
import {counted} from "./base/text.js";
import {requestId} from "./service/call.js";
import {countsOf, int, isFinal} from "./service/wire.js";

/// Operators may change every sweep, submitters their own; nobody what the coordinator only shows.
export function mayChange(person, owner) {
  if (!person.mayChange) return false;
  return person.role === "operator" || (person.role === "submitter" && Boolean(owner) && owner === person.name);
}

const waiting = (counts) => counts.queued + counts.backoff;

const kSweepActions = [
  {
    method: "Pause",
    verb: "Pause",
    does: (c) => waiting(c) + c.running > 0,
    explain: (c) =>
      `${counted(waiting(c), "trial")} that wait leave the queue; ${counted(c.running, "trial")} that run stop after their step ` +
      "with a checkpoint, and go on from it after Resume.",
  },
  {
    method: "Resume",
    verb: "Resume",
    does: (c) => c.paused > 0,
    explain: (c) => `${counted(c.paused, "paused trial")} go back into the queue.`,
  },
  {
    method: "Retry",
    verb: "Retry",
    does: (c) => c.failed + c.cancelled > 0,
    explain: (c) =>
      `${counted(c.failed, "failed trial")} and ${counted(c.cancelled, "cancelled trial")} are queued again.`,
  },
  {
    method: "Cancel",
    verb: "Cancel",
    does: (c) => waiting(c) + c.running + c.paused > 0,
    explain: (c) =>
      `${counted(waiting(c) + c.paused, "trial")} that wait are cancelled and ${counted(c.running, "trial")} that run are stopped. ` +
      "What has succeeded stays. Trials that another sweep wants as well go on for it. Retry queues cancelled trials again.",
  },
];

/// The buttons of a sweep that has come to `counts`.
export function sweepActions(page, sweep) {
  if (!mayChange(page.person, sweep.owner)) return null;
  const id = int(sweep.sweepId);
  const name = `sweep ${id} ${sweep.name}`;
  const counts = countsOf(sweep);
  const buttons = kSweepActions
    .filter((action) => action.does(counts))
    .map((action) =>
      button(page, `sweep-${action.method}`, action.verb, () =>
        ask(page, {
          title: `${action.verb} ${name}?`,
          verb: `${action.verb} the sweep`,
          explanation: action.explain(counts),
          change: () => change(page, action.method, {sweep: {sweepId: id}}),
        }),
      ),
    );
  return [...buttons, button(page, "sweep-priority", "Priority", () => askPriority(page, sweep, name))];
}

/// The buttons of one trial.
export function trialActions(page, trial, owner, sweepId) {
  if (!mayChange(page.person, owner)) return null;
  const id = int(trial.trialId);
  const only = {sweep: {sweepId}, trialIds: [id]};
  const state = trial.state;
  const does = {
    Pause:
      !isFinal(state) &&
      state !== "paused" &&
      "It leaves the queue; if it runs, it stops after its step with a checkpoint.",
    Resume: state === "paused" && "It goes back into the queue, and on from its newest checkpoint.",
    Retry: (state === "failed" || state === "cancelled") && "It is queued again, with as many tries as a new one.",
    Cancel: !isFinal(state) && "It is stopped and keeps no result. Retry queues it again.",
  };
  return Object.entries(does)
    .filter(([, explanation]) => explanation)
    .map(([method, explanation]) =>
      button(page, `trial-${method}`, method, () =>
        ask(page, {
          title: `${method} trial ${id}?`,
          verb: `${method} the trial`,
          explanation,
          change: () => change(page, method, only),
        }),
      ),
    );
}

function button(page, key, text, onclick) {
  return h(
    "button",
    {type: "button", "data-key": key, onclick: () => onclick().catch((error) => page.say(error.message))},
    text,
  );
}

async function change(page, method, request) {
  const reply = await page.call("SweepService", method, {...request, requestId: requestId()});
  return `${counted(int(reply.changed), "trial")} changed.`;
}

async function askPriority(page, sweep, name) {
  const input = h("input", {
    type: "number",
    step: 1,
    min: -1000000,
    max: 1000000,
    required: true,
    value: int(sweep.priority),
  });
  await ask(page, {
    title: `Priority of ${name}?`,
    verb: "Set the priority",
    extra: field("Priority", input),
    explanation: "Of one owner's sweeps those with a larger priority go first; 0 is usual. What runs is not stopped.",
    change: async () => {
      await page.call("SharingService", "SetPriority", {
        sweep: {sweepId: int(sweep.sweepId)},
        priority: input.valueAsNumber,
        requestId: requestId(),
      });
      return `The priority is ${input.valueAsNumber}.`;
    },
  });
}

/// Asks, changes, and says how it went where the person looks.
async function ask(page, {change: work, ...question}) {
  if (!(await confirmed(question))) return;
  const outcome = page.root.querySelector(".outcome");
  try {
    const words = await work();
    fill(outcome, words);
    page.say(words);
  } catch (error) {
    fill(outcome, h("span", {class: "error", role: "alert"}, `${question.title.replace(/\?$/, "")}: ${error.message}`));
  }
}
