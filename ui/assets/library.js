// The library page: drop files, see how far they are, look into sources, remove, verify.

import { announce, button, el, foreign, iconButton } from "./dom.js";
import { call, on, tell } from "./shared.js";
import { Structure } from "./structure.js";
import { language, t } from "./texts.js";

const POLL_MS = 350;

function shownSize(bytes) {
  for (const [unit, size] of [["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3]]) {
    if (bytes >= size) return (bytes / size).toLocaleString(language, { style: "unit", unit, maximumFractionDigits: 1 });
  }
  return bytes.toLocaleString(language, { style: "unit", unit: "byte", unitDisplay: "long" });
}

export function mountLibrary({ place, server, trigger }) {
  let rows = 0;
  let uploads = new Map();
  const opened = new Set();
  const facts = el("p", { class: "cw-note" });
  const jobs = el("ul", { class: "cw-jobs", "aria-label": t("uploads") });
  const table = el("ul", { class: "cw-sources", "aria-label": t("sources.label") });
  const picker = el("input", { type: "file", multiple: true, class: "cw-offscreen", id: "cw-picker", "aria-label": t("upload.choose"), onchange: () => { take(picker.files); picker.value = ""; } });
  const zone = el("div", { class: "cw-drop", hidden: true },
    el("p", {}, t("upload.drop")),
    button(t("upload.choose"), () => picker.click(), { class: "cw-primary" }), picker,
    el("p", { class: "cw-note" }, t("upload.kinds")));
  const verified = el("div", { role: "status" });
  const verify = button(t("verify"), check, { class: "cw-quiet" });
  place.replaceChildren(el("main", { class: "cw-sheet" },
    el("div", { class: "cw-sheet-head" }, el("h1", {}, t("page.library")), verify),
    facts, verified, zone, jobs, table));

  for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("cw-over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("cw-over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("cw-over"); take(event.dataTransfer.files); });

  async function refresh() {
    const found = await call(server, "library_list");
    zone.hidden = !found.can_change;
    facts.textContent = found.sources.length
      ? [t("sources", { count: found.sources.length }), t("documents", { count: found.documents }), t("passages", { count: found.passages }), shownSize(found.size)].join(" · ")
      : t("library.empty");
    verify.hidden = !found.sources.length;
    uploads = new Map(found.sources.filter((source) => source.upload).map((source) => [source.upload, source.name]));
    table.replaceChildren(...found.sources.map((source) => sourceRow(source, found.can_change)));
  }

  function sourceRow(source, canChange) {
    const id = `cw-structure-${rows += 1}`;
    const inside = el("div", { class: "cw-structure", id, hidden: true });
    const structure = new Structure(inside, server, { openAt: (at, end) => openAt(source.name, at, end), changed: () => corrected(inside) });
    const look = button(t("structure"), () => {
      inside.hidden = !inside.hidden;
      look.setAttribute("aria-expanded", String(!inside.hidden));
      if (inside.hidden) opened.delete(source.name);
      else { opened.add(source.name); structure.load(source.name); }
    }, { class: "cw-quiet", "aria-expanded": "false", "aria-controls": id, "aria-label": t("structure.of", { name: source.name }) });
    if (opened.has(source.name)) look.click();
    const size = [source.format, t("documents", { count: source.documents }), t("turns", { count: source.turns }), shownSize(source.size)].join(" · ");
    return el("li", { class: "cw-source" },
      el("div", { class: "cw-source-head" },
        el("div", {}, el("h2", {}, foreign(source.name)), el("p", { class: "cw-note" }, size)),
        el("div", { class: "cw-actions" }, look, canChange && source.upload ? replacement(source) : null, canChange ? removal(source) : null)),
      inside);
  }

  function replacement(source) {
    const chooser = el("input", { type: "file", class: "cw-offscreen", tabindex: "-1", "aria-hidden": "true", onchange: () => { if (chooser.files.length) send(chooser.files[0], source.name); chooser.value = ""; } });
    return el("span", {}, button(t("replace"), () => chooser.click(), { class: "cw-quiet", "aria-label": t("replace.of", { name: source.name }) }), chooser);
  }

  function openAt(source, at, end) {
    tell("open", { quotes: [{ source, start: at, end: Math.max(end, at + 1), check: null }], number: 0 });
  }

  function removal(source) {
    const ask = button(t("remove"), () => {
      const sure = button(t("remove.sure"), async () => {
        try {
          await call(server, "library_remove", { source: source.name });
          announce(t("removed"));
        } catch (error) {
          announce(error.message);
        }
        await changed();
      }, { class: "cw-quiet cw-danger" });
      const keep = button(t("cancel"), () => { both.replaceWith(ask); ask.focus(); }, { class: "cw-quiet" });
      const both = el("span", { class: "cw-sure" }, sure, keep);
      both.addEventListener("keydown", (event) => { if (event.key === "Escape") { both.replaceWith(ask); ask.focus(); } });
      ask.replaceWith(both);
      sure.focus();
    }, { class: "cw-quiet", "aria-label": t("remove.of", { name: source.name }) });
    return ask;
  }

  async function changed() {
    await refresh();
    told();
  }

  // The list may have been drawn anew while the correction was being kept: then it says what held before.
  function corrected(inside) {
    told();
    if (!inside.isConnected) refresh();
  }

  // The filters beside the chat list what there is now.
  function told() {
    trigger("changed", {});
    tell("library-changed");
  }

  async function check() {
    verify.disabled = true;
    verified.textContent = t("verifying");
    try {
      const found = await call(server, "library_verify");
      verified.replaceChildren(found.ok
        ? el("p", { class: "cw-good" }, t("verified", { count: found.rows }))
        : el("ul", { class: "cw-bad" }, found.problems.map((problem) => el("li", {}, problem))));
    } catch (error) {
      verified.replaceChildren(el("p", { class: "cw-bad" }, error.message));
    }
    verify.disabled = false;
  }

  function take(files) {
    for (const file of files) {
      const same = uploads.get(file.name);
      if (same) choose(file, same);
      else send(file);
    }
  }

  // A file of a name that is there already: is it a later version of that, or another file?
  function choose(file, source) {
    const done = (act) => () => { row.remove(); act(); };
    const newer = button(t("replace.it"), done(() => send(file, source)), { class: "cw-quiet" });
    const row = el("li", { class: "cw-job cw-job-choice" },
      el("div", { class: "cw-job-head", role: "group", "aria-label": t("replace.ask", { name: file.name }) },
        el("span", {}, t("replace.ask", { name: file.name })),
        el("span", { class: "cw-sure" }, newer,
          button(t("replace.keep"), done(() => send(file)), { class: "cw-quiet" }),
          button(t("cancel"), done(() => picker.focus()), { class: "cw-quiet" }))));
    jobs.prepend(row);
    newer.focus();
  }

  function send(file, replaces = null) {
    const bar = el("progress", { max: "1", value: "0", "aria-label": file.name });
    const state = el("span", { class: "cw-job-state", "aria-live": "polite" }, t("job.sending"));
    const stop = iconButton("close", t("cancel"), () => request.abort());
    const row = el("li", { class: "cw-job" }, el("div", { class: "cw-job-head" }, foreign(file.name), state, stop), bar);
    jobs.prepend(row);
    const end = (words, kind) => { state.textContent = words; row.classList.add(`cw-job-${kind}`); bar.remove(); stop.remove(); };
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name, ...(replaces === null ? {} : { replaces }) });
    request.open("POST", new URL(`citewell/upload?${query}`, document.baseURI));
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onabort = () => end(t("job.cancelled"), "failed");
    request.onerror = () => end(t("job.broken"), "failed");
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a proxy's own error page */ }
      if (request.status === 413) return end(t("job.too_large"), "failed");
      if (!answer.job) return end(answer.error ?? t("job.broken"), "failed");
      stop.replaceWith(iconButton("close", t("cancel"), async (event) => {
        event.currentTarget.disabled = true;
        await call(server, "upload_cancel", { id: answer.job });
      }, { class: "cw-icon-button cw-job-cancel" }));
      follow(answer.job, row, bar, state);
    };
    request.send(file);
  }

  async function follow(id, row, bar, state) {
    for (;;) {
      let job;
      try {
        [job] = (await call(server, "upload_status", { ids: [id] })).jobs;
      } catch (error) {
        state.textContent = error.message;
        return;
      }
      if (!job) return;
      state.textContent = stateWords(job);
      if (job.state === "embedding" && job.total) bar.value = job.done / job.total;
      else bar.removeAttribute("value");
      if (job.ended) {
        bar.remove();
        row.querySelector(".cw-job-cancel")?.remove();
        row.classList.add(job.state === "failed" || job.state === "cancelled" ? "cw-job-failed" : "cw-job-done");
        await changed();
        return;
      }
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  }

  function stateWords(job) {
    const words = t(`job.${job.state}`);
    if (job.reason) return `${words}: ${job.reason}`;
    if (job.state !== "embedding" || !job.total) return words;
    const counts = `${job.done.toLocaleString(language)} / ${job.total.toLocaleString(language)}`;
    return job.seconds_left === null ? `${words} ${counts}` : `${words} ${counts}, ${t("job.left", { count: job.seconds_left })}`;
  }

  on("page", ({ name }) => { if (name === "library") refresh(); });
  refresh();
}
