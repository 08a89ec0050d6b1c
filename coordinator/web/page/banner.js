// The line over the page that says that it is out of touch, so that nobody takes old figures for new ones.
import {fill} from "./base/dom.js";

const kPatienceMillis = 400; // of an outage that nobody needs to hear of
const banner = document.getElementById("banner");
let timer = 0;

/// `check` is asked beside, as the reason may be that the session ended.
export function offline(retryMillis, check) {
  check();
  if (timer !== 0) return;
  timer = setTimeout(
    () => {
      fill(
        banner,
        "The coordinator cannot be reached. What you see is how it was; the page goes on by itself when it is back.",
      );
      banner.hidden = false;
      document.body.classList.add("away");
    },
    Math.min(kPatienceMillis, retryMillis),
  );
}

export function online() {
  clearTimeout(timer);
  timer = 0;
  banner.hidden = true;
  document.body.classList.remove("away");
}
