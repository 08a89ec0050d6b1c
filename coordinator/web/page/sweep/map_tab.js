// The grid: any two axes, a metric as colour, the other axes averaged over. A table, so that readers hear its values.
import {choice, field, fill, h, keyed, scrolling} from "../base/dom.js";
import {changeQuery} from "../base/route.js";
import {metricOf, titleInUnit} from "../results/metrics.js";
import {kPoints, queryResults, spreadOf, statisticOf} from "../results/query.js";
import {labelOf} from "../service/wire.js";
import {cell, scale} from "./map_cells.js";
import {
  chosenMetric,
  chosenPoint,
  filterControls,
  filterOf,
  labelsOf,
  metricControl,
  pointControl,
  tellingAxes,
  usualTable,
} from "./selection.js";

const kMostColumns = 100;
const kMostRows = 200; // more would be neither seen nor drawn in time

export async function mapTab(sweep, route, page, section) {
  const usual = await usualTable(sweep, page);
  const names = tellingAxes(sweep).map((axis) => axis.axis);
  const rows = usual.by.filter((axis) => names.includes(axis));
  const xName = route.query.get("x") ?? rows.at(-1) ?? names.at(-1) ?? sweep.axes.at(-1)?.axis;
  const yName =
    route.query.get("y") ?? rows.filter((axis) => axis !== xName).at(-1) ?? names.find((axis) => axis !== xName) ?? "";
  const what = {xName, yName, metric: metricOf(chosenMetric(route, usual.metrics)), point: chosenPoint(route), route};

  const by = [...new Set([yName, xName].filter(Boolean))];
  const query = {by, metrics: [chosenMetric(route, usual.metrics)], filter: filterOf(route)};
  const show = (reply) => fill(section, controls(sweep, what, names, usual.metrics), map(sweep, what, reply));
  const load = async () => show(await queryResults(sweep.id, query, {signal: page.signal}));

  // The usual table is often this grid already.
  const isUsual = rows.length === by.length && by.every((axis) => rows.includes(axis)) && query.filter.length === 0;
  if (isUsual && usual.isWhole && usual.metrics.includes(query.metrics[0])) show(usual.reply);
  else await load();
  return {refresh: load};
}

function controls(sweep, {xName, yName, route}, names, metrics) {
  const axes = (value, key, none) =>
    keyed(
      key,
      choice([...none, ...names], value, (name) =>
        changeQuery(route, {
          x: xName,
          y: yName,
          [key]: name,
          ...(key === "x" && name === yName ? {y: xName} : {}),
          ...(key === "y" && name === xName ? {x: yName || names.find((one) => one !== name)} : {}),
        }),
      ),
    );
  return h(
    "div",
    {class: "controls"},
    field("Across", axes(xName, "x", [])),
    field("Down", axes(yName, "y", [["", "nothing"]])),
    metricControl(route, metrics),
    pointControl(route),
    filterControls(sweep, route).filter((_, i) => names[i] !== xName && names[i] !== yName),
  );
}

function map(sweep, what, reply) {
  const {xName, yName, metric} = what;
  const axis = (name) => sweep.axes.find((one) => one.axis === name);
  if (!axis(xName)) return h("p", {}, `The sweep has no axis ${xName}.`);
  // Distances have no best epoch.
  const point =
    what.point === "best" && reply.rows.every((row) => Number.isNaN(spreadOf(statisticOf(row, metric), "best").mean))
      ? "last"
      : what.point;
  const key = (x, y) => JSON.stringify([x, y]);
  const cells = new Map(
    reply.rows.map((row) => [key(labelOf(row.labels, xName), yName ? labelOf(row.labels, yName) : ""), row]),
  );
  const means = reply.rows
    .map((row) => spreadOf(statisticOf(row, metric), point).mean)
    .filter((mean) => !Number.isNaN(mean));
  const range = {low: Math.min(...means), high: Math.max(...means)};
  const allX = labelsOf(axis(xName));
  const allY = yName ? labelsOf(axis(yName)) : [""];
  const xs = allX.slice(0, kMostColumns);
  const ys = allY.slice(0, kMostRows);
  const title = `${titleInUnit(metric.set, metric.metric)}, ${kPoints[point]}, by ${[yName, xName].filter(Boolean).join(" and ")}`;
  return [
    scale(metric, range),
    scrolling(
      title,
      h(
        "table",
        {class: "map"},
        h("caption", {}, `${title}; the other axes averaged over`),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", {scope: "col"}, yName ? `${yName} \\ ${xName}` : xName),
            xs.map((x) => h("th", {scope: "col"}, x || "(empty)")),
          ),
        ),
        h(
          "tbody",
          {},
          ys.map((y) =>
            h(
              "tr",
              {},
              h("th", {scope: "row"}, yName ? y || "(empty)" : "all"),
              xs.map((x) => cell(sweep, what, point, range, x, y, cells.get(key(x, y)))),
            ),
          ),
        ),
      ),
    ),
    (xs.length < allX.length || ys.length < allY.length) &&
      h(
        "p",
        {class: "note"},
        `The first ${xs.length} of ${allX.length} columns and ${ys.length} of ${allY.length} rows; the table has them all.`,
      ),
  ];
}
