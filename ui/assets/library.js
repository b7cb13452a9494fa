// The library page: drop files, see how far they are, look into sources, remove, verify.

import { announce, button, el, foreign, iconButton } from "./dom.js";
import { call, on, tell } from "./shared.js";
import { outlineNode } from "./viewer.js";
import { language, t } from "./texts.js";

const POLL_MS = 350;

export function mountLibrary({ place, server, trigger }) {
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
      ? [t("sources", { count: found.sources.length }), t("documents", { count: found.documents }), t("passages", { count: found.passages }), t("characters", { count: found.characters })].join(" · ")
      : t("library.empty");
    verify.hidden = !found.sources.length;
    table.replaceChildren(...found.sources.map((source) => sourceRow(source, found.can_change)));
  }

  function sourceRow(source, canChange) {
    const inside = el("div", { class: "cw-structure", hidden: true });
    const look = button(t("structure"), async () => {
      inside.hidden = !inside.hidden;
      look.setAttribute("aria-expanded", String(!inside.hidden));
      if (!inside.hidden && !inside.firstChild) {
        const found = await call(server, "library_outline", { source: source.name });
        inside.append(outlineNode(found, (at, end) => openAt(source.name, at, end)));
      }
    }, { class: "cw-quiet", "aria-expanded": "false" });
    const size = [source.format, t("documents", { count: source.documents }), t("turns", { count: source.turns }), t("characters", { count: source.characters })].join(" · ");
    return el("li", { class: "cw-source" },
      el("div", { class: "cw-source-head" },
        el("div", {}, el("h2", {}, foreign(source.name)), el("p", { class: "cw-note" }, size)),
        el("div", { class: "cw-actions" }, look, canChange ? removal(source) : null)),
      inside);
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
      const keep = button(t("cancel"), () => both.replaceWith(ask), { class: "cw-quiet" });
      const both = el("span", { class: "cw-sure" }, sure, keep);
      ask.replaceWith(both);
      sure.focus();
    }, { class: "cw-quiet" });
    return ask;
  }

  async function changed() {
    await refresh();
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
    for (const file of files) send(file);
  }

  function send(file) {
    const bar = el("progress", { max: "1", value: "0", "aria-label": file.name });
    const state = el("span", { class: "cw-job-state", "aria-live": "polite" }, t("job.sending"));
    const stop = iconButton("close", t("cancel"), () => request.abort());
    const row = el("li", { class: "cw-job" }, el("div", { class: "cw-job-head" }, foreign(file.name), state, stop), bar);
    jobs.prepend(row);
    const end = (words, kind) => { state.textContent = words; row.classList.add(`cw-job-${kind}`); bar.remove(); stop.remove(); };
    const request = new XMLHttpRequest();
    request.open("POST", new URL(`citewell/upload?name=${encodeURIComponent(file.name)}`, document.baseURI));
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
    if (job.state === "failed") return `${words}: ${job.reason}`;
    if (job.state !== "embedding" || !job.total) return words;
    const counts = `${job.done.toLocaleString(language)} / ${job.total.toLocaleString(language)}`;
    return job.seconds_left === null ? `${words} ${counts}` : `${words} ${counts}, ${t("job.left", { count: job.seconds_left })}`;
  }

  on("page", ({ name }) => { if (name === "library") refresh(); });
  refresh();
}
