// Any figure over epochs: a curve a row, with a band of a standard deviation over its seeds.
import {chart} from "../base/chart.js";
import {choice, field, fill, h, keyed, setText} from "../base/dom.js";
import {kColours} from "../base/palette.js";
import {changeQuery} from "../base/route.js";
import {meanCourses, readCourses, rowsOf} from "../results/courses.js";
import {fewShotFigure, isGiven, metricOf, titleInUnit} from "../results/metrics.js";
import {list} from "../service/wire.js";
import {axisText, factorOf} from "../results/units.js";
import {byControl, filterControls, filterOf, usualTable} from "./selection.js";

const kMostTrials = 5000; // whose courses are read without being asked for twice
const kMostRows = 16;

export async function curvesTab(sweep, route, page, section) {
  const usual = await usualTable(sweep, page);
  const figures = await measuredFigures(sweep, page, usual.metrics);
  const figure =
    route.query.get("figure") ??
    (figures.includes("test:e_recall@1") ? "test:e_recall@1" : (figures[0] ?? "train:loss"));
  const chosenBy = route.query.getAll("by");
  const by = chosenBy.length > 0 ? chosenBy : usual.by;
  const progress = h("p", {class: "note", role: "status"});
  const most = route.query.get("all") === "1" ? Infinity : kMostTrials;

  async function load() {
    if (section.childElementCount < 2) fill(section, progress);
    const read = await readCourses(sweep.id, figure, {
      most,
      signal: page.signal,
      onMore: (n) => setText(progress, `Reading courses: ${n} trials ...`),
    });
    const filter = filterOf(route);
    const mine = read.trials.filter((trial) =>
      filter.every(({axis, label}) => trial.labels.some((one) => one.axis === axis && (one.label ?? "") === label)),
    );
    fill(
      section,
      controls(sweep, route, figure, figures, by),
      picture(figure, rowsOf(mine, by), page.signal),
      !read.isWhole &&
        h(
          "p",
          {class: "note"},
          `Of the first ${read.seen} trials. `,
          h("button", {type: "button", onclick: () => changeQuery(route, {all: "1"})}, "Read all"),
        ),
    );
  }
  await load();
  return {refresh: load};
}

/// What can be drawn over epochs: the test set's usual metrics, and what a trial has measured besides.
async function measuredFigures(sweep, page, metrics) {
  const found = new Set(
    metrics.map((title) => {
      const {set, metric} = metricOf(title);
      return `${set}:${metric}`;
    }),
  );
  const some = await page.call("SweepService", "Get", {
    sweep: {sweepId: sweep.id},
    states: ["succeeded", "running"],
    limit: 1,
  });
  for (const trial of list(some.trials)) {
    const detail = await page.call("SweepService", "GetTrial", {trialId: trial.trialId});
    for (const metric of list(detail.metrics)) found.add(`${metric.set || "test"}:${metric.name}`);
  }
  return [...found].filter((name) => {
    const {metric} = metricOf(name);
    return !isGiven(metric) && !fewShotFigure(metric);
  });
}

function controls(sweep, route, figure, figures, by) {
  const all = figures.includes(figure) ? figures : [figure, ...figures];
  return h(
    "div",
    {class: "controls"},
    field(
      "Figure",
      keyed(
        "figure",
        choice(all, figure, (value) => changeQuery(route, {figure: value})),
      ),
    ),
    byControl(sweep, route, by),
    filterControls(sweep, route),
  );
}

function picture(figure, rows, signal) {
  if (rows.length === 0) return h("p", {}, "No figures yet: the first come with the end of an epoch.");
  const {set, metric} = metricOf(figure);
  const factor = factorOf(metric);
  const shown = rows.slice(0, kMostRows);
  const scaled = (list) => list.map((value) => (value === null ? null : factor * value));
  const {x, rows: courses} = meanCourses(shown);
  const series = courses.map((row) => ({
    name: row.name,
    y: scaled(row.mean),
    low: scaled(row.low),
    high: scaled(row.high),
  }));
  return [
    chart({title: titleInUnit(set, metric), x, xTitle: "epoch", series, height: 380, text: axisText(metric), signal}),
    h(
      "p",
      {class: "note"},
      "Means over the n trials of a row, with a standard deviation to both sides. ",
      rows.length > shown.length &&
        `The first ${shown.length} of ${rows.length} rows: choose fewer axes, or a label of one. `,
      shown.length > kColours && "Colours come again with other dashes.",
    ),
  ];
}
