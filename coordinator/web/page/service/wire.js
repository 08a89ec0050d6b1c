// protobuf's JSON: whole numbers of 64 bits are texts, what is absent is 0 or empty, NaN is a text.

/// Counts, ids and times of 64 bits; they are far below 2^53.
export const int = (value) => (value === undefined ? 0 : Number(value));

/// "NaN" and "Infinity" as well.
export const real = (value) => (value === undefined ? 0 : Number(value));

export const list = (value) => value ?? [];

/// The label of an axis; "-" where a trial has none.
export function labelOf(labels, axis) {
  const found = list(labels).find((label) => label.axis === axis);
  return found === undefined ? "-" : (found.label ?? "");
}

export const kStates = ["succeeded", "running", "queued", "backoff", "paused", "failed", "cancelled"];

/// {succeeded: 75, ...} with all states.
export function countsOf(sweep) {
  return Object.fromEntries(kStates.map((state) => [state, int(sweep.counts?.[state])]));
}

export const isFinal = (state) => ["succeeded", "failed", "cancelled"].includes(state);

/// The bytes of a base64 text.
export function bytesOf(text) {
  return Uint8Array.from(atob(text ?? ""), (letter) => letter.charCodeAt(0));
}
