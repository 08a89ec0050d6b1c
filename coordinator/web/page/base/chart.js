// Curves and points with uPlot (vendor/uplot), in the colours of core/figures; beside each chart stands a legend in
// words, and its numbers as a table for who cannot see it.
import {h, heading, scrolling, setStyle} from "./dom.js";
import {isDark, seriesColour, seriesDash} from "./palette.js";

/// Asked for with the first chart: the other views do without it.
let library = null;
const loaded = () => (library ??= import("../vendor/uplot/uPlot.esm.js"));

/// An element with a chart. `series`: [{name, y, low, high}], lists as long as `x`, null where there is nothing; low and
/// high, where given, are the ends of a band. `height` in pixels. The chart ends with `signal`.
export function chart({title, x, xTitle, series, height = 300, points = false, text, signal}) {
  const box = h("div", {
    class: "chart",
    role: "img",
    "aria-label": `${title}, over ${xTitle}; the table below has the numbers`,
  });
  let plot = null;
  let isComing = false;
  async function draw(width) {
    isComing = true;
    const {default: UPlot} = await loaded();
    if (!signal.aborted)
      plot = new UPlot(options({xTitle, series, height, points, width, text}), columns(x, series), box);
  }
  const observer = new ResizeObserver(() => {
    const width = Math.floor(box.clientWidth);
    if (width < 40) return;
    if (!isComing)
      draw(width).catch(() => box.append("The chart could not be loaded; the table below has its numbers."));
    else if (plot && plot.width !== width) plot.setSize({width, height});
  });
  observer.observe(box);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    plot?.destroy();
  });
  return h(
    "figure",
    {class: "figure"},
    h("figcaption", {}, title),
    box,
    legend(series),
    numbers(title, x, xTitle, series, text),
  );
}

function columns(x, series) {
  return [x, ...series.flatMap((one) => (one.low ? [one.y, one.low, one.high] : [one.y]))];
}

function options({xTitle, series, height, points, width, text}) {
  const line = isDark() ? "#e8eaed" : "#1b1d21";
  const grid = {stroke: isDark() ? "#33383f" : "#e3e5e9", width: 1};
  const axis = {stroke: line, grid, ticks: grid, font: "12px system-ui"};
  const plotted = [{}];
  const bands = [];
  series.forEach((one, number) => {
    const stroke = seriesColour(number);
    const at = plotted.length;
    plotted.push({
      label: one.name,
      stroke,
      width: 2,
      dash: seriesDash(number),
      spanGaps: true,
      points: {show: points, size: 7, fill: stroke},
    });
    if (!one.low) return;
    plotted.push({stroke: "transparent", points: {show: false}}, {stroke: "transparent", points: {show: false}});
    bands.push({series: [at + 2, at + 1], fill: stroke + "2b"});
  });
  return {
    width,
    height,
    series: plotted,
    bands,
    legend: {show: false},
    cursor: {drag: {x: true, y: true}},
    scales: {x: {time: false}},
    axes: [
      {...axis, label: xTitle, labelSize: 18},
      {...axis, size: 58, values: (_, ticks) => ticks.map(text.short)},
    ],
  };
}

function legend(series) {
  if (series.length < 2) return null;
  return h(
    "ul",
    {class: "legend"},
    series.map((one, number) => {
      const swatch = h("span", {class: "swatch", "aria-hidden": "true"});
      setStyle(swatch, {
        "border-top": `3px ${seriesDash(number).length > 0 ? "dashed" : "solid"} ${seriesColour(number)}`,
      });
      return h("li", {}, swatch, one.name);
    }),
  );
}

function numbers(title, x, xTitle, series, text) {
  const names = series.map((one) => one.name);
  const details = h("details", {}, h("summary", {}, "Numbers"));
  // Made when somebody opens it: a page of many charts would hold very many cells.
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    details.append(
      scrolling(
        `Numbers of ${title}`,
        h(
          "table",
          {},
          heading([xTitle, ...names], names),
          h(
            "tbody",
            {},
            x.map((place, i) =>
              h(
                "tr",
                {},
                h("th", {scope: "row"}, String(place)),
                series.map((one) => h("td", {class: "number"}, one.y[i] === null ? "-" : text.full(one.y[i]))),
              ),
            ),
          ),
        ),
      ),
    );
  });
  return details;
}
