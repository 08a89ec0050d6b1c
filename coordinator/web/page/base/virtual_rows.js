import {h, setStyle} from "./dom.js";

const kSpare = 12; // rows above and below what is seen, so that scrolling shows no gap

/// A table body of very many rows, of which only those in sight exist. `table` lies in the scrolling box `box`; `rowAt(i)`
/// gives a row's element, `onRange(first, end)` hears which ones are seen. Rows are `height` pixels high.
export class VirtualRows {
  constructor({box, table, height, rowAt, onRange}) {
    Object.assign(this, {box, table, height, rowAt, onRange});
    this.count = 0;
    this.above = this.#spacer();
    this.below = this.#spacer();
    this.body = h("tbody");
    table.append(this.body);
    box.addEventListener("scroll", () => this.refreshSoon(), {passive: true});
    this.observer = new ResizeObserver(() => this.refreshSoon());
    this.observer.observe(box);
  }

  /// How many rows there are in all.
  setCount(count) {
    this.count = count;
    this.table.setAttribute("aria-rowcount", count + 1);
    this.refresh();
  }

  /// Makes the rows in sight anew.
  refresh() {
    const header = this.table.tHead?.offsetHeight ?? 0;
    const seen = Math.max(this.box.clientHeight - header, this.height);
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.height) - kSpare);
    const end = Math.min(this.count, Math.ceil((this.box.scrollTop + seen) / this.height) + kSpare);
    const focused = this.body.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const rows = [];
    for (let i = first; i < end; ++i) {
      const row = this.rowAt(i);
      row.setAttribute("aria-rowindex", i + 2); // the heading is the first
      rows.push(row);
    }
    setStyle(this.above.firstChild, {height: `${first * this.height}px`});
    setStyle(this.below.firstChild, {height: `${Math.max(0, this.count - end) * this.height}px`});
    this.body.replaceChildren(this.above, ...rows, this.below);
    if (focused) this.body.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
    this.onRange(first, end);
  }

  /// The same with the next picture, however often it is asked for until then.
  refreshSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.refresh());
  }

  end() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }

  #spacer() {
    const columns = this.table.tHead.rows[0].cells.length;
    return h("tr", {"aria-hidden": "true", class: "spacer"}, h("td", {colspan: columns}));
  }
}
