import {chart} from "../base/chart.js";
import {fill, h} from "../base/dom.js";
import {isGiven, titleInUnit, fewShotFigure, valueText} from "../results/metrics.js";
import {axisText, factorOf} from "../results/units.js";
import {int, real} from "../service/wire.js";

/// Each figure of the trial over its epochs; those that have one value as a line of words.
export function figuresSection(page) {
  const charts = h("div", {class: "charts"});
  const single = h("p", {class: "note"});
  const section = h("section", {"aria-labelledby": "figures"}, h("h2", {id: "figures"}, "Figures"), single, charts);
  let drawn = "";
  let ending = new AbortController();
  return {
    section,
    show(metrics) {
      const courses = coursesOf(metrics);
      const state = JSON.stringify([...courses.values()].map((one) => one.x.length));
      if (state === drawn) return;
      drawn = state;
      ending.abort();
      ending = new AbortController();
      const signal = AbortSignal.any([ending.signal, page.signal]);
      const isOne = (one) => one.x.length < 2 || isGiven(one.metric) || fewShotFigure(one.metric);
      const all = [...courses.values()];
      single.textContent =
        all.length === 0
          ? "None yet: the first come with the end of an epoch."
          : all
              .filter(isOne)
              .map((one) => `${one.title} ${valueText(one.metric, one.y.at(-1) / factorOf(one.metric))}`)
              .join(", ");
      fill(
        charts,
        all
          .filter((one) => !isOne(one))
          .map((one) =>
            chart({
              title: one.title,
              x: one.x,
              xTitle: "epoch",
              height: 220,
              series: [{name: one.name, y: one.y}],
              text: axisText(one.metric),
              signal,
            }),
          ),
      );
    },
  };
}

/// By figure: {title, x: epochs, y}; of an epoch that was measured again the later value counts.
function coursesOf(metrics) {
  const courses = new Map();
  for (const {set = "test", embeds = "", name, epoch, value} of metrics) {
    if (set.startsWith("episode-")) continue;
    const key = `${set}:${name}/${embeds}`;
    if (!courses.has(key))
      courses.set(key, {metric: name, name: embeds || name, points: new Map(), title: titleInUnit(set, name)});
    courses.get(key).points.set(int(epoch), factorOf(name) * real(value));
  }
  for (const course of courses.values()) {
    const points = [...course.points].filter(([, value]) => Number.isFinite(value)).sort((a, b) => a[0] - b[0]);
    course.x = points.map(([epoch]) => epoch);
    course.y = points.map(([, value]) => value);
  }
  for (const [key, course] of courses) if (course.x.length === 0) courses.delete(key);
  return courses;
}
