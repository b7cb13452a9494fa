// The list of kept conversations: begin, open, name, export, delete.

import { announce, button, download, el, icon } from "./dom.js";
import { call, on, tell } from "./shared.js";
import { t } from "./texts.js";

export const FORMATS = ["markdown", "html", "csl", "bibtex", "annotations"];

export function exportMenu(server, what) {
  const menu = el("details", { class: "cw-menu" },
    el("summary", { class: "cw-quiet" }, t("export")),
    el("div", { class: "cw-menu-list" }, FORMATS.map((format) =>
      button(t(`export.${format}`), async () => {
        menu.open = false;
        try {
          const made = await call(server, "export", { ...what(), format });
          download(made.name, made.type, made.text);
        } catch (error) {
          announce(error.message);
        }
      }),
    )),
  );
  return menu;
}

export function mountConversations({ place, server }) {
  const list = el("ul", { class: "cw-conversations" });
  const fresh = el("button", { type: "button", class: "cw-new", onclick: () => tell("show-conversation", { id: "" }) }, icon("plus"), t("conversation.new"));
  place.replaceChildren(el("nav", { "aria-label": t("conversations") }, fresh, list));
  let current = "";

  async function refresh() {
    const found = await call(server, "conversations");
    list.replaceChildren(...found.conversations.map(item));
  }

  function item(kept) {
    const open = el("button", { type: "button", class: "cw-conversation", dir: "auto", "aria-current": kept.id === current ? "true" : null, onclick: () => tell("show-conversation", { id: kept.id }) }, kept.title);
    const row = el("li", {}, open, rowMenu(kept, () => edit(row, kept)));
    return row;
  }

  function rowMenu(kept, rename) {
    const close = () => { menu.open = false; };
    const menu = el("details", { class: "cw-menu" },
      el("summary", { class: "cw-icon-button", "aria-label": t("conversation.menu", { title: kept.title }) }, icon("more")),
      el("div", { class: "cw-menu-list" },
        button(t("rename"), () => { close(); rename(); }),
        FORMATS.map((format) => button(t(`export.${format}`), async () => {
          close();
          const made = await call(server, "export", { conversation: kept.id, format });
          download(made.name, made.type, made.text);
        })),
        button(t("delete"), async () => {
          close();
          await call(server, "delete_conversation", { id: kept.id });
          if (kept.id === current) tell("show-conversation", { id: "" });
          await refresh();
        }, { class: "cw-danger" }),
      ));
    return menu;
  }

  function edit(row, kept) {
    const field = el("input", { type: "text", value: kept.title, maxlength: "120", "aria-label": t("conversation.name") });
    const done = async () => {
      field.onblur = null;
      await call(server, "rename_conversation", { id: kept.id, title: field.value });
      await refresh();
    };
    field.onblur = done;
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") done();
      if (event.key === "Escape") { field.onblur = null; refresh(); }
    });
    row.replaceChildren(field);
    field.focus();
    field.select();
  }

  on("conversation", ({ id }) => {
    current = id;
    refresh();
  });
}
