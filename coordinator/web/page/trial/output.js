// What the trial's process prints, as it prints it: one question that waits on the service, never a loop of questions.
import {choice, field, fill, h, setText} from "../base/dom.js";
import {call} from "../service/call.js";
import {bytesOf, int, isFinal, list} from "../service/wire.js";

const kTailBytes = 65_536;
const kMostShown = 400_000; // characters in the page; oodml logs --output has all
const kWaitMillis = 20_000;
const kPauseMillis = 2000;

export function outputSection(page, id) {
  const text = h("pre", {tabindex: "0", role: "region", "aria-label": "Output, scrolls"});
  const note = h("p", {class: "note", role: "status"});
  const follow = h("input", {type: "checkbox", checked: true});
  const attempts = h("span");
  const details = h(
    "details",
    {},
    h("summary", {}, "Show what its process prints"),
    h("div", {class: "controls"}, attempts, field("Follow", follow)),
    note,
    text,
  );
  const section = h("section", {"aria-labelledby": "output"}, h("h2", {id: "output"}, "Output"), details);
  let trial = {};
  let attempt = 0;
  let ending = new AbortController();
  let shownAttempts = "";

  async function read() {
    ending.abort();
    ending = new AbortController();
    const signal = AbortSignal.any([page.signal, ending.signal]);
    let offset = -kTailBytes;
    const decoder = new TextDecoder();
    fill(text);
    setText(note, "");
    while (!signal.aborted && details.open) {
      try {
        const reply = await call(
          "ArtifactService",
          "ReadOutput",
          {trialId: id, attempt, offset, waitMillis: offset < 0 ? 0 : kWaitMillis},
          {signal},
        );
        const bytes = bytesOf(reply.data);
        offset = int(reply.offset) + bytes.length;
        append(decoder.decode(bytes, {stream: true}));
        if (int(reply.leftOut) > 0)
          setText(note, `${int(reply.leftOut)} bytes beyond what is kept of one attempt are left out.`);
        if (reply.over || (bytes.length === 0 && isFinal(trial.state))) return;
        if (document.hidden) await shown(signal);
      } catch (error) {
        if (signal.aborted) return;
        setText(
          note,
          error.code === "UNIMPLEMENTED" ? "This coordinator does not keep the output of trials." : error.message,
        );
        if (["UNIMPLEMENTED", "NOT_FOUND", "FAILED_PRECONDITION"].includes(error.code)) return;
        await pause(signal);
      }
    }
  }
  function append(more) {
    if (more === "") return;
    text.append(more);
    if (text.textContent.length > kMostShown) setText(text, text.textContent.slice(-kMostShown / 2));
    if (follow.checked) text.scrollTop = text.scrollHeight;
  }
  details.addEventListener("toggle", () => {
    if (details.open) read();
    else ending.abort();
  });
  page.signal.addEventListener("abort", () => ending.abort());

  return {
    section,
    show(detail) {
      const hasBegunAgain = int(detail.trial.attempt) !== int(trial.attempt);
      trial = detail.trial;
      const all = list(detail.attempts).map((one) => String(int(one.attempt)));
      if (all.join() !== shownAttempts) {
        shownAttempts = all.join();
        fill(
          attempts,
          field(
            "Attempt",
            choice([["0", "newest"], ...all], String(attempt), (value) => {
              attempt = Number(value);
              read();
            }),
          ),
        );
      }
      if (hasBegunAgain && details.open && attempt === 0) read();
    },
  };
}

/// Until the tab is looked at again.
function shown(signal) {
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", resolve, {once: true, signal});
    signal.addEventListener("abort", resolve, {once: true});
  });
}

function pause(signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, kPauseMillis);
    signal.addEventListener("abort", resolve, {once: true});
  });
}
