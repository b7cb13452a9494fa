// Mounts each surface of the page on the node that Gradio made for it.

import { closeMenus } from "./dom.js";
import { loadTexts, t } from "./texts.js";
import { showPage } from "./shared.js";
import { mountTopbar } from "./topbar.js";
import { mountThread } from "./thread.js";
import { mountViewer } from "./viewer.js";
import { mountConversations } from "./conversations.js";
import { mountCheck } from "./check.js";
import { mountLibrary } from "./library.js";
import { mountNotebook } from "./notebook.js";

const SURFACES = {
  topbar: mountTopbar,
  thread: mountThread,
  viewer: mountViewer,
  conversations: mountConversations,
  check: mountCheck,
  library: mountLibrary,
  notebook: mountNotebook,
};

let ready = null;

function prepare() {
  ready ??= loadTexts().then(() => {
    const dark = localStorage.getItem("citewell.theme");
    if (dark) document.body.classList.toggle("dark", dark === "dark");
    showPage(location.hash.slice(1));
    window.addEventListener("hashchange", () => showPage(location.hash.slice(1)));
    document.addEventListener("click", (event) => closeMenus(event.target.closest?.(".cw-menu")));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(); });
    const question = document.querySelector("#cw-question textarea");
    question?.setAttribute("aria-label", t("ask.label"));
  });
  return ready;
}

export async function mount(name, surface) {
  await prepare();
  const place = surface.element.querySelector(".cw-surface") ?? surface.element;
  SURFACES[name]({ ...surface, place });
}
