// The page's words in the browser's language.

let words = {};
let plurals = new Intl.PluralRules("en");
// The reader's own variety of the page's language ("en-GB"), for dates and numbers.
export let language = "en";

export async function loadTexts() {
  const answer = await fetch(new URL("citewell/assets/texts.json", document.baseURI));
  const all = await answer.json();
  const spoken = (name) => name.slice(0, 2).toLowerCase();
  language = (navigator.languages ?? [navigator.language]).find((name) => spoken(name) in all) ?? "en";
  words = all[spoken(language)];
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = spoken(language);
}

// The words for a key, with {name} filled in. With a `count`, the key's form for that number.
export function t(key, values = {}) {
  let found = words[key];
  if (values.count !== undefined) {
    found = words[`${key}.${plurals.select(values.count)}`] ?? words[`${key}.other`] ?? found;
  }
  return (found ?? key).replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? (name === "count" ? values.count.toLocaleString(language) : String(values[name])) : whole,
  );
}

// The words for a key, or else what the server says itself.
export function worded(key, otherwise, values = {}) {
  const found = t(key, values);
  return found === key ? otherwise : found;
}
