// Tables of results, as SweepService.QueryResults makes them: the page computes no figure of its own.
import {call} from "../service/call.js";
import {int, labelOf, list, real} from "../service/wire.js";
import {fewShotFigure, isGiven, metricTitle, shownInPercent, valueText} from "./metrics.js";

/// The whole reply, all pages of its rows. `query` as QueryResultsRequest has it.
export async function queryResults(sweepId, query, options) {
  const whole = await call("SweepService", "QueryResults", {...query, sweep: {sweepId}}, options);
  whole.rows = list(whole.rows);
  let page = whole;
  while (int(page.rowsLeftOut) > 0) {
    page = await call(
      "SweepService",
      "QueryResults",
      {...query, sweep: {sweepId}, afterRow: whole.rows.length},
      options,
    );
    if (list(page.rows).length === 0) break;
    whole.rows.push(...page.rows);
  }
  return whole;
}

export const kPoints = {best: "best epoch", last: "last epoch", selected: "best by validation"};

/// {n, mean, sd, halfWidth} of a statistic at a point; NaN where there is none.
export function spreadOf(statistic, point) {
  const n = int(point === "selected" ? statistic?.selectedN : statistic?.n);
  if (!statistic || n === 0) return {n: 0, mean: NaN, sd: NaN, halfWidth: NaN};
  return {
    n,
    mean: real(statistic[`${point}Mean`]),
    sd: real(statistic[`${point}Sd`]),
    halfWidth: real(statistic[`${point}HalfWidth`]),
  };
}

export function statisticOf(row, {set, metric}) {
  return list(row.statistics).find((one) => (one.set ?? "") === set && one.metric === metric);
}

/// The cell as the command line prints it: "65.23 ± 1.20", with a count of its own where it differs from the row's.
export function cellText(row, {set, metric}, point) {
  const statistic = statisticOf(row, {set, metric});
  const {n, mean, halfWidth} = spreadOf(statistic, point);
  if (n === 0 || Number.isNaN(mean)) return "-";
  let text = valueText(metric, mean);
  if (n > 1 && !Number.isNaN(halfWidth) && !isGiven(metric)) text += ` ± ${valueText(metric, halfWidth)}`;
  return n === int(row.n) ? text : `${text} (${n}/${int(statistic.nExpected)})`;
}

/// The columns of figures of a reply: {set, metric, point, title, under}. Distances have no best epoch.
export function figuresOf(reply) {
  const figures = [];
  const seen = new Set();
  for (const {set = "", metric} of reply.rows.flatMap((row) => list(row.statistics))) {
    const title = metricTitle(set, metric);
    if (seen.has(title)) continue;
    seen.add(title);
    const add = (point, under) =>
      figures.push({set, metric, point, under, title: reply.over ? `AGS(${title})` : title});
    const fewShot = fewShotFigure(metric);
    if (fewShot) {
      add("last", fewShot.kind);
      continue;
    }
    if (shownInPercent(metric)) add("best", "best");
    add("last", "last");
    if (reply.rows.some((row) => int(statisticOf(row, {set, metric})?.selectedN) > 0)) add("selected", "val-best");
  }
  return figures;
}

/// The axes of the rows whose label is the same in all of several rows: said once, not in a column.
export function constantAxes(reply) {
  if (reply.rows.length < 2) return [];
  return list(reply.by).filter((axis) => {
    const first = labelOf(reply.rows[0].labels, axis);
    return reply.rows.every((row) => labelOf(row.labels, axis) === first);
  });
}
