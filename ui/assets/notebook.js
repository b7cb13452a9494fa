// The notebook: pinned quotes with the questions they answered.

import { announce, el, labelled } from "./dom.js";
import { quoteCard } from "./cards.js";
import { exportMenu } from "./conversations.js";
import { call, on } from "./shared.js";
import { t } from "./texts.js";

export function mountNotebook({ place, server }) {
  const list = el("div", { class: "cw-pins" });
  const menu = exportMenu(server, () => ({ notebook: true }));
  place.replaceChildren(
    el("main", { class: "cw-sheet" },
      el("div", { class: "cw-sheet-head" }, el("h1", {}, t("page.notebook")), menu),
      list));

  async function refresh() {
    const { pins } = await call(server, "pins");
    menu.hidden = pins.length === 0;
    const quotes = pins.map((pin) => pin.quote);
    list.replaceChildren(...pins.map((pin, number) =>
      el("section", { class: "cw-pin" },
        el("h2", { class: "cw-asked", dir: "auto" }, pin.question),
        quoteCard(pin.quote, { quotes, number, actions: [labelled("close", t("unpin"), async () => {
          await call(server, "unpin", { id: pin.id });
          announce(t("unpinned"));
          await refresh();
        })] }))));
    if (!pins.length) list.append(el("p", { class: "cw-note" }, t("notebook.empty")));
  }

  on("pinned", refresh);
  on("page", ({ name }) => { if (name === "notebook") refresh(); });
  refresh();
}
