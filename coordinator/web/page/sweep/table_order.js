// The order of a table's rows: by any column, as its heading is pressed.
import {h, keyed} from "../base/dom.js";
import {changeQuery} from "../base/route.js";
import {figuresOf, spreadOf, statisticOf} from "../results/query.js";
import {labelOf, list} from "../service/wire.js";
import {labelsOf} from "./selection.js";

/// What a column of figures is called in the address.
export const columnKey = ({title, point}) => `${title}/${point}`;

/// Rows in the order of a column: an axis in the order of its file, figures by their value, missing ones last.
export function sorted(sweep, reply, order) {
  if (order === "") return reply;
  const sign = order.startsWith("-") ? -1 : 1;
  const name = order.replace(/^-/, "");
  const axis = list(reply.by).includes(name) ? sweep.axes.find((one) => one.axis === name) : null;
  const places = axis && new Map(labelsOf(axis).map((label, place) => [label, place]));
  const figure = axis ? null : figuresOf(reply).find((one) => columnKey(one) === name);
  if (!axis && !figure) return reply;
  const keys = new Map(
    reply.rows.map((row) => [
      row,
      axis
        ? (places.get(labelOf(row.labels, name)) ?? places.size)
        : spreadOf(statisticOf(row, figure), figure.point).mean,
    ]),
  );
  const missing = (row) => Number.isNaN(keys.get(row));
  return {
    ...reply,
    rows: [...reply.rows].sort((a, b) =>
      missing(a) || missing(b) ? missing(a) - missing(b) : sign * (keys.get(a) - keys.get(b)),
    ),
  };
}

/// A heading that orders the rows: figures from the largest, axes from the first; again turns it round.
export function sortable(route, order, key, title, under, isFigure) {
  const first = isFigure ? `-${key}` : key;
  const second = isFigure ? key : `-${key}`;
  const isMine = order === first || order === second;
  const aria = !isMine ? "none" : order.startsWith("-") ? "descending" : "ascending";
  return h(
    "th",
    {scope: "col", class: isFigure && "number", "aria-sort": aria},
    keyed(
      `sort-${key}`,
      h(
        "button",
        {type: "button", onclick: () => changeQuery(route, {sort: order === first ? second : first})},
        title,
        under && `\n${under}`,
        isMine && (order.startsWith("-") ? " ▼" : " ▲"),
      ),
    ),
  );
}
