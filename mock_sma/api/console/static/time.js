// The line for now: dragged, it tells where it is and what happens on the way; let go, the clock goes there.
import { moment, lasting, ruled } from "./console.js";

const form = document.querySelector("[data-drag]");
const range = form?.querySelector("input[type=range]");
if (range) {
  const line = form.querySelector("[data-now-line]");
  const told = form.querySelector("[data-drag-to]");
  const list = form.querySelector("[data-on-the-way]");
  const coming = JSON.parse(document.querySelector("[data-moments]").textContent);
  const start = Number(range.value);
  const low = Number(range.min);
  const length = Number(range.max) - low;
  let pointer = false;

  const show = () => {
    if (Number(range.value) < start) range.value = start;
    const to = Number(range.value);
    const place = `${(100 * (to - low)) / length}%`;
    line.setAttribute("x1", place);
    line.setAttribute("x2", place);
    const way = coming.filter((item) => item.at <= to);
    told.textContent = to > start ? `${moment(to)}, in ${lasting(to - start)}: ${way.length || "nothing"} on the way` : "Now";
    range.setAttribute("aria-valuetext", told.textContent);
    list.hidden = !way.length;
    list.replaceChildren(...way.slice(0, 8).map((item) => {
      const row = document.createElement("li");
      row.append(...ruled(`${moment(item.at)}: ${item.what}. ${item.effect}`));
      return row;
    }));
    if (way.length > 8) list.append(Object.assign(document.createElement("li"), { textContent: `and ${way.length - 8} more` }));
  };
  range.addEventListener("input", show);
  range.addEventListener("pointerdown", () => (pointer = true));
  // By keyboard one goes on to the button; a pointer that lets go has said where.
  range.addEventListener("change", () => {
    if (pointer && Number(range.value) > start) form.requestSubmit();
    pointer = false;
  });
}
