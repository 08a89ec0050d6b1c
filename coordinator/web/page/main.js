// Starts the page: who is looking, then the view that the address names. A view is a function (route, page) that fills
// page.root; what it starts ends with page.signal. It may return {update(route)}, which takes it to another address of
// the same place (another tab, another metric) without beginning anew.
import {fill, h, setText} from "./base/dom.js";
import {parseRoute} from "./base/route.js";
import {offline, online} from "./banner.js";
import {logInForm} from "./log_in.js";
import {problem} from "./problem.js";
import {overview} from "./overview/overview.js";
import {call, callIfThere, refusals} from "./service/call.js";
import {watch} from "./service/live.js";
import {logOut, readSession} from "./service/session.js";
import {sweepView} from "./sweep/sweep.js";
import {trialView} from "./trial/trial.js";

const kViews = {sweep: sweepView, trial: trialView};
const content = document.getElementById("content");
let person = {name: "", role: "", mayChange: false};
let current = new AbortController();
let shown = {place: null, update: null}; // the view that is there, and how it goes to another address of the same place

/// What a view gets: its element, the signal that ends it, who is looking, and words for screen readers.
function pageOf(signal) {
  const root = h("div", {class: "view"});
  return {
    root,
    signal,
    person,
    call: (service, method, request) => call(service, method, request, {signal}),
    callWithin: (narrower, service, method, request) => call(service, method, request, {signal: narrower}),
    callIfThere: (service, method, request, fallback) => callIfThere(service, method, request, fallback, {signal}),
    say: (words) => setText(document.getElementById("said"), words),
    title: (words) => {
      document.title = words ? `${words} · oodml` : "oodml";
    },
    /// As watch(); `onAgain` reads anew what may have been missed.
    follow(query, onMessage, onAgain) {
      const close = watch(query, onMessage, (state) => {
        if (signal.aborted) return;
        if (state.refusal?.code === "UNAUTHENTICATED") return sessionAgain();
        if (state.refusal) return this.fail(state.refusal);
        if (!state.live) return offline(state.retryMillis, sessionAgain);
        online();
        if (state.again)
          sessionAgain().then(() => {
            if (!signal.aborted) onAgain();
          });
      });
      signal.addEventListener("abort", close);
    },
    fail(error) {
      if (signal.aborted) return;
      fill(
        root,
        problem(error, () => showAnew(parseRoute(location.hash), shown.place)),
      );
    },
  };
}

async function show() {
  const route = parseRoute(location.hash);
  const place = route.path.slice(0, 2).join("/");
  if (place === shown.place && shown.update) return shown.update(route);
  await showAnew(route, place);
}

async function showAnew(route, place) {
  end("another view");
  const page = pageOf(current.signal);
  const isAnother = shown.place !== null && shown.place !== place;
  const key = document.activeElement?.dataset.key;
  shown = {place, update: null};
  content.replaceChildren(page.root);
  if (isAnother) {
    content.focus({preventScroll: true});
    scrollTo(0, 0);
  }
  try {
    const view = route.path.length === 0 ? overview : kViews[route.path[0]];
    if (!view) throw Object.assign(new Error(`There is no page ${location.hash}.`), {code: "NOT_FOUND"});
    const handle = await view(route, page);
    if (page.signal.aborted) return;
    shown.update = handle?.update ?? null;
    if (!isAnother && key) content.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({preventScroll: true});
  } catch (error) {
    page.fail(error);
  }
}

/// Ends what the view that is there has started.
function end(why) {
  current.abort(new DOMException(why, "AbortError"));
  current = new AbortController();
}

function showPerson(session) {
  const who = person.name ? `${person.name}, ${person.role}` : person.role;
  fill(
    document.getElementById("person"),
    h("span", {}, person.mayChange ? who : "A database, only to look at"),
    session.canLogOut && h("button", {type: "button", onclick: leave}, "Log out"),
  );
}

async function leave() {
  await logOut();
  await start();
}

/// After an outage the session may have ended with the coordinator.
async function sessionAgain() {
  const session = await readSession().catch(() => null);
  if (session?.needsLogin) await start();
}

let starting = null;

/// Once, however many calls were refused at the same time.
function start() {
  starting ??= startAnew().finally(() => {
    starting = null;
  });
  return starting;
}

async function startAnew() {
  end("log-in");
  shown.update = null;
  try {
    const session = await readSession();
    if (session.needsLogin) return content.replaceChildren(logInForm(session.why, start));
    person = {name: session.name, role: session.role, mayChange: session.mayChange};
    showPerson(session);
    online();
    void show();
  } catch (error) {
    content.replaceChildren(problem(error, start));
    offline(3000, () => {});
    setTimeout(start, 3000);
  }
}

addEventListener("hashchange", show);
refusals.addEventListener("ended", start);
start();
