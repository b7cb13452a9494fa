// The check page: paste or drop a draft; see each quotation marked, labelled and explained.

import { announce, button, el, foreign, icon } from "./dom.js";
import { shownDate, shownLines } from "./cards.js";
import { call, tell } from "./shared.js";
import { language, t, worded } from "./texts.js";

const SIGNS = { ok: "check", warn: "warn", bad: "close" };

export function mountCheck({ place, server, props }) {
  new CheckPage(place, server, props.value ?? {});
}

// In order, to be looked at, or wrong: never told by colour alone.
function tone(finding) {
  if (!finding.ok) return "bad";
  return finding.warnings.length ? "warn" : "ok";
}

class CheckPage {
  constructor(place, server, { longest = Infinity, endings = [] }) {
    this.server = server;
    this.longest = longest;
    this.file = null;
    this.text = el("textarea", { class: "cw-draft-text", rows: "12", dir: "auto", placeholder: t("check.placeholder"), "aria-label": t("check.draft"), "aria-describedby": "cw-draft-size", oninput: () => this.counted() });
    this.size = el("span", { class: "cw-note", id: "cw-draft-size" });
    this.problem = el("p", { class: "cw-error", role: "alert", hidden: true });
    const picker = el("input", { type: "file", accept: endings.join(","), class: "cw-offscreen", id: "cw-draft-picker", tabindex: "-1", "aria-label": t("check.file"), onchange: () => { if (picker.files[0]) this.take(picker.files[0]); picker.value = ""; } });
    this.submit = button(t("check.do"), () => this.check(), { class: "cw-primary" });
    this.form = el("div", { class: "cw-drop cw-draft-form" }, this.text,
      el("div", { class: "cw-draft-tools" }, this.submit, button(t("check.file"), () => picker.click(), { class: "cw-quiet" }), picker, this.size),
      el("p", { class: "cw-note" }, t("check.drop")));
    this.result = el("div", { class: "cw-checked", hidden: true });
    this.page = el("main", { class: "cw-check" },
      el("div", { class: "cw-sheet-head" }, el("h1", {}, t("page.check")),
        this.again = button(t("check.edit"), () => this.edit(), { class: "cw-quiet", hidden: true })),
      this.lead = el("p", { class: "cw-lead" }, t("check.lead")),
      this.problem, this.form, this.result);
    place.replaceChildren(this.page);
    // The reader beside it takes half of the room: what was chosen stays in sight.
    new ResizeObserver(() => this.result.querySelector(".cw-finding.cw-chosen")?.scrollIntoView({ block: "nearest" })).observe(this.result);
    for (const kind of ["dragenter", "dragover"]) this.form.addEventListener(kind, (event) => { event.preventDefault(); this.form.classList.add("cw-over"); });
    this.form.addEventListener("dragleave", () => this.form.classList.remove("cw-over"));
    this.form.addEventListener("drop", (event) => this.dropped(event));
    this.text.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.check(); });
    this.counted();
  }

  // What counts is the number of characters, not of UTF-16 units.
  counted() {
    const count = this.text.value.length > this.longest ? [...this.text.value].length : this.text.value.length;
    const over = count > this.longest;
    this.size.textContent = over ? t("check.too_long", { have: count.toLocaleString(language), most: this.longest.toLocaleString(language) }) : "";
    this.size.classList.toggle("cw-bad", over);
    this.submit.disabled = over || !this.text.value.trim();
  }

  tellProblem(message) {
    this.problem.hidden = !message;
    this.problem.textContent = message ?? "";
  }

  dropped(event) {
    event.preventDefault();
    this.form.classList.remove("cw-over");
    const [file] = event.dataTransfer.files;
    const words = event.dataTransfer.getData("text/plain");
    if (file) this.take(file);
    else if (words) { this.text.setRangeText(words, this.text.selectionStart, this.text.selectionEnd, "end"); this.counted(); }
  }

  async take(file) {
    this.tellProblem(null);
    try {
      const answer = await fetch(new URL(`citewell/draft?name=${encodeURIComponent(file.name)}`, document.baseURI), { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
      const read = await answer.json().catch(() => ({ error: t("job.broken") }));
      if (read.error === "too_large") throw new Error(t("check.file_too_large", { most: read.limit / 2 ** 20 }));
      if (read.error) throw new Error(read.error);
      this.text.value = read.text;
      // The field keeps line ends its own way; the file's block quotes hold for an unchanged text.
      this.file = { shown: this.text.value, text: read.text, blocks: read.blocks };
      this.counted();
      await this.check();
    } catch (error) {
      this.tellProblem(error instanceof TypeError ? t("job.broken") : error.message);
    }
  }

  async check() {
    if (this.submit.disabled) return;
    const unchanged = this.file?.shown === this.text.value;
    const draft = unchanged ? { text: this.file.text, blocks: this.file.blocks } : { text: this.text.value, blocks: [] };
    this.tellProblem(null);
    this.submit.disabled = this.text.readOnly = true;
    this.submit.textContent = t("check.doing");
    this.page.setAttribute("aria-busy", "true");
    try {
      this.show(await call(this.server, "check_draft", draft));
    } catch (error) {
      this.tellProblem(error.message);
    }
    this.page.removeAttribute("aria-busy");
    this.text.readOnly = false;
    this.submit.textContent = t("check.do");
    this.counted();
  }

  edit() {
    this.result.hidden = this.again.hidden = true;
    this.form.hidden = this.lead.hidden = false;
    this.page.classList.remove("cw-has-result");
    this.text.focus();
  }

  show(found) {
    this.findings = found.findings;
    this.marks = [];
    this.items = found.findings.map((finding, number) => this.item(finding, number));
    const words = found.total
      ? [t("check.quotations", { count: found.total }), t("check.in_order", { count: found.in_order }), t("check.to_look_at", { count: found.total - found.in_order })].join(" · ")
      : t("check.none");
    const summary = el("p", { class: "cw-check-summary", role: "status", tabindex: "-1" }, words);
    const cited = found.citations.map((one) => el("li", { class: "cw-note" }, foreign(one.token), ` — ${t(`standing.${one.standing}`)}`));
    this.result.replaceChildren(
      el("section", { class: "cw-draft", "aria-label": t("check.draft") }, this.draft(found.pieces)),
      el("section", { class: "cw-findings", "aria-label": t("check.findings") }, summary,
        found.notes.map((note) => el("p", { class: "cw-warned" }, el("strong", {}, `${t("check.warning")} `), t(`check.${note.kind}`, note))),
        el("ol", {}, this.items), cited.length ? el("ul", {}, cited) : null));
    this.form.hidden = this.lead.hidden = true;
    this.result.hidden = this.again.hidden = false;
    this.page.classList.add("cw-has-result");
    summary.focus();
  }

  draft(pieces) {
    const shown = el("div", { class: "cw-draft-shown", dir: "auto" });
    for (const [text, number, ended] of pieces) {
      if (number === null) shown.append(text);
      else {
        const mark = el("mark", { class: `cw-quotation cw-${tone(this.findings[number])}`, "data-number": number, onclick: () => this.chosen(number) }, text);
        this.marks.push(mark);
        shown.append(mark);
      }
      shown.append(...ended.map((one) => this.label(one)));
    }
    return shown;
  }

  label(number) {
    const finding = this.findings[number];
    const said = t(`wording.${finding.verdict}`);
    const name = [t("check.quotation", { number: number + 1 }), said, finding.wrong ? t(`attribution.${finding.attribution}`) : null].filter(Boolean).join(", ");
    const wrong = finding.wrong && finding.verdict !== "altered" && finding.verdict !== "absent";
    return el("button", { type: "button", class: `cw-label cw-${tone(finding)}`, "data-number": number, "aria-label": name, title: name, onclick: () => this.chosen(number) },
      icon(SIGNS[tone(finding)]), `${number + 1} ${wrong ? t("check.misattributed") : t(`wording.short.${finding.verdict}`)}`);
  }

  // A quotation of the draft opens the source, unless there is only what comes near it.
  chosen(number) {
    if (String(window.getSelection()) !== "") return;
    this.select(number);
    const finding = this.findings[number];
    this.items[number].scrollIntoView({ block: "nearest" });
    if (finding.places.length && finding.verdict !== "absent") tell("open", { quotes: finding.places, number: 0 });
    else {
      this.items[number].focus({ preventScroll: true });
      announce(t(`wording.${finding.verdict}`));
    }
  }

  select(number) {
    for (const node of [...this.marks, ...this.items]) node.classList.toggle("cw-chosen", Number(node.dataset.number) === number);
  }

  item(finding, number) {
    const kind = tone(finding);
    const said = [t(`wording.${finding.verdict}`)];
    if (finding.differences.length) said.push(`(${finding.differences.map((name) => worded(`difference.${name}`, name)).join(", ")})`);
    const attribution = finding.verdict === "absent" ? null
      : el("p", { class: finding.wrong ? "cw-bad cw-attribution" : "cw-note cw-attribution" }, t(`attribution.${finding.attribution}`));
    return el("li", { class: `cw-finding cw-${kind}`, "data-number": number, tabindex: "-1" },
      el("h2", {}, icon(SIGNS[kind]), el("span", {}, `${number + 1}. ${said.join(" ")}`)),
      el("blockquote", { dir: "auto", class: "cw-finding-words", onclick: () => this.chosen(number) }, finding.text),
      attribution, this.claimed(finding.claimed),
      finding.notes.map((note) => el("p", { class: "cw-note", dir: "auto" }, worded(`note.${note.kind}`, note.message, note))),
      changes(finding.changes),
      finding.omissions.some(Boolean) ? el("p", { class: "cw-note" }, `${t("check.omitted")} `, finding.omissions.filter(Boolean).flatMap((words, at) => [at ? " … " : "", el("q", { dir: "auto" }, words)])) : null,
      finding.warnings.map((warned, at, all) => this.warning(warned, number, all.slice(at + 1).some((later) => later.text === warned.text))),
      this.places(finding, number));
  }

  claimed(claim) {
    const parts = [claim.speaker, claim.date && shownDate(claim.date), claim.document ?? claim.source].filter(Boolean);
    if (!parts.length) return null;
    return el("p", { class: "cw-note" }, `${t("check.claimed")} `, parts.flatMap((part, at) => [at ? ", " : "", foreign(part)]));
  }

  // The words that show several warnings stand below the last of them.
  warning(warned, number, again) {
    const open = warned.place && !again ? button(t("check.see"), () => { this.select(number); tell("open", { quotes: [warned.place], number: 0 }); }, { class: "cw-link" }) : null;
    return el("div", { class: "cw-warned" },
      el("p", {}, el("strong", {}, `${t("check.warning")} `), worded(`warning.${warned.kind}`, warned.message)),
      warned.text && !again ? el("blockquote", { dir: "auto" }, warned.text) : null, open);
  }

  places(finding, number) {
    if (!finding.places.length) return null;
    const verified = finding.verdict !== "absent" && finding.verdict !== "altered";
    const head = t(verified ? "check.places" : `check.places.${finding.verdict}`, verified ? { count: finding.places.length + finding.more_places } : {});
    const rows = finding.places.map((place, at) => {
      const who = place.speaker ? foreign(place.speaker, "cw-speaker") : el("span", { class: "cw-unknown" }, worded(`kind.${place.kind}`, t("unattributed")));
      const open = el("button", { type: "button", class: "cw-place", onclick: () => { this.select(number); tell("open", { quotes: finding.places, number: at }); } },
        finding.verdict === "exact" ? null : el("span", { class: "cw-place-words", dir: "auto" }, place.text),
        el("span", { class: "cw-place-where" }, who, `, ${place.date ? shownDate(place.date) : t("undated")} · `, place.document ? foreign(place.document) : null, place.document ? " · " : "", foreign(place.source), ` · ${shownLines(place.lines)}`));
      return el("li", {}, open);
    });
    const list = el("ul", { class: "cw-places" }, rows, finding.more_places ? el("li", { class: "cw-note" }, t("check.more_places", { count: finding.more_places })) : null);
    if (rows.length <= 3) return el("div", {}, el("p", { class: "cw-places-head" }, head), list);
    return el("details", { class: "cw-also" }, el("summary", {}, head), list);
  }
}

function changes(found) {
  if (!found.length) return null;
  return el("ul", { class: "cw-changes" }, found.map((change) => el("li", {},
    el("span", { class: "cw-change-kind" }, worded(`change.${change.kind}`, change.kind)),
    el("span", { class: "cw-change" },
      el("span", { class: "cw-note" }, `${t("check.in_draft")} `), change.draft ? el("del", { dir: "auto" }, change.draft) : el("span", { class: "cw-note" }, t("check.nothing"))),
    el("span", { class: "cw-change" },
      el("span", { class: "cw-note" }, `${t("check.in_source")} `), change.source ? el("ins", { dir: "auto" }, change.source) : el("span", { class: "cw-note" }, t("check.nothing"))))));
}
