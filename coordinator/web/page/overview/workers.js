import {fill, h, heading, scrolling} from "../base/dom.js";
import {routeTo} from "../base/route.js";
import {stateWord} from "../base/state_bar.js";
import {agoText, bytesText, counted} from "../base/text.js";
import {int, list} from "../service/wire.js";

const kEachMillis = 5000; // one small question; nothing is asked while the tab is hidden

/// Workers with their devices, what they run, their marks and disks.
export function workersSection(page) {
  const body = h("tbody");
  const note = h("p", {class: "note"});

  async function load() {
    const reply = await page.call("SweepService", "ListWorkers");
    const workers = list(reply.workers);
    fill(body, workers.map(workerRow));
    const none = page.person.mayChange ? "None yet. Start one with: oodml-worker" : "None: nothing runs here.";
    if (workers.length === 0) fill(body, h("tr", {}, h("td", {colspan: 6}, none)));
    const left = int(reply.workersLeftOut);
    fill(note, left > 0 && `${counted(left, "more worker")} had no room here: oodml workers shows them`);
  }

  const timer = setInterval(() => {
    if (!document.hidden) load().catch(() => {}); // the banner says when nothing comes through
  }, kEachMillis);
  page.signal.addEventListener("abort", () => clearInterval(timer));

  const section = h(
    "section",
    {"aria-labelledby": "workers"},
    h("h2", {id: "workers"}, "Workers"),
    scrolling("Workers", h("table", {}, heading(["Worker", "State", "Devices", "Runs", "Disk", "Last seen"]), body)),
    note,
  );
  return {section, load};
}

function workerRow(summary) {
  const worker = summary.worker ?? {};
  const running = list(summary.runningTrials).map(int);
  const why = [
    worker.setAside,
    ...list(worker.slots).map((slot) => slot.setAside && `${slot.name}: ${slot.setAside}`),
    summary.mark && `${summary.mark}${summary.markReason ? `: ${summary.markReason}` : ""}`,
  ];
  return h(
    "tr",
    {"data-worker": worker.workerId},
    h("th", {scope: "row"}, worker.workerId, worker.host !== worker.workerId && h("div", {class: "note"}, worker.host)),
    h(
      "td",
      {},
      stateWord(summary.state ?? ""),
      why.filter(Boolean).map((words) => h("div", {class: "note"}, words)),
    ),
    h(
      "td",
      {},
      devicesText(list(worker.slots)),
      h("div", {class: "note"}, `${running.length} of ${list(worker.slots).length} busy`),
    ),
    h(
      "td",
      {},
      running.length === 0
        ? "-"
        : running.map((id, i) => [
            i > 0 && ", ",
            h("a", {href: routeTo(["trial", id]), "data-key": `run-${id}`}, String(id)),
          ]),
    ),
    h("td", {}, diskText(worker.disk)),
    h("td", {}, agoText(int(summary.lastSeenMillis))),
  );
}

/// "4 × NVIDIA H200, AMD EPYC 9654".
function devicesText(slots) {
  const kinds = new Map();
  for (const slot of slots) {
    const kind = slot.model || (slot.device ?? "").split(":")[0] || slot.name;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, count]) => (count > 1 ? `${count} × ${kind}` : kind)).join(", ") || "none";
}

function diskText(disk) {
  if (!disk) return "-";
  return `${bytesText(int(disk.runsBytes))} in ${counted(int(disk.runs), "run")}, ${bytesText(int(disk.freeBytes))} free`;
}
