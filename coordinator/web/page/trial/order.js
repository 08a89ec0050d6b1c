import {fill, h} from "../base/dom.js";
import {routeTo} from "../base/route.js";
import {counted} from "../base/text.js";
import {int, list} from "../service/wire.js";

/// Of a trial that waits: who is before it, and why.
export function orderSection(page, id) {
  const body = h("div");
  const section = h(
    "section",
    {"aria-labelledby": "order", hidden: true},
    h("h2", {id: "order"}, "Who goes first"),
    body,
  );
  let asked = "";
  async function load() {
    const reply = await page.callIfThere("SharingService", "ExplainOrder", {trialId: id}, null);
    section.hidden = reply === null;
    if (reply === null) return;
    fill(
      body,
      h("p", {}, `${counted(int(reply.trialsAhead), "trial")} before it.`),
      list(reply.notes).map((note) => h("p", {}, note)),
      h(
        "ul",
        {},
        list(reply.ahead).map((ahead) =>
          h(
            "li",
            {},
            `${counted(int(ahead.trials), "trial")} of `,
            h(
              "a",
              {href: routeTo(["sweep", int(ahead.sweepId)])},
              `sweep ${int(ahead.sweepId)} ${ahead.sweepName ?? ""}`,
            ),
            ahead.owner && ` by ${ahead.owner}`,
            ahead.why && `: ${ahead.why}`,
          ),
        ),
      ),
    );
  }
  return {
    section,
    show(trial) {
      const waits = trial.state === "queued" || trial.state === "backoff";
      if (!waits) section.hidden = true;
      if (waits && asked !== trial.state)
        load().catch(() => {
          section.hidden = true;
        }); // it began to run meanwhile
      asked = trial.state;
    },
  };
}
