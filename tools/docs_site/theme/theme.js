// The documentation's page: search, light and dark, copying code. Works from a folder as from a server, and asks no other host.
"use strict";

const base = document.currentScript.dataset.base;
const form = document.querySelector(".search");
const field = form.querySelector("input");
const list = form.querySelector("ul");
const MOST = 12;
const AROUND = 70;

const load = (file) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${base}/search/${file}`;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${script.src} cannot be read`));
    document.head.append(script);
  });

// The index is made when somebody first searches.
let making = null;
const ready = () => (making ??= Promise.all([load("lunr.js"), load("index.js")]).then(() => {
  const index = lunr(function () {
    this.ref("place");
    this.field("title", { boost: 10 });
    this.field("text");
    searchIndex.entries.forEach((entry, place) => this.add({ place, ...entry }));
  });
  return index;
}));

const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}_.]+/u).filter((word) => word.length > 1);

const query = (index, asked) =>
  index.query((wanted) => {
    for (const word of asked) {
      wanted.term(lunr.tokenizer(word), { boost: 10 });
      wanted.term(word, { wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false });
    }
  });

// The words found are marked; the text goes in as text, never as markup.
const marked = (text, asked) => {
  const parts = document.createDocumentFragment();
  const pattern = new RegExp(`(${asked.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  text.split(pattern).forEach((part, number) => {
    const node = document.createElement(number % 2 ? "mark" : "span");
    node.textContent = part;
    parts.append(node);
  });
  return parts;
};

const excerpt = (text, asked) => {
  const lower = text.toLowerCase();
  const at = Math.max(0, ...asked.map((word) => lower.indexOf(word)).filter((place) => place >= 0).slice(0, 1));
  const from = Math.max(0, at - AROUND);
  return (from ? "… " : "") + text.slice(from, at + 2 * AROUND) + (text.length > at + 2 * AROUND ? " …" : "");
};

const row = (entry, asked, number) => {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `found-${number}`;
  const link = document.createElement("a");
  link.href = `${base}/${entry.location}`;
  link.tabIndex = -1;
  const page = searchIndex.pages[entry.location.split("#")[0]];
  link.append(marked(page === entry.title ? page : `${page} – ${entry.title}`, asked));
  const small = document.createElement("small");
  small.append(marked(excerpt(entry.text, asked), asked));
  link.append(small);
  item.append(link);
  return item;
};

const none = (text) => {
  const item = document.createElement("li");
  item.className = "none";
  item.textContent = text;
  return item;
};

const show = (items) => {
  list.replaceChildren(...items);
  list.hidden = items.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  choose(null);
};

const choose = (item) => {
  for (const other of list.children) other.setAttribute("aria-selected", String(other === item));
  item ? field.setAttribute("aria-activedescendant", item.id) : field.removeAttribute("aria-activedescendant");
  item?.scrollIntoView({ block: "nearest" });
};

const search = async () => {
  const text = field.value;
  const asked = words(text);
  if (!asked.length) return show([]);
  try {
    const index = await ready();
    if (text !== field.value) return undefined; // something else has been asked meanwhile
    const found = query(index, asked).slice(0, MOST).map((hit) => searchIndex.entries[hit.ref]);
    return show(found.length ? found.map((entry, number) => row(entry, asked, number)) : [none(`Nothing is found for “${text}”.`)]);
  } catch (error) {
    return show([none(error.message)]);
  }
};

const step = (by) => {
  const items = [...list.querySelectorAll("[role=option]")];
  if (!items.length) return;
  const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  choose(items[(now + by + items.length + (now < 0 && by < 0 ? 1 : 0)) % items.length]);
};

const KEYS = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Escape: () => show([]) };

form.hidden = false;
field.addEventListener("input", search);
field.addEventListener("focus", search);
field.addEventListener("keydown", (event) => {
  if (!KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = list.querySelector("[aria-selected=true] a") ?? list.querySelector("a");
  if (chosen) location.href = chosen.href;
  show([]);
});
document.addEventListener("click", (event) => {
  if (!form.contains(event.target) || event.target.closest("a")) show([]);
});
document.addEventListener("keydown", (event) => {
  const writing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
});

// Light and dark: the system's choice until the reader makes another.
const root = document.documentElement;
const themeSwitch = document.querySelector(".switch");
const kept = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
if (kept) root.dataset.theme = kept;
themeSwitch.hidden = false;
themeSwitch.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* the choice lasts as long as the page */ }
});

// On a narrow screen the list of pages is folded.
if (matchMedia("(max-width: 52rem)").matches) document.querySelector("nav.site details").open = false;

// What is scrolled sideways is reached by keyboard too.
for (const wide of document.querySelectorAll("pre, table")) {
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
}

for (const block of document.querySelectorAll(".code")) {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code, pre").textContent);
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  if (navigator.clipboard) block.append(copy);
}
