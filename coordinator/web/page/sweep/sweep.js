// A sweep: what it is and how far, and tabs with views of its results and trials.
import {fill, h} from "../base/dom.js";
import {routeTo} from "../base/route.js";
import {atMostEach} from "../service/live.js";
import {countsOf, int, list} from "../service/wire.js";
import {curvesTab} from "./curves_tab.js";
import {fileTab} from "./file_tab.js";
import {showHead} from "./head.js";
import {mapTab} from "./map_tab.js";
import {shiftTab} from "./shift_tab.js";
import {tableTab} from "./table_tab.js";
import {trialsTab} from "./trials_tab.js";

/// A tab is a function (sweep, route, page, section): it fills the section, and may return {refresh, hearSummary, hearTrial,
/// hearEvent} for what comes meanwhile.
const kTabs = {
  map: ["Grid", mapTab],
  table: ["Table", tableTab],
  curves: ["Curves", curvesTab],
  shift: ["Recall over FID", shiftTab],
  trials: ["Trials", trialsTab],
  file: ["File", fileTab],
};
const kFollowedTrials = 2000; // of larger sweeps the counts alone are followed, and rows are asked for again
const kResultsEachMillis = 3000; // tables are made anew at most so often
const kFirstTrials = 200;
const kNoReply = {sweepId: 0};

const tabOf = (route) => (Object.hasOwn(kTabs, route.path[2] ?? "") ? route.path[2] : "map");

export async function sweepView(route, page) {
  const id = Number(route.path[1]);
  if (!(id > 0)) throw new Error(`A sweep has a number: ${route.path[1]} is none.`);
  // What the tab will ask first is asked beside: a large sweep takes its time for each answer.
  const tabName = tabOf(route);
  const wantsTable = tabName === "map" || (tabName === "table" && route.query.size === 0);
  const firstTable = wantsTable ? page.call("SweepService", "QueryResults", {sweep: {sweepId: id}}) : null;
  firstTable?.catch(() => {}); // the tab says what is wrong
  const limit = tabName === "trials" ? kFirstTrials : 1;
  const detail = await page.call("SweepService", "Get", {sweep: {sweepId: id}, limit});
  const sweep = {
    id,
    firstTable,
    heard: new Map(), // what the stream told of each trial: an answer that was on its way meanwhile may be older
    firstTrials: limit > 1 ? detail : null,
    summary: detail.sweep ?? kNoReply,
    axes: list(detail.axes),
    yaml: detail.yaml ?? "",
    estimate: detail.estimate,
  };
  page.title(`${id} ${sweep.summary.name}`);

  const head = h("div", {class: "head"});
  const tabs = h("nav", {class: "tabs", "aria-label": "Views of the sweep"});
  const section = h("section", {"aria-live": "off"});
  page.root.append(head, h("p", {class: "outcome", role: "status"}), tabs, section);
  let tab = null;
  let ending = new AbortController();

  async function open(to) {
    ending.abort(new DOMException("another tab", "AbortError"));
    ending = new AbortController();
    const name = tabOf(to);
    fill(
      tabs,
      Object.entries(kTabs).map(([key, [title]]) =>
        h(
          "a",
          {href: routeTo(["sweep", id, key]), "aria-current": key === name && "page", "data-key": `tab-${key}`},
          title,
        ),
      ),
    );
    const signal = AbortSignal.any([page.signal, ending.signal]);
    const inner = {
      ...page,
      signal,
      call: (service, method, request) => page.callWithin(signal, service, method, request),
    };
    if (section.dataset.tab !== name) fill(section, h("p", {class: "note"}, "Loading ..."));
    section.dataset.tab = name;
    section.setAttribute("aria-label", kTabs[name][0]);
    tab = null;
    try {
      const opened = await kTabs[name][1](sweep, to, inner, section);
      if (!signal.aborted) tab = opened ?? null;
    } catch (error) {
      if (!signal.aborted) fill(section, h("p", {class: "error", role: "alert"}, error.message));
    }
  }
  const refreshTab = () => tab?.refresh?.(sweep);
  const later = atMostEach(kResultsEachMillis, refreshTab);

  function takeSummary(summary) {
    const before = sweep.summary;
    if (JSON.stringify(before) === JSON.stringify(summary)) return;
    sweep.summary = summary;
    showHead(head, sweep, page);
    if (tab?.hearSummary) tab.hearSummary();
    else if (ended(summary) !== ended(before)) later();
  }
  async function again() {
    takeSummary((await page.call("SweepService", "Get", {sweep: {sweepId: id}, limit: 1})).sweep);
    await refreshTab();
  }
  function hear({sweep: summary, trial, event}) {
    if (summary && int(summary.sweepId) === id) takeSummary(summary);
    if (trial) {
      sweep.heard.set(int(trial.trialId), trial);
      tab?.hearTrial?.(trial);
    }
    if (event) tab?.hearEvent?.(event);
  }

  showHead(head, sweep, page);
  sweep.isFollowed = int(sweep.summary.trials) <= kFollowedTrials;
  page.follow(sweep.isFollowed ? {sweep: id} : {all: 1}, hear, () => again().catch(() => {}));
  page.signal.addEventListener("abort", () => {
    ending.abort(page.signal.reason);
    later.stop();
  });
  await open(route);
  return {update: open};
}

/// Trials that are over: more of them make other results.
function ended(summary) {
  const {succeeded, failed, cancelled} = countsOf(summary);
  return succeeded + failed + cancelled;
}
