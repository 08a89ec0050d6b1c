// Which trials and figures a tab is about, as controls whose values stand in the address.
import {choice, field, h, keyed} from "../base/dom.js";
import {changeQuery} from "../base/route.js";
import {kPoints} from "../results/query.js";
import {metricTitle} from "../results/metrics.js";
import {int, list} from "../service/wire.js";

const kMostChoices = 200;

/// The axes that tell trials apart; a group says the same in one word.
export function tellingAxes(sweep) {
  return sweep.axes.filter((axis) => list(axis.labels).length > 1 && axis.axis !== "group");
}

export const labelsOf = (axis) => list(axis.labels).map((label) => label.label ?? "");

/// [{axis, label}] of the address's `only` values, as QueryResultsRequest.filter wants them.
export function filterOf(route) {
  return route.query.getAll("only").map((text) => {
    const equals = text.indexOf("=");
    return {axis: text.slice(0, equals), label: text.slice(equals + 1)};
  });
}

/// A choice a telling axis: all of it, or one label.
export function filterControls(sweep, route) {
  const chosen = new Map(filterOf(route).map(({axis, label}) => [axis, label]));
  const change = (axis, label) => {
    if (label === null) chosen.delete(axis);
    else chosen.set(axis, label);
    changeQuery(route, {only: [...chosen].map(([name, one]) => `${name}=${one}`), open: ""});
  };
  return tellingAxes(sweep).map((axis) =>
    field(axis.axis, keyed(`only-${axis.axis}`, labelControl(axis, chosen.get(axis.axis), change))),
  );
}

/// A choice; of very many labels a box to type one into.
function labelControl({axis, labels}, chosen, change) {
  if (labels.length > kMostChoices) {
    return h("input", {
      type: "text",
      value: chosen ?? "",
      placeholder: "all",
      size: 8,
      onchange: (event) => change(axis, event.target.value || null),
    });
  }
  const options = labelsOf({labels}).map((label) => [`=${label}`, label || "(empty)"]);
  return choice([["", "all"], ...options], chosen === undefined ? "" : `=${chosen}`, (value) =>
    change(axis, value === "" ? null : value.slice(1)),
  );
}

/// What tables of the sweep have when nothing is chosen: {by, metrics}, and the table itself, or its beginning.
export async function usualTable(sweep, page) {
  const asked = sweep.firstTable ?? page.call("SweepService", "QueryResults", {sweep: {sweepId: sweep.id}});
  sweep.firstTable = null; // it is as new as the view for the first of its tabs only
  const reply = await asked;
  reply.rows = list(reply.rows);
  const statistics = reply.rows.flatMap((row) => list(row.statistics));
  const metrics = new Set(statistics.map(({set = "", metric}) => metricTitle(set, metric)));
  return {by: list(reply.by), metrics: [...metrics], reply, isWhole: int(reply.rowsLeftOut) === 0};
}

/// The metric of the address, or the first of recall at 1 and what there is.
export function chosenMetric(route, metrics) {
  return (
    route.query.get("metric") ??
    (metrics.includes("e_recall@1") ? "e_recall@1" : (metrics.find((m) => m !== "fid") ?? "e_recall@1"))
  );
}

export function metricControl(route, metrics) {
  const chosen = chosenMetric(route, metrics);
  const all = metrics.includes(chosen) ? metrics : [chosen, ...metrics];
  return field(
    "Metric",
    keyed(
      "metric",
      choice(all, chosen, (metric) => changeQuery(route, {metric})),
    ),
  );
}

/// Boxes for the axes of rows.
export function byControl(sweep, route, chosen) {
  return h(
    "fieldset",
    {},
    h("legend", {}, "Rows by"),
    tellingAxes(sweep).map(({axis}) =>
      h(
        "label",
        {},
        h("input", {
          type: "checkbox",
          "data-key": `by-${axis}`,
          checked: chosen.includes(axis),
          onchange: (event) => {
            const by = tellingAxes(sweep)
              .map((one) => one.axis)
              .filter((one) => (one === axis ? event.target.checked : chosen.includes(one)));
            changeQuery(route, {by});
          },
        }),
        ` ${axis}`,
      ),
    ),
  );
}

/// The point of each trial's course whose value counts: best, last or selected.
export function chosenPoint(route) {
  const point = route.query.get("point");
  return Object.hasOwn(kPoints, point ?? "") ? point : "best";
}

export function pointControl(route) {
  const change = (point) => changeQuery(route, {point});
  return field("Of each trial", keyed("point", choice(Object.entries(kPoints), chosenPoint(route), change)));
}
