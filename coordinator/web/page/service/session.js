// Who is looking: /session says whether a log-in is wanted, and holds the value that calls must repeat.

let document_ = {};

/// Reads /session. {needsLogin, canLogOut, name, role}; throws where the coordinator cannot be reached.
export async function readSession() {
  const response = await fetch("session", {credentials: "same-origin", cache: "no-store"});
  if (!response.ok && response.status !== 401) throw new Error(`/session answered ${response.status}`);
  document_ = response.ok ? await response.json() : {};
  return {
    needsLogin: !document_.csrf,
    canLogOut: document_.logIn === true,
    name: document_.name ?? "",
    role: document_.role ?? "",
  };
}

export const csrf = () => document_.csrf ?? "";

/// What is wrong with the token in words, or nothing.
export async function logIn(token) {
  const response = await send("login", {token});
  if (response.ok) return "";
  if (response.status === 429) return "Too many attempts from this address: wait a little and try again.";
  const said = await response.json().catch(() => ({}));
  return said.message ?? "This token is not known to the coordinator.";
}

export async function logOut() {
  await send("logout", {});
  document_ = {};
}

function send(path, body) {
  return fetch(path, {
    method: "POST",
    headers: {"Content-Type": "application/json", "X-OODML-CSRF": csrf()},
    body: JSON.stringify(body),
    credentials: "same-origin",
  });
}
