// One trial: state, figures, output, attempts, events, files, settings.
import {h} from "../base/dom.js";
import {atMostEach} from "../service/live.js";
import {int, list} from "../service/wire.js";
import {attemptsSection} from "./attempts.js";
import {eventsSection} from "./events.js";
import {figuresSection} from "./figures.js";
import {filesSection} from "./files.js";
import {showHead} from "./head.js";
import {orderSection} from "./order.js";
import {outputSection} from "./output.js";

const kAnewEachMillis = 2000;

export async function trialView(route, page) {
  const id = Number(route.path[1]);
  if (!(id > 0)) throw new Error(`A trial has a number: ${route.path[1]} is none.`);
  let detail = await page.call("SweepService", "GetTrial", {trialId: id});
  const sweeps = list(detail.sweepIds).map(int);
  const wanted = Number(route.query.get("sweep"));
  const sweepId = sweeps.includes(wanted) ? wanted : sweeps[0];
  const sweep = (await page.call("SweepService", "Get", {sweep: {sweepId}, limit: 1})).sweep;
  page.title(`Trial ${id}`);

  const head = h("div", {class: "head"});
  const parts = h("div");
  const order = orderSection(page, id);
  const attempts = attemptsSection();
  const figures = figuresSection(page);
  const output = outputSection(page, id);
  const events = eventsSection(page, id);
  const files = filesSection(page, id);
  parts.append(
    order.section,
    figures.section,
    output.section,
    attempts.section,
    events.section,
    files.section,
    settings(detail.spec),
  );
  page.root.append(head, h("p", {class: "outcome", role: "status"}), parts);

  function show() {
    showHead(head, page, detail, sweeps, sweep, sweepId);
    order.show(detail.trial);
    attempts.show(detail);
    figures.show(list(detail.metrics));
    output.show(detail);
  }
  const anew = atMostEach(kAnewEachMillis, async () => {
    detail = await page.call("SweepService", "GetTrial", {trialId: id}).catch(() => detail); // the banner says why
    if (!page.signal.aborted) show();
  });
  page.signal.addEventListener("abort", () => anew.stop());
  page.follow(
    {trial: id},
    ({trial, event}) => {
      if (trial && int(trial.trialId) === id) {
        const isAnother = trial.state !== detail.trial.state || trial.attempt !== detail.trial.attempt;
        detail.trial = {...trial, labels: list(trial.labels).length > 0 ? trial.labels : detail.trial.labels};
        showHead(head, page, detail, sweeps, sweep, sweepId);
        if (isAnother) {
          page.say(`The trial is ${trial.state} now.`);
          anew();
        }
      }
      if (event) {
        events.add(event);
        if (event.metric) anew();
      }
    },
    () => {
      anew();
      events.load().catch(() => {});
    },
  );

  show();
  await Promise.all([events.load(), files.load()]);
}

function settings(spec) {
  const pairs = list(spec?.settings);
  return h(
    "section",
    {},
    h("h2", {}, "Settings"),
    h(
      "details",
      {},
      h("summary", {}, `${pairs.length} keys`),
      h(
        "dl",
        {},
        pairs.map(({key, value}) => [h("dt", {}, key), h("dd", {}, value ?? "")]),
      ),
    ),
  );
}
