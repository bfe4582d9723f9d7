// The journal as it grows: server-sent events, filtered here, painted once per frame, so that hundreds a second are fine.
import { breakable, ruled, say } from "./console.js";

const table = document.querySelector("[data-journal]");
const body = table.tBodies[0];
const template = document.getElementById("exchange");
const form = document.querySelector("[data-filter]");
const pause = document.querySelector("[data-pause]");
const state = document.querySelector("[data-live-state]");
const counted = document.querySelector("[data-counted]");
const nothing = document.querySelector("[data-nothing]");
const KEPT = 500;

let waiting = [];
let paused = false;
let frame = 0;
let count = Number(counted.textContent);

const time = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Berlin", day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

function kind(status) {
  return status < 300 ? "good" : status < 400 ? "plain" : status < 500 ? "warn" : "bad";
}

function fits(entry) {
  const { q, status, client } = Object.fromEntries(new FormData(form));
  const target = `${entry.method} ${entry.path}?${entry.query} ${entry.status} ${entry.client_id ?? ""} ${entry.operation ?? ""}`.toLowerCase();
  return target.includes(q.trim().toLowerCase()) && (!status || status[0] === String(entry.status)[0]) && (!client || client === entry.client_id);
}

// Texts only: what a client sent never becomes markup.
function row(entry) {
  const made = template.content.firstElementChild.cloneNode(true);
  const find = (name) => made.querySelector(`[data-${name}]`);
  const when = Object.assign(document.createElement("time"), { textContent: time.format(new Date(entry.at)).replace(",", ""), dateTime: entry.at });
  find("at").replaceChildren(when);
  find("status").replaceChildren(Object.assign(document.createElement("span"), { className: `tag ${kind(entry.status)}`, textContent: entry.status }));
  find("method").textContent = entry.method;
  const link = find("path");
  const whole = entry.path + (entry.query ? `?${entry.query}` : "");
  // A login page's address is long, and says little: it is folded, as the server folds it.
  link.replaceChildren(...breakable(entry.path.startsWith("/oauth2/") && entry.query.length > 40 ? `${entry.path}?…` : whole));
  link.title = whole;
  link.href = `${table.dataset.console}/${encodeURIComponent(entry.id)}`;
  find("client").textContent = (entry.client_id ?? "–") + (entry.server ? ` · ${entry.server}` : "");
  find("why").replaceChildren(...ruled(entry.why.at(-1)?.text ?? ""));
  return made;
}

function paint() {
  frame = 0;
  if (paused) return;
  const fresh = waiting.slice(-KEPT).reverse();
  waiting = [];
  if (!fresh.length) return;
  nothing.hidden = true;
  body.prepend(...fresh.map(row));
  while (body.rows.length > KEPT) body.lastElementChild.remove();
}

function tell() {
  counted.textContent = count;
  state.textContent = paused ? `· paused, ${waiting.length} waiting` : "· live";
}

function connect() {
  const source = new EventSource(table.dataset.journal);
  source.addEventListener("exchanges", (event) => {
    const news = JSON.parse(event.data).filter(fits);
    count += news.length;
    waiting.push(...news);
    tell();
    frame ||= requestAnimationFrame(paint);
  });
  source.addEventListener("reset", () => {
    waiting = [];
    count = 0;
    body.replaceChildren();
    nothing.hidden = false;
    tell();
  });
  source.addEventListener("open", tell);
  source.addEventListener("error", () => (state.textContent = "· waiting for the server"));
  window.addEventListener("pagehide", () => source.close(), { once: true });
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", paused);
  pause.textContent = paused ? "Resume" : "Pause";
  say(paused ? "Paused" : "Live again");
  tell();
  paint();
});
connect();
