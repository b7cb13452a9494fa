// Quote cards: the words, who, when, where, and what can be done with them.

import { announce, button, copyText, el, foreign, icon, iconButton, labelled } from "./dom.js";
import { tell } from "./shared.js";
import { language, t, worded } from "./texts.js";

const MONTHS = { 4: { year: "numeric" }, 7: { year: "numeric", month: "long" }, 10: { year: "numeric", month: "long", day: "numeric" } };

// An ISO date of reduced precision in the reader's language; anything else as it is.
export function shownDate(date) {
  const options = MONTHS[date?.length];
  const parts = date?.split("-").map(Number) ?? [];
  if (!options || parts.some(Number.isNaN)) return date ?? "";
  const day = new Date(Date.UTC(parts[0], (parts[1] ?? 1) - 1, parts[2] ?? 1));
  return new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(day);
}

export function shownLines([first, last]) {
  return first === last ? t("line", { first }) : t("lines", { first, last });
}

// "page 12", "at 00:12:04", "chapter II. The Sea".
export function shownPlace({ form, label }) {
  return t(`locator.${form}`, { label });
}

// Behind a name that the source does not give so: a person corrected it.
export function byHand(corrected) {
  return corrected ? el("span", { class: "cw-corrected" }, t("correct.by_hand")) : null;
}

function who(place) {
  if (place.speaker) return foreign(place.speaker, "cw-speaker");
  const key = `kind.${place.kind}`;
  const said = t(key);
  return el("span", { class: "cw-speaker cw-unknown" }, said === key ? t("unattributed") : said);
}

function where(place) {
  const parts = [];
  if (place.document) parts.push(el("span", {}, foreign(place.document, "cw-document"), byHand(place.corrected?.includes("document"))));
  parts.push(foreign(place.source, "cw-file"));
  if (place.locator) parts.push(el("span", { class: "cw-at", dir: "auto" }, shownPlace(place.locator)));
  parts.push(el("span", { class: "cw-part" }, shownLines(place.lines)));
  // A line may break after a dot, never before it.
  return el("p", { class: "cw-where" }, parts.flatMap((part, number) => (number ? ["\u00a0· ", part] : [part])));
}

export function citationText(quote) {
  const head = [quote.speaker ?? t("unattributed"), quote.role, quote.date ?? t("undated"), quote.corrected?.length && t("correct.by_hand")].filter(Boolean).join(", ");
  const place = [quote.document, quote.source, quote.locator && shownPlace(quote.locator), shownLines(quote.lines)];
  return `“${quote.text}”\n— ${head}. ${place.filter(Boolean).join(", ")}`;
}

export function openQuote(quotes, number) {
  tell("open", { quotes, number });
}

// `actions` are further buttons of the place where the card stands.
export function quoteCard(quote, { quotes, number, miss = false, actions = [] }) {
  const open = () => openQuote(quotes, number);
  const words = el("blockquote", { dir: "auto", class: "cw-words" }, quote.text);
  const head = el("p", { class: "cw-who" }, who(quote));
  if (quote.role) head.append(el("span", { class: "cw-role" }, foreign(quote.role)));
  head.append(byHand(quote.corrected?.includes("speaker")) ?? "");
  head.append(el("span", { class: "cw-date" }, quote.date ? shownDate(quote.date) : t("undated")));
  head.append(byHand(quote.corrected?.includes("date")) ?? "");
  const strength = quote.strength ? el("span", { class: `cw-strength cw-${quote.strength}` }, t(`strength.${quote.strength}`)) : null;
  const card = el("article", { class: miss ? "cw-card cw-miss" : "cw-card", "aria-label": t(miss ? "card.miss" : "card.label", { number: number + 1 }) },
    el("div", { class: "cw-card-head" }, head, strength),
    words,
    drifted(quote),
    where(quote),
    (quote.warnings ?? []).map((warning, at, all) => warned(warning, all.slice(at + 1).some((later) => later.text === warning.text))),
    alsoAt(quote, quotes, number),
    el("div", { class: "cw-actions" },
      labelled("open", t("open"), open, { class: "cw-action cw-open" }),
      labelled("copy", t("copy"), async () => {
        await copyText(citationText(quote));
        announce(t("copied"));
      }),
      iconButton("link", t("link"), async () => {
        await copyText(new URL(quote.link, document.baseURI).href);
        announce(t("link.copied"));
      }),
      actions,
    ),
  );
  words.addEventListener("click", () => {
    // A click that ends a selection of words is not a wish to leave them.
    if (String(window.getSelection()) === "") open();
  });
  return card;
}

// What stands around the words and turns them, with the fuller sentence: below the last of those
// that it shows.
function warned(warning, again) {
  const said = el("p", {}, el("strong", {}, `${t("card.note")} `), worded(`warning.${warning.kind}`, warning.message));
  if (again) return el("div", { class: "cw-warned" }, said);
  return el("div", { class: "cw-warned" },
    said,
    el("blockquote", { dir: "auto" }, warning.text),
    button(t("check.see"), () => tell("open", { quotes: [warning.place], number: 0 }), { class: "cw-link" }));
}

// What became of the words since they were kept; nothing where they stand as they did.
function drifted(quote) {
  if (!quote.standing || quote.standing === "intact") return null;
  return el("p", { class: "cw-standing" }, icon("warn"), t(`kept.${quote.standing}`));
}

function alsoAt(quote, quotes, number) {
  if (!quote.places?.length) return null;
  const list = quote.places.map((place) =>
    el("li", {},
      button("", () => tell("open", { quotes: [{ ...quote, ...place, places: [] }], number: 0 }), { class: "cw-link" }),
    ),
  );
  quote.places.forEach((place, at) => list[at].firstChild.append(foreign(place.source), ` · ${[place.locator && shownPlace(place.locator), shownLines(place.lines)].filter(Boolean).join(", ")}`));
  return el("details", { class: "cw-also" }, el("summary", {}, t("also", { count: quote.places.length })), el("ul", {}, list));
}
