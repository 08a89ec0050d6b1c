// Where the page is, as the part of the address behind the #: #/sweep/3/map?x=split&y=criterion. Links can be shared.

/// {path: ["sweep", "3", "map"], query: URLSearchParams}
export function parseRoute(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  return {path: path.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(query)};
}

/// The address of a place; values that are empty or undefined are left out, lists give a value each.
export function routeTo(path, query = {}) {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null && one !== "") words.append(key, one);
  }
  const text = words.toString();
  return "#/" + path.map((part) => encodeURIComponent(part)).join("/") + (text ? "?" + text : "");
}

/// The same place with some values changed, as a page of its own in the browser's history or in the place of this one.
export function changeQuery(route, changes, {replace = false} = {}) {
  const query = {};
  for (const key of new Set(route.query.keys())) query[key] = route.query.getAll(key);
  const target = routeTo(route.path, {...query, ...changes});
  if (replace) location.replace(target);
  else location.hash = target;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that somebody typed
  }
}
