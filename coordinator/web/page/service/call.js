// Calls of the coordinator's services as JSON: POST /api/v1/SERVICE/METHOD (docs/web.md).
import {csrf, readSession} from "./session.js";

/// What the coordinator, or the way to it, said no with. `code` is a gRPC code by name (NOT_FOUND), or OFFLINE.
export class CallError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/// Told of calls that were refused because the session has ended.
export const refusals = new EventTarget();

const kTimeoutMillis = 60_000;
const kBusyPausesMillis = [500, 1000, 2000, 4000, 8000];

/// The reply's object. Throws CallError, or what `signal` was ended with.
export async function call(service, method, request = {}, {signal} = {}) {
  let response = await post(service, method, request, signal);
  // A coordinator that was started anew has another value; a request that was refused for it has changed nothing.
  if (response.status === 403 && (await csrfHasChanged())) response = await post(service, method, request, signal);
  // A busy coordinator refuses what it has not begun.
  for (const pause of kBusyPausesMillis) {
    if (response.status !== 429) break;
    await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
    if (signal?.aborted) throw signal.reason;
    response = await post(service, method, request, signal);
  }
  if (!response.ok) throw await refusalOf(response);
  return await within(signal, () => response.json());
}

function post(service, method, request, signal) {
  return within(signal, () =>
    fetch(`api/v1/${service}/${method}`, {
      method: "POST",
      headers: {"Content-Type": "application/json", "X-OODML-CSRF": csrf()},
      body: JSON.stringify(request),
      credentials: "same-origin",
      signal: AbortSignal.any([AbortSignal.timeout(kTimeoutMillis), signal].filter(Boolean)),
    }),
  );
}

/// What the network does wrong, in words.
async function within(signal, work) {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new CallError(
      "OFFLINE",
      error.name === "TimeoutError"
        ? "The coordinator takes too long to answer."
        : "The coordinator cannot be reached.",
    );
  }
}

async function csrfHasChanged() {
  const before = csrf();
  await readSession().catch(() => {});
  return csrf() !== "" && csrf() !== before;
}

async function refusalOf(response) {
  let said = {};
  try {
    said = await response.json();
  } catch {
    // A proxy's page: the status has to do.
  }
  if (response.status === 401) refusals.dispatchEvent(new Event("ended"));
  return new CallError(
    codeName(said.code) || codeOfStatus(response.status),
    said.message || `the server answered ${response.status} ${response.statusText}`,
  );
}

function codeName(code) {
  return typeof code === "string" ? code.toUpperCase() : "";
}

function codeOfStatus(status) {
  return (
    {
      401: "UNAUTHENTICATED",
      403: "PERMISSION_DENIED",
      404: "NOT_FOUND",
      429: "RESOURCE_EXHAUSTED",
      501: "UNIMPLEMENTED",
      503: "UNAVAILABLE",
    }[status] ?? "UNKNOWN"
  );
}

/// The reply, or `fallback` where this coordinator does not have the call yet.
export async function callIfThere(service, method, request, fallback, options) {
  try {
    return await call(service, method, request, options);
  } catch (error) {
    if (error.code === "UNIMPLEMENTED") return fallback;
    throw error;
  }
}

/// 32 hexadecimal digits by which the coordinator knows a change that is asked for twice.
export function requestId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
