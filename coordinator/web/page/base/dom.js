// Elements from values. What comes from outside becomes text nodes and attributes, never markup.

/// An element: h("td", {class: "number"}, "65.23"). Keys that begin with "on" are listeners, `style` is an object of
/// properties (set through the CSSOM, as the content security policy wants), false and null are left out.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") setStyle(element, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

export function setStyle(element, properties) {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
}

/// Puts `children` in the place of what the element holds, and keeps the focus on what has the same `data-key`.
export function fill(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key === undefined) return;
  const again = [...element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  if (again) again.focus({preventScroll: true});
}

/// Changes a text only where it differs: selections and screen readers stay undisturbed.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/// What may be wider than a phone scrolls inside itself, by keyboard as well.
export function scrolling(label, ...children) {
  return h("div", {class: "scrolling", role: "region", "aria-label": label, tabindex: "0"}, ...children);
}

/// The heading of a table: a row of titles, those among `numbers` to the right.
export function heading(titles, numbers = []) {
  const cell = (title) => h("th", {scope: "col", class: numbers.includes(title) && "number"}, title);
  return h("thead", {}, h("tr", {}, titles.map(cell)));
}

/// A field with its label: field("Metric", select).
export function field(text, control) {
  return h("label", {class: "field"}, h("span", {}, text), control);
}

/// A choice among [value, text] pairs or plain texts.
export function choice(options, chosen, onChange) {
  const select = h("select", {onchange: () => onChange(select.value)});
  for (const option of options) {
    const [value, text] = Array.isArray(option) ? option : [option, option];
    select.append(h("option", {value, selected: value === chosen}, text));
  }
  return select;
}

/// Gives an element a key by which fill() finds what stands in its place.
export function keyed(key, element) {
  element.dataset.key = key;
  return element;
}
