// The tour ticks its steps off as requests come.
import { enliven } from "./console.js";

function follow() {
  const list = document.getElementById("stages");
  if (!list) return;
  const source = new EventSource(list.dataset.tour);
  let asked = false;
  source.addEventListener("exchanges", async () => {
    if (asked) return;
    asked = true;
    const answer = await fetch(list.dataset.page);
    asked = false;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("stages");
    // Only what has changed: an open program stays open.
    [...list.children].forEach((item, place) => {
      const fresh = next.children[place];
      item.className = fresh.className;
      for (const part of ["h2", "p"]) item.querySelector(part).replaceChildren(...fresh.querySelector(part).childNodes);
    });
    enliven(list);
  });
  window.addEventListener("pagehide", () => source.close(), { once: true });
}
follow();
