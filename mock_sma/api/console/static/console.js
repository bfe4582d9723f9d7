// What every page has: copying, the theme, the ticking clock, questions before what cannot be undone.

const status = document.createElement("div");
status.setAttribute("role", "status");
status.className = "visually-hidden";
document.body.append(status);

export function say(text) {
  status.textContent = text;
}

export async function copy(text, button) {
  const label = (button.dataset.label ??= button.textContent);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Not over plain HTTP on another host's name: select it, so that the keyboard can copy.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "Copied";
  say("Copied");
  setTimeout(() => (button.textContent = label), 1200);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-value]");
  if (!button) return;
  copy(button.dataset.copyValue ?? button.parentElement.querySelector("code").textContent, button);
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (!question) return;
  if (!window.confirm(question)) return event.preventDefault();
  // Asked and answered here: the server need not ask on a page of its own.
  event.target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "sure", value: "yes" }));
});

// A text in which rule numbers lead to their sentences, as the server writes it.
export function ruled(text) {
  return text.split(/\b(R\d\d)\b/).map((part, i) => (i % 2
    ? Object.assign(document.createElement("a"), { className: "rule", href: `${document.body.dataset.rules}#${part}`, textContent: part })
    : part));
}

// An address in which a line may end behind each slash.
export function breakable(text) {
  return text.length < 32 ? [text] : text.split(/(?<=\/)(?!\/)|(?=[?&])/).flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part]));
}

export function enliven(root) {
  for (const item of root.querySelectorAll("[data-copy], [data-theme-switch]")) item.hidden = false;
}
enliven(document);

document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `mock_sma_theme=${root.dataset.theme};path=/_mock;max-age=31536000;samesite=strict`;
  document.dispatchEvent(new Event("theme"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("theme")));

// On a phone the navigation is wider than the window: show where we are in it.
const tabs = document.querySelector(".top ul");
const here = tabs?.querySelector("[aria-current]");
if (here) tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;

// Clocks tick in the server's time zone, whatever the browser's is: the offset of the page's own time is kept.
const loaded = performance.now();
const clocks = [...document.querySelectorAll("[data-clock]")].map((element) => {
  const text = element.getAttribute("datetime");
  const offset = /([+-])(\d\d):(\d\d)$/.exec(text);
  const shift = offset ? (offset[1] === "-" ? -1 : 1) * (offset[2] * 60 + +offset[3]) * 60_000 : 0;
  return { element, local: Date.parse(text) + shift, rate: Number(element.dataset.rate) };
});
const parts = {
  day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
};
const berlin = new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "Europe/Berlin" });
const form = new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "UTC" });
export function moment(at) {
  return berlin.format(new Date(1000 * at)).replace(",", "");
}

export function lasting(seconds) {
  const found = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [size, unit] of [[31557600, "y"], [86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]) {
    const number = Math.floor(rest / size);
    rest -= number * size;
    if (number || (unit === "s" && !found.length)) found.push(`${number} ${unit}`);
    else if (found.length) break;
  }
  return found.slice(0, 2).join(" ");
}

// The panel of the clock closes as a menu does.
const panel = document.querySelector("[data-time]");
document.addEventListener("click", (event) => {
  if (panel?.open && !panel.contains(event.target)) panel.open = false;
});
panel?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  panel.open = false;
  panel.querySelector("summary").focus();
});

function tick() {
  const passed = performance.now() - loaded;
  for (const clock of clocks) {
    clock.element.textContent = form.format(clock.local + passed * clock.rate).replace(",", "");
  }
}
// What is so long until something, on the emulated clock.
const counted = [...document.querySelectorAll("[data-until]")].map((element) => ({ element, at: Number(element.dataset.until) }));
function count() {
  const [clock] = clocks;
  const now = (Date.parse(clock.element.getAttribute("datetime")) + (performance.now() - loaded) * clock.rate) / 1000;
  for (const { element, at } of counted) element.textContent = lasting(at - now);
}
if (counted.length && clocks[0]?.rate) setInterval(count, 1000);
if (clocks.some((clock) => clock.rate)) setInterval(tick, 1000);

// A list that narrows while one types: the same page, asked again, its results put in place.
for (const search of document.querySelectorAll("form[data-live]")) {
  let timer, running;
  const narrow = async () => {
    running?.abort();
    running = new AbortController();
    const address = new URL(search.action);
    for (const [name, value] of new FormData(search)) if (value && !["csrf", "back", "do"].includes(name)) address.searchParams.set(name, value);
    try {
      const answer = await fetch(address, { signal: running.signal });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const place = document.getElementById(search.dataset.live);
      // What was folded out of a preview stays so; of a list, other rows stand there now.
      const open = search.getAttribute("method") === "post" ? [...place.querySelectorAll("details")].map((item) => item.open) : [];
      place.replaceChildren(...next.getElementById(search.dataset.live).childNodes);
      place.querySelectorAll("details").forEach((item, number) => { item.open ||= open[number] ?? false; });
      enliven(place);
      if (search.getAttribute("method") !== "post") history.replaceState(null, "", address);
      say(place.querySelector("[data-count]")?.textContent ?? "");
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(narrow, 120);
  });
}
