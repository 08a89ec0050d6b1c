// The trials of a sweep in a list of which only the rows in sight exist: 100 000 scroll as ten do.
import {choice, field, fill, h, heading, keyed, setText} from "../base/dom.js";
import {changeQuery, routeTo} from "../base/route.js";
import {stateWord} from "../base/state_bar.js";
import {counted} from "../base/text.js";
import {VirtualRows} from "../base/virtual_rows.js";
import {valueText} from "../results/metrics.js";
import {atMostEach} from "../service/live.js";
import {countsOf, int, kStates, labelOf} from "../service/wire.js";
import {trialNote} from "../trial/words.js";
import {filterControls, filterOf, tellingAxes} from "./selection.js";
import {TrialPages} from "./trial_pages.js";

const kNumbers = ["Try", "Epoch", "Best R@1, %", "Last R@1, %"];
const kRowHeight = 32; // as in style.css
const kRenewEachMillis = 500; // rows of a large sweep are asked for again at most so often

export async function trialsTab(sweep, route, page, section) {
  const state = route.query.get("state") ?? "";
  const filter = filterOf(route);
  const pages = new TrialPages(page, sweep, {states: state ? [state] : [], filter});
  const axes = tellingAxes(sweep).map((axis) => axis.axis);
  const table = h(
    "table",
    {class: "trials"},
    h("caption", {class: "unseen"}, "Trials"),
    heading(["Trial", "State", ...axes, "Try", "Worker", "Epoch", "Best R@1, %", "Last R@1, %", "Note"], kNumbers),
  );
  const box = h("div", {class: "rows", role: "region", "aria-label": "Trials, scrolls", tabindex: "0"}, table);
  const count = h("p", {class: "note", role: "status"});

  /// Rows there will be, as far as it is known before the last page has come.
  function expected() {
    if (pages.isWhole) return pages.trials.length;
    const all = state ? countsOf(sweep.summary)[state] : int(sweep.summary.trials);
    return filter.length === 0 ? Math.max(all, pages.trials.length) : pages.trials.length + 1;
  }
  function showCount() {
    rows.setCount(expected());
    const known = filter.length === 0 || pages.isWhole;
    setText(count, known ? counted(expected(), "trial") : `${counted(pages.trials.length, "trial")} so far`);
  }
  const rows = new VirtualRows({
    box,
    table,
    height: kRowHeight,
    rowAt: (i) => (pages.trials[i] ? trialRow(pages.trials[i], axes, sweep) : emptyRow(axes.length + 8)),
    onRange: (first, end) => {
      if (end > pages.trials.length && !pages.isWhole) reach(end);
    },
  });
  const reach = (end) => pages.reach(end, showCount).catch((error) => setText(count, error.message));

  const renew = atMostEach(kRenewEachMillis, async () => {
    const first = Math.floor(box.scrollTop / kRowHeight);
    await pages.renew(first, first + Math.ceil(box.clientHeight / kRowHeight) + 1).catch(() => {}); // the banner says why
    rows.refresh();
  });
  page.signal.addEventListener("abort", () => {
    rows.end();
    renew.stop();
  });

  if (sweep.firstTrials && !state && filter.length === 0) pages.take(sweep.firstTrials);
  sweep.firstTrials = null;
  await pages.reach(1, () => {});
  if (route.query.get("open") === "1" && pages.isWhole && pages.trials.length === 1) {
    return void location.replace(routeTo(["trial", int(pages.trials[0].trialId)], {sweep: sweep.id}));
  }
  fill(
    section,
    h(
      "div",
      {class: "controls"},
      field(
        "State",
        keyed(
          "state",
          choice([["", "all"], ...kStates], state, (value) => changeQuery(route, {state: value, open: ""})),
        ),
      ),
      filterControls(sweep, route),
    ),
    count,
    box,
  );
  showCount();
  return {
    refresh: () => renew(),
    hearSummary() {
      showCount();
      if (!sweep.isFollowed) renew(); // else each trial's news come by themselves
    },
    /// How far a trial is: its summary comes only when its state changes.
    hearEvent({trialId, progress, metric}) {
      const isRecall = metric?.set === "test" && metric.name === "e_recall@1";
      const trial = pages.find(trialId);
      if (!trial || !(progress || isRecall)) return;
      pages.put({...trial, ...(progress ? {progress} : {newestRecall: metric})}, false);
      rows.refreshSoon();
    },
    hearTrial(trial) {
      if (pages.put(trial, false) !== undefined) rows.refreshSoon();
    },
  };
}

function trialRow(trial, axes, sweep) {
  const id = int(trial.trialId);
  const attempt = int(trial.attempt);
  const recall = (metric) => (metric ? valueText("e_recall@1", Number(metric.value ?? 0)) : "");
  const note = trialNote(trial);
  return h(
    "tr",
    {"data-trial": id},
    h(
      "th",
      {scope: "row"},
      h("a", {href: routeTo(["trial", id], {sweep: sweep.id}), "data-key": `trial-${id}`}, String(id)),
    ),
    h("td", {}, stateWord(trial.state ?? "")),
    axes.map((axis) => h("td", {}, labelOf(trial.labels, axis))),
    h("td", {class: "number"}, attempt > 0 ? String(attempt) : ""),
    h("td", {}, trial.workerId ? `${trial.workerId} ${trial.slot ?? ""}` : ""),
    h("td", {class: "number"}, trial.progress ? `${int(trial.progress.epoch)}/${int(trial.progress.epochsTotal)}` : ""),
    h("td", {class: "number"}, recall(trial.bestRecall)),
    h("td", {class: "number"}, recall(trial.newestRecall)),
    h("td", {title: note}, note),
  );
}

/// Of a trial that is still on its way.
function emptyRow(columns) {
  return h(
    "tr",
    {},
    h("th", {scope: "row"}, "…"),
    Array.from({length: columns - 1}, () => h("td")),
  );
}
