import {choice, field, fill, h, heading, keyed, scrolling} from "../base/dom.js";
import {changeQuery, routeTo} from "../base/route.js";
import {countsText, stateBar, stateWord} from "../base/state_bar.js";
import {ago} from "../base/ago.js";
import {countsOf, int, list} from "../service/wire.js";

const kPage = 50;

/// The table of sweeps: a page from the service, kept up to date by what the service says happens.
export function sweepsSection(route, page) {
  const before = route.query.get("before") ?? "0";
  const archived = route.query.get("archived") === "1";
  const body = h("tbody");
  const more = h("p", {class: "pages"});
  const rows = new Map();

  function put(sweep, atTop) {
    const id = int(sweep.sweepId);
    const row = sweepRow(sweep);
    const old = rows.get(id);
    rows.set(id, row);
    if (old) old.replaceWith(keepFocus(old, row));
    else if (atTop) body.prepend(row);
    else body.append(row);
  }

  async function load() {
    const reply = await page.call("SweepService", "List", {limit: kPage, beforeSweepId: before, archived});
    rows.clear();
    fill(body);
    for (const sweep of list(reply.sweeps)) put(sweep, false);
    if (rows.size === 0)
      fill(body, h("tr", {}, h("td", {colspan: 6}, "None here yet. Submit one with: oodml submit SWEEP.yaml")));
    const next = int(reply.nextBeforeSweepId);
    fill(
      more,
      before !== "0" && h("a", {href: routeTo([], {archived: archived ? "1" : ""})}, "Newest"),
      next !== 0 && h("a", {href: routeTo([], {before: next, archived: archived ? "1" : ""})}, "Older"),
    );
  }

  /// New ones come to the top of the newest page; those of other pages are not shown here.
  function hear({sweep, gone}) {
    if (gone) {
      rows.get(int(gone.sweepId))?.remove();
      rows.delete(int(gone.sweepId));
    }
    if (!sweep) return;
    const id = int(sweep.sweepId);
    const isNew = before === "0" && !archived && id > Math.max(0, ...rows.keys());
    if (isNew && rows.size === 0) fill(body);
    if (rows.has(id) || isNew) put(sweep, true);
  }
  /// The stream begins with the full state: after the page, nothing is missed between the two.
  const begin = async () => {
    await load();
    page.follow({all: 1}, hear, () => load().catch(() => {}));
  };

  const which = keyed(
    "which",
    choice(
      [
        ["", "present"],
        ["1", "archived"],
      ],
      archived ? "1" : "",
      (value) => changeQuery(route, {archived: value, before: ""}),
    ),
  );
  const section = h(
    "section",
    {"aria-labelledby": "sweeps"},
    h("div", {class: "heading"}, h("h2", {id: "sweeps"}, "Sweeps"), field("Show", which)),
    scrolling(
      "Sweeps",
      h(
        "table",
        {class: "sweeps"},
        heading(["Sweep", "State", "Trials", "Owner", "Priority", "Submitted"], ["Priority"]),
        body,
      ),
    ),
    more,
  );
  return {section, begin};
}

function sweepRow(sweep) {
  const id = int(sweep.sweepId);
  const counts = countsOf(sweep);
  const created = int(sweep.createdMillis);
  return h(
    "tr",
    {"data-sweep": id},
    h(
      "th",
      {scope: "row"},
      h("a", {href: routeTo(["sweep", id]), "data-key": `sweep-${id}`}, `${id} ${sweep.name ?? ""}`),
    ),
    h("td", {}, stateWord(sweep.state ?? ""), sweep.pausedBecause && h("div", {class: "note"}, sweep.pausedBecause)),
    h(
      "td",
      {class: "progress"},
      stateBar(counts),
      h("span", {class: "note"}, `${int(sweep.trials)}: ${countsText(counts)}`),
    ),
    h("td", {}, sweep.owner || "-"),
    h("td", {class: "number"}, String(int(sweep.priority))),
    h("td", {}, ago(created)),
  );
}

/// A row that is made anew under the keyboard's focus keeps it.
function keepFocus(old, row) {
  if (old.contains(document.activeElement)) queueMicrotask(() => row.querySelector("a")?.focus({preventScroll: true}));
  return row;
}
