// Times that say how long ago they are, and go on saying it while nothing else changes.
import {h, setText} from "./dom.js";
import {agoText, timeText} from "./text.js";

const kEachMillis = 10_000;

/// "3 min 05 s ago", with the time itself for who asks.
export function ago(millis) {
  return h(
    "time",
    {datetime: new Date(millis).toISOString(), title: timeText(millis), "data-millis": millis},
    agoText(millis),
  );
}

setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-millis]"))
    setText(time, agoText(Number(time.dataset.millis)));
}, kEachMillis);
