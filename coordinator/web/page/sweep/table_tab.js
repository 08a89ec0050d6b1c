// The table of `oodml results`: the coordinator's numbers in the command line's words.
import {field, fill, h, scrolling} from "../base/dom.js";
import {changeQuery} from "../base/route.js";
import {download, resultsCsv} from "../results/csv.js";
import {cellText, constantAxes, figuresOf, queryResults} from "../results/query.js";
import {int, labelOf, list} from "../service/wire.js";
import {byControl, filterControls, filterOf} from "./selection.js";
import {columnKey, sortable, sorted} from "./table_order.js";

export async function tableTab(sweep, route, page, section) {
  const query = {
    by: route.query.getAll("by"),
    filter: filterOf(route),
    metrics: (route.query.get("metrics") ?? "").split(/[\s,]+/).filter(Boolean),
  };
  let reply = null;
  async function load() {
    reply = await queryResults(sweep.id, query, {signal: page.signal});
    show();
  }
  function show() {
    const order = route.query.get("sort") ?? "";
    fill(
      section,
      controls(sweep, route, reply),
      about(reply),
      table(sweep, route, sorted(sweep, reply, order), order),
      notes(reply),
      h(
        "p",
        {},
        h(
          "button",
          {
            type: "button",
            "data-key": "csv",
            onclick: () => download(`${sweep.summary.name}.csv`, resultsCsv(reply), "text/csv"),
          },
          "Download as CSV",
        ),
      ),
    );
  }
  const first = sweep.firstTable;
  sweep.firstTable = null;
  reply = first && (await first);
  if (reply && int(reply.rowsLeftOut) === 0) {
    reply.rows = list(reply.rows);
    show();
  } else await load();
  return {refresh: load};
}

function controls(sweep, route, reply) {
  const metrics = h("input", {
    type: "text",
    value: route.query.get("metrics") ?? "",
    placeholder: "all of the test set",
    "data-key": "metrics",
    onchange: (event) => changeQuery(route, {metrics: event.target.value}),
  });
  return h(
    "div",
    {class: "controls"},
    byControl(sweep, route, list(reply.by)),
    filterControls(sweep, route),
    field("Metrics", metrics),
  );
}

function about(reply) {
  const same = constantAxes(reply).map((axis) => `${axis}=${labelOf(reply.rows[0].labels, axis)}`);
  return h(
    "p",
    {class: "note"},
    `${int(reply.n)}/${int(reply.nExpected)} trials succeeded. `,
    same.length > 0 && `In every row: ${same.join(", ")}. `,
    "Mean ± half-width of the 95 % t-interval over the n trials of a row; shares in %, FID, distances and losses as they are.",
  );
}

function table(sweep, route, reply, order) {
  const figures = figuresOf(reply);
  const constant = constantAxes(reply);
  const axes = list(reply.by).filter((axis) => !constant.includes(axis));
  if (reply.rows.length === 0) return h("p", {}, "No trial is of this selection.");
  const head = h(
    "tr",
    {},
    axes.map((axis) => sortable(route, order, axis, axis, "", false)),
    h("th", {scope: "col", class: "number"}, "n"),
    figures.map((figure) => sortable(route, order, columnKey(figure), figure.title, figure.under, true)),
  );
  const rows = reply.rows.map((row) =>
    h(
      "tr",
      {},
      axes.map((axis, i) => h(i === 0 ? "th" : "td", i === 0 ? {scope: "row"} : {}, labelOf(row.labels, axis))),
      h("td", {class: "number"}, `${int(row.n)}/${int(row.nExpected)}`),
      figures.map((figure) =>
        h("td", {class: "number", "data-figure": columnKey(figure)}, cellText(row, figure, figure.point)),
      ),
    ),
  );
  return scrolling(
    "Results",
    h(
      "table",
      {class: "results"},
      h("caption", {}, `Results of sweep ${sweep.summary.name}`),
      h("thead", {}, head),
      h("tbody", {}, rows),
    ),
    figures.length === 0 && h("p", {}, "No trial of this selection has succeeded yet."),
  );
}

function notes(reply) {
  const words = reply.rows.flatMap((row) =>
    list(row.mixes).map(
      (mix) =>
        `${list(reply.by)
          .map((axis) => `${axis}=${labelOf(row.labels, axis)}`)
          .join(" ")} mixes ${mix}`,
    ),
  );
  return [...words, ...list(reply.notes).map((note) => `The rows are made of ${note}`)].map((text) =>
    h("p", {class: "note"}, text),
  );
}
