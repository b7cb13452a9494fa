// Builds nodes. Text only ever becomes a text node or an attribute's value: nothing on this page
// is parsed as markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// A stretch of foreign text whose direction of writing must not spill into its surroundings.
export function foreign(text, className = null) {
  return el("bdi", { class: className }, String(text));
}

export function button(label, onclick, attributes = {}) {
  return el("button", { type: "button", onclick, ...attributes }, label);
}

const SHAPES = {
  open: "M4 5.5A1.5 1.5 0 0 1 5.5 4H10v12H5.5A1.5 1.5 0 0 1 4 14.5zM10 4h4.5A1.5 1.5 0 0 1 16 5.5v9a1.5 1.5 0 0 1-1.5 1.5H10",
  copy: "M7 7V4.5h8.5V13H13M4.5 7H13v8.5H4.5z",
  pin: "M10 12.5V17M6 12.5h8L12.5 9V4.5h-5V9z",
  link: "M8.5 11.5 11.5 8.5M9 6.5l1.8-1.8a3 3 0 0 1 4.4 4.4L13.5 11M11 13.5l-1.8 1.8a3 3 0 0 1-4.4-4.4L6.5 9",
  close: "M5 5l10 10M15 5 5 15",
  up: "M5 12l5-5 5 5",
  down: "M5 8l5 5 5-5",
  menu: "M4 6h12M4 10h12M4 14h12",
  outline: "M4 5.5h12M7 10h9M7 14.5h9",
  moon: "M15.5 12.2A6.2 6.2 0 0 1 7.8 4.5a6.2 6.2 0 1 0 7.7 7.7z",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  warn: "M10 3.5 17.5 16.5H2.5zM10 8.5v4M10 14.6h.01",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  plus: "M10 4v12M4 10h12",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const image = document.createElementNS(space, "svg");
  image.setAttribute("viewBox", "0 0 20 20");
  image.setAttribute("aria-hidden", "true");
  image.setAttribute("class", "cw-icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  image.append(path);
  return image;
}

export function iconButton(name, label, onclick, attributes = {}) {
  return el(
    "button",
    { type: "button", class: "cw-icon-button", "aria-label": label, title: label, onclick, ...attributes },
    icon(name),
  );
}

export function labelled(name, label, onclick, attributes = {}) {
  return el("button", { type: "button", class: "cw-action", onclick, ...attributes }, icon(name), el("span", {}, label));
}

let announcer = null;

// Tells a short message to everybody, screen readers included.
export function announce(message) {
  if (announcer === null) {
    announcer = el("div", { class: "cw-toast", role: "status", "aria-live": "polite" });
    document.body.append(announcer);
  }
  announcer.textContent = message;
  announcer.classList.add("cw-shown");
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => announcer.classList.remove("cw-shown"), 2600);
}

export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Over plain HTTP on a network browsers offer no clipboard but this one.
  const box = el("textarea", { class: "cw-offscreen" });
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// A menu is a <details>; a press outside of it, or Escape, closes it.
export function closeMenus(except = null) {
  for (const menu of document.querySelectorAll(".cw-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}
