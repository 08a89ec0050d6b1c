// What the trial has said. Long lists keep their newest lines; `oodml logs` has them all.
import {h, setText} from "../base/dom.js";
import {timeText} from "../base/text.js";
import {int, list} from "../service/wire.js";
import {eventText} from "./words.js";

const kPage = 1000;
const kMostRead = 20_000;
const kMostShown = 500;

export function eventsSection(page, id) {
  const lines = h("ol", {class: "events"});
  const note = h("p", {class: "note"});
  const box = h("pre", {tabindex: "0", role: "region", "aria-label": "Events, scrolls"}, lines);
  const section = h("section", {"aria-labelledby": "events"}, h("h2", {id: "events"}, "Events"), note, box);
  let seen = 0;
  const shown = new Set();

  function add(event) {
    const key = `${int(event.attempt)}/${int(event.sequence)}`;
    const text = eventText(event);
    if (shown.has(key) || text === "") return;
    shown.add(key);
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    lines.append(
      h(
        "li",
        {},
        h("span", {class: "note"}, `${timeText(int(event.timeMillis)).slice(11, 19)} #${int(event.attempt)} `),
        text,
      ),
    );
    if (lines.childElementCount > kMostShown) {
      lines.firstChild.remove();
      setText(note, `The newest ${kMostShown}; all of them: oodml logs ${id}`);
    }
    if (isAtEnd) box.scrollTop = box.scrollHeight;
  }

  /// From where the last reading ended.
  async function load() {
    for (let more = true; more && seen < kMostRead;) {
      const reply = await page.call("SweepService", "GetTrial", {trialId: id, eventsAfter: seen, maxEvents: kPage});
      const events = list(reply.events);
      for (const event of events.slice(-kMostShown)) add(event);
      seen += events.length;
      more = events.length > 0 && (events.length === kPage || int(reply.eventsLeftOut) > 0);
    }
    if (lines.childElementCount === 0) setText(note, "None yet.");
    else if (note.textContent === "None yet.") setText(note, "");
    box.scrollTop = box.scrollHeight;
  }
  return {
    section,
    add: (event) => {
      if (note.textContent === "None yet.") setText(note, "");
      add(event);
    },
    load,
  };
}
