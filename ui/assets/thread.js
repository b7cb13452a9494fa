// The conversation: questions, answers in quote cards, the empty state, "not found".

import { announce, button, el, foreign, icon, iconButton, labelled } from "./dom.js";
import { quoteCard, shownDate } from "./cards.js";
import { call, goToPage, on, tell } from "./shared.js";
import { t } from "./texts.js";

const KEPT = "citewell.conversation";
const OPEN_AGAIN_MS = 2500;

export function mountThread({ place, props, server, trigger, watch }) {
  const list = el("div", { class: "cw-turns", role: "log", "aria-label": t("thread.label") });
  const bottom = el("div", { class: "cw-bottom" });
  place.replaceChildren(list, bottom);
  const turns = new Map();
  let current = "";

  const ask = (question, more = {}) => trigger("ask", { question, ...more });

  function remember(conversation) {
    const fresh = conversation && conversation !== current;
    current = conversation;
    if (conversation) localStorage.setItem(KEPT, conversation);
    else localStorage.removeItem(KEPT);
    tell("conversation", { id: conversation, fresh });
  }

  function showTurn(turn) {
    const node = turnNode(turn, { ask, server });
    const before = turns.get(turn.id);
    if (before) before.replaceWith(node);
    else list.append(node);
    turns.set(turn.id, node);
    return node;
  }

  function update() {
    const value = props.value;
    if (!value?.kind) return;
    clearInterval(opening);
    if (value.kind === "turn") {
      if (turns.size === 0) list.replaceChildren();
      const node = showTurn(value.turn);
      document.body.classList.toggle("cw-asking", value.turn.state === "pending");
      if (value.turn.state !== "pending") remember(value.conversation);
      if (value.turn.note) announce(value.turn.note);
      node.scrollIntoView({ block: "start", behavior: "auto" });
      return;
    }
    turns.clear();
    list.replaceChildren();
    document.body.classList.remove("cw-asking");
    if (value.kind === "empty") list.append(emptyState(value, ask));
    else {
      if (value.earlier) list.append(el("p", { class: "cw-note" }, t("earlier", { count: value.earlier })));
      for (const turn of value.turns) showTurn(turn);
      list.lastElementChild?.scrollIntoView({ block: "start" });
    }
    remember(value.conversation);
  }

  watch("value", update);
  document.addEventListener("citewell:stopped", () => {
    document.body.classList.remove("cw-asking");
    for (const node of list.querySelectorAll(".cw-pending")) {
      node.classList.remove("cw-pending");
      node.querySelector(".cw-answer")?.replaceChildren(el("p", { class: "cw-note" }, t("stopped")));
    }
  });
  on("show-conversation", ({ id }) => {
    goToPage("chat");
    trigger("open", { conversation: id });
  });
  on("library-changed", () => {
    if (turns.size === 0) trigger("open", { conversation: "" });
  });
  const open = () => trigger("open", { conversation: localStorage.getItem(KEPT) ?? "" });
  // An event that is sent while the page is still connecting can be lost: ask until answered.
  const opening = setInterval(open, OPEN_AGAIN_MS);
  open();
}

function turnNode(turn, tools) {
  const answer = el("div", { class: "cw-answer" });
  const node = el("section", { class: `cw-turn cw-${turn.state}`, "data-turn": turn.id, "aria-busy": String(turn.state === "pending") },
    el("h2", { class: "cw-asked", dir: "auto" }, turn.question), answer);
  if (turn.state === "pending") answer.append(el("div", { class: "cw-searching" }, el("span", { class: "cw-spinner", "aria-hidden": "true" }), t("searching")));
  else if (turn.state === "error") answer.append(el("p", { class: "cw-error", role: "alert" }, turn.message));
  else fillAnswer(answer, turn, tools);
  return node;
}

function fillAnswer(answer, turn, tools) {
  if (turn.chips.length) answer.append(chipRow(turn, tools));
  if (turn.unknown_speaker) answer.append(sentence("unknown_speaker", turn.unknown_speaker));
  if (turn.verdict === "not_found") answer.append(notFound(turn));
  else if (turn.verdict === "weak") answer.append(el("p", { class: "cw-verdict cw-weak-verdict" }, t("verdict.weak")));
  else answer.append(el("p", { class: "cw-verdict" }, t("verdict.answered", { count: turn.quotes.length })));
  appendCards(answer, turn, turn.quotes, false, tools);
  if (turn.verdict === "not_found" && turn.misses.length) {
    answer.append(el("h3", { class: "cw-misses-title" }, t("misses")));
    appendCards(answer, turn, turn.misses, true, tools);
  }
}

function appendCards(answer, turn, quotes, miss, tools) {
  quotes.forEach((quote, number) => {
    const actions = turn.chips === undefined ? [] : keepActions({ exchange: turn.id, number, miss }, tools);
    const card = quoteCard(quote, { quotes, number, miss, actions });
    card.style.setProperty("--cw-order", String(number));
    answer.append(card);
  });
}

function keepActions(which, { server }) {
  const pin = labelled("pin", t("pin"), async () => {
    try {
      await call(server, "pin", which);
      pin.classList.add("cw-done");
      announce(t("pinned"));
      tell("pinned");
    } catch (error) {
      announce(error.message);
    }
  });
  const menu = el("details", { class: "cw-menu" },
    el("summary", { class: "cw-icon-button", "aria-label": t("feedback"), title: t("feedback") }, icon("more")),
    el("div", { class: "cw-menu-list" }, ["right", "wrong_source", "wrong_speaker"].map((kind) =>
      button(t(`feedback.${kind}`), async () => {
        menu.open = false;
        try {
          await call(server, "feedback", { ...which, kind });
          announce(t("feedback.thanks"));
        } catch (error) {
          announce(error.message);
        }
      }),
    )),
  );
  return [pin, menu];
}

function chipRow(turn, { ask }) {
  const row = el("ul", { class: "cw-chips", "aria-label": t("chips") });
  for (const chip of turn.chips) {
    const read = chip.kind.startsWith("understood");
    const kind = chip.kind.replace("understood_", "");
    const label = kind === "speaker" ? t(read && !chip.says ? "chip.about" : "chip.speaker") : t(`chip.${kind}`);
    const again = () => ask(turn.question, read ? { understand: false } : { drop: kind });
    const text = kind === "dates" ? chip.text.split(" – ").map(shownDate).join(" – ") : chip.text;
    row.append(el("li", { class: read ? "cw-chip cw-read" : "cw-chip" },
      el("span", {}, `${label} `, foreign(text)),
      iconButton("close", t(read ? "chip.ignore" : "chip.remove"), again)));
  }
  return row;
}

// A sentence of ours around a piece of foreign text.
function sentence(key, text) {
  const [before, after] = t(key).split("{text}");
  return el("p", { class: "cw-note" }, before, foreign(text), after);
}

function notFound(turn) {
  const box = el("div", { class: "cw-not-found" }, el("h3", {}, t("not_found")));
  if (turn.passages !== null) {
    box.append(el("p", {}, t("searched", { passages: t("passages", { count: turn.passages }), documents: t("documents", { count: turn.documents }) })));
  }
  for (const { word, nearest } of turn.unknown_words) {
    const line = sentence("unknown_word", word);
    if (nearest) line.append(" ", ...sentence("nearest", nearest).childNodes);
    box.append(line);
  }
  if (turn.chips.length) box.append(el("p", {}, t("not_found.chips")));
  return box;
}

function emptyState(state, ask) {
  if (!state.sources) {
    return el("div", { class: "cw-empty" },
      el("h1", {}, t("empty.none")),
      el("p", {}, t(state.can_add ? "empty.add" : "empty.read_only")),
      state.can_add ? button(t("empty.to_library"), () => goToPage("library"), { class: "cw-primary" }) : null);
  }
  const counts = [t("sources", { count: state.sources }), t("documents", { count: state.documents }), t("speakers", { count: state.speakers })].join(" · ");
  const span = state.first_date ? `${shownDate(state.first_date)} – ${shownDate(state.last_date)}` : null;
  const asked = [
    ...state.examples.speakers.map((name) => t("example.speaker", { name })),
    ...state.examples.titles.map((title) => t("example.title", { title })),
  ];
  return el("div", { class: "cw-empty" },
    el("h1", {}, t("empty.title")),
    el("p", { class: "cw-lead" }, t("empty.lead")),
    el("p", { class: "cw-note" }, counts, span ? ` · ${span}` : ""),
    el("div", { class: "cw-examples" }, asked.map((question) =>
      el("button", { type: "button", class: "cw-example", dir: "auto", onclick: () => ask(question) }, question))));
}
