// What was found in a source: its documents, speakers and turns, to be read and corrected in place.

import { announce, button, el, foreign, icon } from "./dom.js";
import { shownDate } from "./cards.js";
import { call } from "./shared.js";
import { t } from "./texts.js";

let numbered = 0;

export class Structure {
  // `openAt(start, end)` shows a place in the source; `changed()` is called after a correction.
  constructor(place, server, { openAt, changed }) {
    Object.assign(this, { place, server, openAt, changed });
  }

  async load(source) {
    this.source = source;
    this.place.replaceChildren(el("p", { class: "cw-note" }, t("loading")));
    try {
      this.show(await call(this.server, "structure", { source }));
    } catch (error) {
      this.place.replaceChildren(el("p", { class: "cw-bad", role: "alert" }, error.message));
    }
  }

  show(found) {
    this.found = found;
    const names = `cw-names-${numbered += 1}`;
    this.names = names;
    this.place.replaceChildren(
      el("datalist", { id: names }, [...new Set(found.speakers.map((one) => one.name).filter(Boolean))].map((name) => el("option", { value: name }))),
      ...this.stale(found.stale),
      el("h3", {}, t("documents.label")),
      el("ul", { class: "cw-found" }, found.documents.map((one) => this.documentItem(one))),
      ...(found.speakers.length ? [
        el("h3", {}, t("speakers.label")),
        el("ul", { class: "cw-found" }, found.speakers.map((one) => this.speakerItem(one)))] : []),
      ...this.turnList(found));
  }

  stale(corrections) {
    if (!corrections.length) return [];
    return [el("div", { class: "cw-warned" },
      el("p", {}, el("strong", {}, t("correct.stale"))),
      el("ul", {}, corrections.map((one) => el("li", {},
        el("span", {}, foreign(one.value || t("correct.none")), ` (${t("correct.found")} `, foreign(one.found || t("correct.none")), ") ", one.words ? foreign(`“${one.words.slice(0, 80)}”`) : null),
        this.undo(one.id, `${one.value ?? ""}`)))))];
  }

  documentItem(one) {
    const facts = el("div", {},
      el("p", { class: "cw-found-title", dir: "auto" }, one.title ?? t("untitled")),
      el("p", { class: "cw-note" }, [one.date ? shownDate(one.date) : t("undated"), one.place].filter(Boolean).join(" · ")));
    if (one.boundary === "weak") facts.append(el("p", { class: "cw-weak" }, icon("warn"), el("span", {}, `${t("boundary.weak")}: `, foreign(one.evidence))));
    for (const key of ["title", "date"]) {
      if (one.corrected[key]) facts.append(this.byHand(one.corrected[key], one.found[key], one[key]));
    }
    return this.item(facts, one.title ?? t("untitled"),
      [button(t("go_to", { line: one.line }), () => this.openAt(one.start, one.start), { class: "cw-link" })],
      () => [
        this.field("title", t("correct.title"), one.title, {}),
        this.field("date", t("correct.date"), one.date, { placeholder: "2024-03-04", inputmode: "numeric" }),
      ],
      (given) => {
        const data = { document: one.ordinal, seen: { title: one.title, date: one.date } };
        for (const key of ["title", "date"]) if (given[key] !== (one[key] ?? "")) data[key] = given[key];
        return "title" in data || "date" in data ? ["correct_document", data] : null;
      });
  }

  speakerItem(one) {
    const facts = el("div", {},
      el("p", { class: "cw-found-title" }, one.name ? foreign(one.name) : t("unattributed"), one.role ? el("span", { class: "cw-note" }, ", ", foreign(one.role)) : null),
      el("p", { class: "cw-note" }, t("turns", { count: one.turns })));
    if (one.corrected) facts.append(this.byHand(one.corrected, one.found, one.name));
    return this.item(facts, one.name ?? one.found, [],
      () => [
        this.field("speaker", t("correct.speaker"), one.name, { list: this.names }),
        this.field("role", t("correct.role"), one.role, {}),
      ],
      (given) => {
        if (given.speaker === (one.name ?? "") && given.role === (one.role ?? "")) return null;
        const data = { found: one.found, speaker: given.speaker, seen: one.name };
        if (given.role !== (one.role ?? "")) data.role = given.role;
        return ["correct_speaker", data];
      });
  }

  turnList(found) {
    if (!found.turns.length) return [];
    const list = el("ul", { class: "cw-found cw-found-turns" });
    const section = el("details", { class: "cw-all-turns", open: this.turnsOpen || null },
      el("summary", {}, t("turns.label")), list);
    const fill = () => {
      this.turnsOpen = section.open;
      if (section.open && !list.firstChild) {
        list.append(...found.turns.map((one) => this.turnItem(one)));
        if (found.more) list.append(el("li", { class: "cw-note" }, t("outline.more")));
      }
    };
    section.addEventListener("toggle", fill);
    if (section.open) fill();
    return [section];
  }

  turnItem(one) {
    const facts = el("div", {},
      button([el("span", { class: "cw-number" }, String(one.line)),
        el("span", {}, el("span", { class: "cw-turn-who" }, one.speaker ? foreign(one.speaker) : t(`kind.${one.kind}`)), this.why(one)),
        el("span", { class: "cw-turn-opening", dir: "auto" }, one.opening)],
      () => this.openAt(one.start, one.end), { class: "cw-turn-open" }));
    if (one.corrected) facts.append(this.byHand(one.corrected, one.found, one.speaker));
    if (!one.quotable) return el("li", { class: `cw-found-item cw-kind-${one.kind}` }, facts);
    const alike = one.found && !one.corrected ? this.found.speakers.find((other) => other.found === one.found) : null;
    return this.item(facts, t("line", { first: one.line }), [],
      () => [
        this.field("speaker", t("correct.speaker"), one.speaker, { list: this.names }),
        this.field("role", t("correct.role"), one.role, {}),
        alike && alike.turns > 1 ? this.reach(alike) : null,
      ],
      (given) => {
        const role = given.role !== (one.role ?? "");
        if (given.speaker === (one.speaker ?? "") && !role) return null;
        const where = given.reach === "all" ? { found: one.found } : { at: one.start };
        // All of a name keep the roles that were found with it, unless another was typed.
        if (given.reach !== "all" || role) where.role = given.role;
        return ["correct_speaker", { ...where, speaker: given.speaker, seen: one.speaker }];
      });
  }

  // A plain word on why a turn has its speaker, and the label that says so.
  why(one) {
    if (!one.why || one.corrected) return null;
    return el("span", { class: `cw-why cw-why-${one.why}` }, t(`why.${one.why}`), one.label ? [": ", foreign(one.label)] : []);
  }

  // Whether one turn is corrected or all in which the same name was found.
  reach(alike) {
    const choice = (value, label) => el("label", {}, el("input", { type: "radio", name: "reach", value, checked: value === "one" }), el("span", {}, label));
    return el("fieldset", { class: "cw-reach" },
      el("legend", { class: "cw-offscreen" }, t("correct.reach")),
      choice("one", t("correct.one")),
      choice("all", [`${t("correct.all", { count: alike.turns })} `, foreign(alike.found)]));
  }

  // One thing found, with the form that corrects it. `request` makes of what was typed the call
  // that keeps it, or null if nothing was changed.
  item(facts, about, more, fields, request) {
    const actions = el("div", { class: "cw-found-actions" }, more);
    const head = el("div", { class: "cw-found-head" }, facts, actions);
    const row = el("li", { class: "cw-found-item" }, head);
    if (!this.found.can_change) return row;
    const start = button(t("correct"), () => {
      const form = this.form(fields(), request, () => { form.remove(); start.hidden = false; start.focus(); });
      start.hidden = true;
      row.append(form);
      form.querySelector("input").select();
      form.querySelector("input").focus();
    }, { class: "cw-quiet", "aria-label": t("correct.of", { name: about }) });
    actions.append(start);
    return row;
  }

  field(name, label, value, more) {
    return el("label", {}, el("span", {}, label), el("input", { name, value: value ?? "", dir: "auto", autocomplete: "off", maxlength: 300, ...more }));
  }

  form(fields, request, close) {
    const message = el("p", { class: "cw-bad", role: "alert", hidden: true });
    const save = el("button", { type: "submit", class: "cw-primary" }, t("save"));
    const form = el("form", { class: "cw-correction" }, fields, message,
      el("div", { class: "cw-correction-actions" }, save, button(t("cancel"), close, { class: "cw-quiet" }), el("span", { class: "cw-note" }, t("correct.empty"))));
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const given = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, value.trim()]));
      const wanted = request(given);
      if (wanted === null) return close();
      save.disabled = true;
      try {
        await this.keep(wanted[0], wanted[1], t("correct.done"));
      } catch (error) {
        message.textContent = error.message;
        message.hidden = false;
        save.disabled = false;
      }
    });
    return form;
  }

  byHand(id, found, value) {
    return el("p", { class: "cw-by-hand" }, icon("check"), el("span", {}, `${t("correct.by_hand")} (${t("correct.found")} `, foreign(found || t("correct.none")), ")"),
      this.undo(id, value ?? ""));
  }

  undo(id, about) {
    if (!this.found.can_change) return null;
    return button(t("undo"), async () => {
      try {
        await this.keep("uncorrect", { id }, t("correct.undone"));
      } catch (error) {
        announce(error.message);
        this.load(this.source);
      }
    }, { class: "cw-link", "aria-label": t("undo.of", { name: about }) });
  }

  async keep(name, data, said) {
    const found = await call(this.server, name, { source: this.source, state: this.found.state, ...data });
    this.show(found);
    announce(said);
    this.place.querySelector(".cw-found-actions button")?.focus({ preventScroll: true });
    this.changed();
  }
}
