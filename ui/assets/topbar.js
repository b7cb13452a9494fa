// The bar on top: the name, the pages, light or dark, logging out.

import { el, iconButton } from "./dom.js";
import { PAGES, goToPage, on } from "./shared.js";
import { t } from "./texts.js";

export function mountTopbar({ place, props }) {
  const links = PAGES.map((page) =>
    el("a", { href: `#${page}`, class: "cw-tab", "data-page": page, onclick: (event) => go(event, page) }, t(`page.${page}`)),
  );
  const side = iconButton("menu", t("side.toggle"), () => {
    const open = document.body.classList.toggle("cw-side-open");
    side.setAttribute("aria-expanded", String(open));
  }, { "aria-expanded": "false" });
  side.classList.add("cw-side-button");
  const dark = iconButton("moon", t("theme.toggle"), () => {
    const on = document.body.classList.toggle("dark");
    localStorage.setItem("citewell.theme", on ? "dark" : "light");
  });
  const skip = el("a", { class: "cw-skip", href: "#cw-question", onclick: focusQuestion }, t("skip"));
  place.replaceChildren(
    el("header", { class: "cw-topbar" },
      skip,
      side,
      el("a", { class: "cw-brand", href: "#chat", onclick: (event) => go(event, "chat") },
        el("span", { class: "cw-brand-mark", "aria-hidden": "true" }, "“"), "Citewell"),
      el("nav", { "aria-label": t("nav.label") }, links),
      dark,
      props.value?.login ? el("a", { class: "cw-tab", href: "logout" }, t("logout")) : null,
    ),
  );
  const show = (name) => {
    for (const link of links) {
      if (link.dataset.page === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  on("page", ({ name }) => show(name));
  show(document.body.dataset.cwPage);
}

// `<base href>` would lead a bare "#name" away from an address with a query.
function go(event, page) {
  event.preventDefault();
  goToPage(page);
}

function focusQuestion(event) {
  event.preventDefault();
  document.querySelector("#cw-question textarea")?.focus();
}
