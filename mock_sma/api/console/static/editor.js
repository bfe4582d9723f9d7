// The scenario's text field: which line the caret is in, going to a line, indenting by Tab.

const area = document.getElementById("text");
if (area) {
  const caret = document.querySelector("[data-caret]");
  const tell = () => {
    const before = area.value.slice(0, area.selectionStart).split("\n");
    caret.textContent = `line ${before.length}, column ${before.at(-1).length + 1}`;
  };
  for (const event of ["keyup", "click", "input", "focus"]) area.addEventListener(event, tell);

  area.addEventListener("keydown", (event) => {
    // Escape first, then Tab leaves the field: the keyboard is never caught in it.
    if (event.key === "Escape") area.dataset.leave = "1";
    else if (event.key === "Tab" && !event.shiftKey && !area.dataset.leave) {
      event.preventDefault();
      area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
    } else if (event.key !== "Shift" && event.key !== "Tab") delete area.dataset.leave;
  });
  area.addEventListener("blur", () => delete area.dataset.leave);

  for (const link of document.querySelectorAll("[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const lines = area.value.split("\n");
      const number = Number(link.dataset.line);
      const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
      area.focus();
      area.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
      area.scrollTop = (number - 4) * parseFloat(getComputedStyle(area).lineHeight);
      tell();
    });
  }
}
