// Recall (or another metric) against the FID of the splits: how far a method holds as test data move away.
import {chart} from "../base/chart.js";
import {fill, h} from "../base/dom.js";
import {metricOf, titleInUnit} from "../results/metrics.js";
import {constantAxes, queryResults, spreadOf, statisticOf} from "../results/query.js";
import {axisText, factorOf} from "../results/units.js";
import {labelOf} from "../service/wire.js";
import {
  byControl,
  chosenMetric,
  chosenPoint,
  filterControls,
  filterOf,
  metricControl,
  pointControl,
  usualTable,
} from "./selection.js";

const kFid = {set: "test", metric: "fid"};
const kMostSeries = 16;

export async function shiftTab(sweep, route, page, section) {
  const usual = await usualTable(sweep, page);
  if (!sweep.axes.some((axis) => axis.axis === "split")) {
    return fill(section, h("p", {}, "This sweep has no axis split: there is nothing to hold against the FID."));
  }
  if (!usual.metrics.includes("fid")) {
    return fill(
      section,
      h("p", {}, "No trial has reported the FID of its split; wanted are split ids whose file gives one."),
    );
  }
  const metric = chosenMetric(route, usual.metrics);
  const point = chosenPoint(route);
  const chosen = route.query.getAll("by");
  const by = (chosen.length > 0 ? chosen : usual.by).filter((axis) => axis !== "split");

  async function load() {
    const reply = await queryResults(
      sweep.id,
      {by: ["split", ...by], metrics: ["fid", metric], filter: filterOf(route)},
      {signal: page.signal},
    );
    const others = usual.metrics.filter((one) => one !== "fid");
    fill(
      section,
      h(
        "div",
        {class: "controls"},
        metricControl(route, others),
        pointControl(route),
        byControl(sweep, route, by),
        filterControls(sweep, route),
      ),
      picture(reply, by, metricOf(metric), point, page.signal),
    );
  }
  await load();
  return {refresh: load};
}

function picture(reply, by, metric, point, signal) {
  const factor = factorOf(metric.metric);
  const series = new Map();
  const fids = new Set();
  const same = constantAxes(reply);
  const telling = by.filter((axis) => !same.includes(axis));
  for (const row of reply.rows) {
    const fid = spreadOf(statisticOf(row, kFid), "last").mean;
    const {mean, sd, n} = spreadOf(statisticOf(row, metric), point);
    if (Number.isNaN(fid) || Number.isNaN(mean)) continue;
    const name = telling.map((axis) => labelOf(row.labels, axis)).join(" ") || "all";
    if (!series.has(name)) series.set(name, new Map());
    series.get(name).set(fid, {mean: factor * mean, sd: n > 1 && !Number.isNaN(sd) ? factor * sd : 0});
    fids.add(fid);
  }
  const x = [...fids].sort((a, b) => a - b);
  if (x.length === 0) return h("p", {}, "No trial of this selection has succeeded yet.");
  const shown = [...series].slice(0, kMostSeries).map(([name, values]) => {
    const at = (get) => x.map((fid) => (values.has(fid) ? get(values.get(fid)) : null));
    return {name, y: at((v) => v.mean), low: at((v) => v.mean - v.sd), high: at((v) => v.mean + v.sd)};
  });
  return [
    chart({
      title: titleInUnit(metric.set, metric.metric),
      x,
      xTitle: "FID of the split",
      series: shown,
      height: 380,
      points: true,
      text: axisText(metric.metric),
      signal,
    }),
    h(
      "p",
      {class: "note"},
      "A point a split: the mean over its trials, with a standard deviation to both sides. ",
      series.size > kMostSeries && `The first ${kMostSeries} of ${series.size} rows.`,
    ),
  ];
}
