// What happens, as it happens: GET /api/v1/watch as server-sent events. A hidden tab closes its stream; a broken one is
// opened again, later each time, and begins with the full state.

import {CallError} from "./call.js";

const kFirstPauseMillis = 500;
const kLongestPauseMillis = 10_000;

const kMessages = ["sweep", "trial", "event", "gone"];

/// Follows {all: 1}, {sweep: ID} or {trial: ID}. `onMessage` gets each message as {sweep: ...},
/// {trial: ...}, {event: ...} or {gone: {sweepId}}, `onState` {live, again, retryMillis}:
/// `again` says that something may have been missed, `refusal` why nothing comes any more. Returns what ends it.
export function watch(query, onMessage, onState) {
  const address = "api/v1/watch?" + new URLSearchParams(query);
  let source = null;
  let timer = 0;
  let pause = kFirstPauseMillis;
  let openedBefore = false;
  let ended = false;

  function open() {
    clearTimeout(timer);
    if (ended || document.hidden) return;
    source = new EventSource(address);
    source.onopen = () => {
      pause = kFirstPauseMillis;
      onState({live: true, again: openedBefore});
      openedBefore = true;
    };
    for (const name of kMessages) {
      source.addEventListener(name, (event) => onMessage({[name]: JSON.parse(event.data)}));
    }
    source.addEventListener("end", (event) => leave(JSON.parse(event.data)));
    source.onerror = comeBack;
  }
  /// Told why: a coordinator that stops comes back, what is not there or not allowed does not.
  function leave({code, message}) {
    if (code === "unavailable") return comeBack();
    close();
    onState({live: false, refusal: new CallError(code.toUpperCase(), message)});
  }
  function comeBack() {
    close();
    // Some of chance, so that a hundred pages do not come back in the same instant.
    const wait = pause * (0.75 + Math.random() / 2);
    pause = Math.min(pause * 2, kLongestPauseMillis);
    onState({live: false, retryMillis: wait});
    timer = setTimeout(open, wait);
  }
  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }
  function onVisibility() {
    if (document.hidden) close();
    else if (source === null) open();
  }

  document.addEventListener("visibilitychange", onVisibility);
  open();
  return () => {
    ended = true;
    document.removeEventListener("visibilitychange", onVisibility);
    close();
  };
}

/// Does `work` when it is asked for, but not more often than each `millis`, and for no more than a tenth of the time; the
/// last question counts.
export function atMostEach(millis, work) {
  let last = -Infinity;
  let timer = 0;
  let isRunning = false;
  let isWanted = false;
  async function run() {
    timer = 0;
    isRunning = true;
    isWanted = false;
    const begin = performance.now();
    try {
      await work();
    } finally {
      last = begin + Math.max(0, 10 * (performance.now() - begin) - millis);
      isRunning = false;
      if (isWanted) ask();
    }
  }
  function ask() {
    isWanted = true;
    if (!isRunning && timer === 0) timer = setTimeout(run, Math.max(0, last + millis - performance.now()));
  }
  ask.stop = () => {
    clearTimeout(timer);
    timer = -1;
  };
  return ask;
}
