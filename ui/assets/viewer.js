// The source beside the chat: a window of rows around the quote, more as one scrolls.

import { announce, button, el, foreign, iconButton } from "./dom.js";
import { byHand, shownDate, shownPlace } from "./cards.js";
import { call, goToPage, on } from "./shared.js";
import { t } from "./texts.js";

const MOST_ROWS = 900;

export function mountViewer({ place, server }) {
  const view = new Viewer(place, server);
  on("open", ({ quotes, number }) => view.openQuote(quotes, number));
  openPermalink(view);
}

function openPermalink(view) {
  const wanted = new URLSearchParams(location.search);
  const [source, start, end] = ["source", "start", "end"].map((name) => wanted.get(name));
  if (!source || !/^\d+$/.test(start ?? "") || !/^\d+$/.test(end ?? "")) return;
  view.show({ source, start: Number(start), end: Number(end), check: wanted.get("check") }, []);
}

class Viewer {
  constructor(place, server) {
    this.server = server;
    this.quotes = [];
    this.number = 0;
    this.back = null;
    this.name = el("h2", { class: "cw-view-name", tabindex: "-1" });
    this.facts = el("p", { class: "cw-note" });
    this.place = el("span", { class: "cw-view-place", "aria-live": "polite" });
    this.previous = iconButton("up", t("quote.previous"), () => this.step(-1));
    this.next = iconButton("down", t("quote.next"), () => this.step(1));
    this.find = el("input", { type: "search", class: "cw-find", placeholder: t("find"), "aria-label": t("find") });
    this.outline = el("div", { class: "cw-outline", hidden: true });
    this.message = el("p", { class: "cw-changed", role: "alert", hidden: true });
    this.text = el("div", { class: "cw-text", tabindex: "0", role: "document", "aria-label": t("source.text") });
    this.root = el("aside", { class: "cw-viewer", "aria-label": t("source") },
      el("div", { class: "cw-view-head" }, el("div", { class: "cw-view-title" }, this.name, this.facts),
        iconButton("close", t("close"), () => this.close(true), { class: "cw-icon-button cw-close" })),
      el("div", { class: "cw-view-tools" }, this.previous, this.next, this.place, this.find,
        iconButton("outline", t("outline"), () => this.toggleOutline(), { class: "cw-icon-button cw-outline-button" })),
      this.message, this.outline, this.text);
    place.replaceChildren(this.root);
    this.find.addEventListener("keydown", (event) => { if (event.key === "Enter") this.search(); });
    this.text.addEventListener("scroll", () => this.scrolled());
    this.root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(true); });
  }

  openQuote(quotes, number) {
    this.back = document.activeElement;
    this.quotes = quotes;
    this.number = number;
    return this.show(quotes[number], quotes);
  }

  async show({ source, start, end, check }, quotes) {
    this.quotes = quotes;
    this.found = null;
    // The reader stands beside the chat and beside the check; other pages have no room for it.
    if (!["chat", "check"].includes(document.body.dataset.cwPage)) goToPage("chat");
    try {
      const shown = await call(this.server, "source_open", { source, start, end, check });
      document.body.classList.add("cw-reading"); // what is not displayed can't be scrolled
      this.fill(source, shown, shown.state);
    } catch (error) {
      this.name.replaceChildren(foreign(source));
      this.facts.textContent = "";
      this.text.replaceChildren();
      this.tellProblem(error.message);
    }
    this.steps();
    document.body.classList.add("cw-reading");
    this.name.focus({ preventScroll: true });
  }

  fill(source, shown, state) {
    this.source = source;
    this.size = shown.characters;
    this.mark = shown.mark;
    this.name.replaceChildren(foreign(shown.name));
    this.facts.textContent = [t("documents", { count: shown.documents }), t("line_count", { count: shown.lines }), shown.place && shownPlace(shown.place)].filter(Boolean).join(" · ");
    this.tellProblem(state === "changed" ? t("changed") : null);
    this.text.classList.toggle("cw-timed", shown.counted === "time");
    this.text.replaceChildren(...shown.rows.map(rowNode));
    if (this.outlineOf !== source) {
      this.outline.hidden = true;
      this.outlineOf = null;
    }
    const marked = this.text.querySelector("mark");
    if (marked) marked.scrollIntoView({ block: "center" });
    else this.text.scrollTop = 0;
  }

  tellProblem(message) {
    this.message.hidden = !message;
    this.message.textContent = message ?? "";
  }

  steps() {
    const many = this.found ? this.found.length : this.quotes.length;
    this.previous.disabled = this.next.disabled = many < 2;
    this.place.textContent = many > 1 ? t("of", { number: this.number + 1, many: this.foundMore ? `${many}+` : many }) : "";
  }

  step(by) {
    const many = this.found ? this.found.length : this.quotes.length;
    if (!many) return;
    this.number = (this.number + by + many) % many;
    if (this.found) this.showHit();
    else this.show(this.quotes[this.number], this.quotes);
  }

  async search() {
    if (!this.source) return;
    const needle = this.find.value;
    if (needle && this.found && needle === this.needle) return this.step(1);
    try {
      const { hits, more } = await call(this.server, "source_find", { source: this.source, needle });
      this.needle = needle;
      this.foundMore = more;
      if (!hits.length) return announce(t("find.none"));
      this.found = hits;
      this.number = 0;
      await this.showHit();
    } catch (error) {
      announce(error.message);
    }
  }

  async showHit() {
    const [start, end] = this.found[this.number];
    const shown = await call(this.server, "source_open", { source: this.source, start, end });
    this.fill(this.source, shown, shown.state);
    this.steps();
  }

  async toggleOutline() {
    if (!this.source) return;
    if (this.outlineOf !== this.source) {
      const found = await call(this.server, "source_outline", { source: this.source });
      this.outline.replaceChildren(outlineNode(found, (at, end) => this.goTo(at, end)));
      this.outlineOf = this.source;
      this.outline.hidden = true;
    }
    this.outline.hidden = !this.outline.hidden;
  }

  async goTo(start) {
    this.outline.hidden = true;
    const shown = await call(this.server, "source_rows", { source: this.source, at: start, back: false, mark: this.mark });
    this.text.replaceChildren(...shown.rows.map(rowNode));
    this.text.scrollTop = 0;
    this.text.focus({ preventScroll: true });
  }

  async scrolled() {
    if (this.loading || !this.text.firstChild) return;
    const { scrollTop, scrollHeight, clientHeight } = this.text;
    const first = Number(this.text.firstChild.dataset.start);
    const last = Number(this.text.lastChild.dataset.end);
    const up = scrollTop < 300 && first > 0;
    const down = scrollHeight - scrollTop - clientHeight < 300 && last < this.size;
    if (!up && !down) return;
    this.loading = true;
    try {
      const shown = await call(this.server, "source_rows", { source: this.source, at: up ? first : last, back: up, mark: this.mark });
      if (up) {
        const height = this.text.scrollHeight;
        this.text.prepend(...shown.rows.map(rowNode));
        this.text.scrollTop = scrollTop + this.text.scrollHeight - height;
        while (this.text.childElementCount > MOST_ROWS) this.text.lastChild.remove();
      } else {
        this.text.append(...shown.rows.map(rowNode));
        while (this.text.childElementCount > MOST_ROWS) {
          const height = this.text.scrollHeight;
          this.text.firstChild.remove();
          this.text.scrollTop -= height - this.text.scrollHeight;
        }
      }
    } finally {
      this.loading = false;
    }
  }

  close(returning = false) {
    document.body.classList.remove("cw-reading");
    if (location.search && new URLSearchParams(location.search).has("source")) history.replaceState(null, "", location.pathname + location.hash);
    if (returning && this.back?.isConnected) this.back.focus();
    this.back = null;
  }
}

function rowNode(row) {
  const text = el("div", { class: "cw-line-text", dir: "auto" });
  for (const [piece, marked] of row.pieces) text.append(marked ? el("mark", {}, piece) : piece);
  const heads = row.documents.map(([title, date, place, corrected]) =>
    el("div", { class: "cw-row-document" }, title ? foreign(title) : t("untitled"), el("span", {}, [date && shownDate(date), place].filter(Boolean).join(", ")), byHand(corrected)));
  const speakers = row.speakers.map(([name, role, corrected]) => el("div", { class: "cw-row-speaker" }, foreign(name), role ? el("span", {}, foreign(role)) : null, byHand(corrected)));
  // Times stand beside the line, as there may be one to each; pages and chapters above it.
  const times = row.places.filter((place) => place.form === "time");
  const begun = row.places.filter((place) => place.form !== "time").map((place) => el("div", { class: "cw-row-place", dir: "auto" }, shownPlace(place)));
  const time = times.length ? el("span", { class: "cw-time" }, times[0].label) : null;
  return el("div", { class: "cw-row", "data-start": row.start, "data-end": row.end },
    begun, heads, speakers,
    el("div", { class: "cw-line" }, el("span", { class: "cw-number", "aria-hidden": "true" }, row.line ?? ""), time, text));
}

export function outlineNode(found, goTo) {
  const list = el("ol", { class: "cw-documents" });
  for (const document of found.documents) {
    const turns = el("ul", {});
    for (const turn of document.turns) {
      turns.append(el("li", { class: `cw-turn-of cw-kind-${turn.kind}` },
        el("button", { type: "button", onclick: () => goTo(turn.start, turn.end) },
          el("span", { class: "cw-number" }, String(turn.line)),
          el("span", { class: "cw-turn-who" }, turn.speaker ? foreign(turn.speaker) : t(`kind.${turn.kind}`)),
          el("span", { class: "cw-turn-opening", dir: "auto" }, turn.opening))));
    }
    list.append(el("li", {},
      el("details", { open: found.documents.length === 1 },
        el("summary", {},
          el("span", { class: "cw-outline-title", dir: "auto" }, document.title ?? t("untitled")),
          el("span", { class: "cw-note" }, [document.date ? shownDate(document.date) : t("undated"), document.place, t("turns", { count: document.turns.length }), document.boundary === "weak" ? t("boundary.weak") : null].filter(Boolean).join(" · "))),
        button(t("go_to", { line: document.line }), () => goTo(document.start, document.start), { class: "cw-link" }),
        turns)));
  }
  if (found.more) list.append(el("li", { class: "cw-note" }, t("outline.more")));
  return list;
}
