// Who is looking: /session says whether a log-in is wanted, and holds the value that calls must repeat.

let document_ = {};

/// Reads /session. {needsLogin, why, canLogOut, name, role, mayChange}; throws where the coordinator cannot be reached.
export async function readSession() {
  const response = await fetch("session", {credentials: "same-origin", cache: "no-store"});
  if (!response.ok && response.status !== 401) throw new Error(`/session answered ${response.status}`);
  const said = response.ok ? await response.json() : await response.json().catch(() => ({})); // or a proxy's page
  document_ = response.ok ? said : {};
  return {
    needsLogin: !document_.csrf,
    why: response.ok ? "" : (said.why ?? ""),
    canLogOut: document_.logIn === true,
    name: document_.name ?? "",
    role: document_.role ?? "",
    mayChange: document_.mayChange !== false,
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
