// What the grid is made of: coloured cells that lead to their trials, and the scale of their colours.
import {h, setStyle} from "../base/dom.js";
import {amountColours} from "../base/palette.js";
import {routeTo} from "../base/route.js";
import {valueText} from "../results/metrics.js";
import {cellText, spreadOf, statisticOf} from "../results/query.js";
import {int} from "../service/wire.js";
import {filterOf} from "./selection.js";

/// A link to the trials behind it; a hole has no trial with a figure, or no trial at all.
export function cell(sweep, {xName, yName, metric, route}, point, range, x, y, row) {
  if (!row) return h("td", {class: "hole"}, h("a", {}, "none"));
  const {mean} = spreadOf(statisticOf(row, metric), point);
  const n = int(row.n);
  const expected = int(row.nExpected);
  const labels = [[xName, x], ...(yName ? [[yName, y]] : [])];
  const only = [
    ...filterOf(route)
      .filter(({axis}) => axis !== xName && axis !== yName)
      .map(({axis, label}) => `${axis}=${label}`),
    ...labels.map(([axis, label]) => `${axis}=${label}`),
  ];
  const link = h("a", {
    href: routeTo(["sweep", sweep.id, "trials"], {only, open: expected === 1 ? "1" : ""}),
    "data-key": `cell-${x}-${y}`,
    title: `${labels.map((pair) => pair.join("=")).join(" ")}: ${cellText(row, metric, point)}, ${n} of ${expected} trials`,
  });
  const td = h("td", {class: Number.isNaN(mean) && "hole"}, link);
  link.append(Number.isNaN(mean) ? "-" : valueText(metric.metric, mean));
  if (n < expected) link.append(h("small", {}, `${n}/${expected}`));
  if (!Number.isNaN(mean)) {
    const share = range.high > range.low ? (mean - range.low) / (range.high - range.low) : 0.5;
    const {background, text} = amountColours(share);
    setStyle(td, {background, color: text});
  }
  return td;
}

/// From the smallest to the largest value of the grid.
export function scale({metric}, {low, high}) {
  if (!(high >= low)) return h("p", {}, "No trial of this selection has succeeded yet.");
  const canvas = h("canvas", {width: 180, height: 1, "aria-hidden": "true"});
  const pen = canvas.getContext("2d");
  for (let i = 0; i < 180; ++i) {
    pen.fillStyle = amountColours(i / 179).background;
    pen.fillRect(i, 0, 1, 1);
  }
  return h("div", {class: "scale"}, valueText(metric, low), canvas, valueText(metric, high));
}
