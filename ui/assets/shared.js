// What the surfaces tell each other.

const bus = new EventTarget();

export function tell(name, detail = {}) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

export function on(name, heard) {
  bus.addEventListener(name, (event) => heard(event.detail));
}

// Calls a function of the server; throws what the server says went wrong.
export async function call(server, name, data = {}) {
  const answer = await server[name](data);
  if (answer && typeof answer === "object" && "error" in answer) throw new Error(answer.error);
  return answer;
}

export const PAGES = ["chat", "check", "library", "notebook"];

export function showPage(name) {
  document.body.dataset.cwPage = PAGES.includes(name) ? name : "chat";
  document.body.classList.remove("cw-side-open");
  tell("page", { name: document.body.dataset.cwPage });
}

// As showPage, and the address says so.
export function goToPage(name) {
  history.pushState(null, "", `${location.pathname}${location.search}#${name}`);
  showPage(name);
}
