// Charts from the JSON beside them, drawn by uPlot: stacked areas for a day, bars for longer spans.
import { enliven } from "./console.js";

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// light-dark() has to be resolved by an element before a canvas understands it.
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);
function color(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

function markColor(kind) {
  const element = document.createElement("i");
  element.className = `mark ${kind}`;
  element.style.color = "var(--mark)";
  element.style.outlineColor = "var(--mark-line)";
  probe.append(element);
  const style = getComputedStyle(element);
  const found = { fill: style.color, line: style.outlineColor };
  element.remove();
  return found;
}

function text(value, unit) {
  if (value == null) return "–";
  if (unit === "%" || (unit !== "W" && unit !== "Wh")) return `${+value.toFixed(3)} ${unit}`;
  const size = Math.abs(value) >= 1e6 ? [1e6, "M"] : Math.abs(value) >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${(value / size[0]).toFixed(size[0] === 1 ? 0 : 2)} ${size[1]}${unit}`;
}

function stacked(data) {
  const sums = [];
  let below = data.places.map(() => 0);
  for (const { values } of data.series) {
    below = values.map((value, i) => (value == null ? null : (below[i] ?? 0) + value));
    sums.push(below);
  }
  return sums;
}

function marksPlugin(data) {
  return {
    hooks: {
      drawClear: (plot) => {
        const { ctx, bbox } = plot;
        ctx.save();
        for (const mark of data.marks) {
          const { fill, line } = markColor(mark.kind);
          const from = Math.max(plot.valToPos(mark.start, "x", true), bbox.left);
          const to = Math.min(plot.valToPos(mark.end, "x", true), bbox.left + bbox.width);
          if (to < from) continue;
          ctx.fillStyle = fill;
          ctx.fillRect(from, bbox.top, Math.max(to - from, 2), bbox.height);
          ctx.fillStyle = line;
          if (mark.kind !== "ahead") ctx.fillRect(from, bbox.top, Math.max(to - from, 2), 3 * devicePixelRatio);
        }
        ctx.restore();
      },
    },
  };
}

function options(data, plotted, box, show) {
  const ink = color("--muted");
  const line = color("--line");
  const scale = data.scale;
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const paths = data.bars ? uPlot.paths.bars({ size: [0.7, 60] }) : data.stacked ? uPlot.paths.stepped({ align: -1 }) : undefined;
  const top = data.series.map((item, index) => ({ item, index }));
  if (data.stacked) top.reverse(); // painted from the highest sum down, each over the one before
  const series = top.map(({ item }) => ({
    label: item.label,
    scale: "y",
    stroke: color(`--c-${item.color}`),
    fill: data.stacked || data.bars ? color(`--c-${item.color}`) : undefined,
    width: data.stacked ? 0.5 : 1.75,
    points: { show: data.places.length < 2 },
    paths,
  }));
  const columns = top.map(({ index }) => plotted[index]);
  if (data.line) {
    series.push({ label: data.line.label, scale: "soc", stroke: color("--c-soc"), width: 2, points: { show: false } });
    columns.push(data.line.values);
  }
  return {
    columns,
    options: {
      width: box.clientWidth,
      height: box.clientHeight,
      padding: [10, data.line ? 0 : 22, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false } },
      scales: {
        x: { time: false, range: (plot, low, high) => (plot.zoomed ? [low, high] : [data.low, data.high]) },
        y: { range: (plot, low, high) => spread(low, high, data) },
        soc: { range: [0, 100] },
      },
      axes: [
        {
          stroke: ink, font, grid: { show: false }, ticks: { stroke: line }, size: 30, label: data.zone, labelSize: 18, labelFont: font, labelGap: 0,
          splits: () => ticksFor(data, box.clientWidth).map(([at]) => at),
          values: () => ticksFor(data, box.clientWidth).map(([, label]) => label),
        },
        {
          scale: "y", stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { show: false },
          size: (plot, values) => 16 + 7.5 * Math.max(3, ...(values ?? []).map((value) => value.length)),
          values: (plot, values) => values.map((value) => (+(value / scale).toFixed(3)).toLocaleString("en-GB")),
        },
        ...(data.line
          ? [{ scale: "soc", side: 1, stroke: color("--c-soc"), font, grid: { show: false }, ticks: { show: false }, size: 46, values: (plot, values) => values.map((value) => `${value}%`) }]
          : []),
      ],
      series: [{}, ...series],
      plugins: [marksPlugin(data)],
      hooks: {
        setCursor: [(plot) => show(plot.cursor.idx)],
        setSelect: [(plot) => { plot.zoomed = plot.select.width > 0; }],
      },
    },
  };
}

function spread(low, high, data) {
  // Nothing, or nothing but zeros: an axis of one unit.
  if (low == null || high == null || (low === 0 && high === 0)) return [0, data.scale === 1 && data.unit[0] === "W" ? 1000 : data.scale];
  const bottom = data.stacked || low >= 0 && low < high * 0.6 ? Math.min(0, low) : low - (high - low) * 0.1;
  const ceiling = high + (high - bottom) * 0.08;
  return ceiling > bottom ? [bottom, ceiling] : [bottom - 1, bottom + 1];
}

function ticksFor(data, width) {
  const room = Math.max(2, Math.floor(width / 48));
  const every = Math.ceil(data.ticks.length / room);
  return data.ticks.filter((tick, i) => i % every === 0);
}

function chart(figure) {
  const source = figure.querySelector('script[type="application/json"]');
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const box = figure.querySelector(".plot");
  const values = [...figure.querySelectorAll("[data-value]")];
  const at = figure.querySelector("[data-at]");
  const shown = [...data.series, ...(data.line ? [data.line] : [])];
  const plotted = data.stacked ? stacked(data) : data.series.map((item) => item.values);
  let place = null;

  function show(index) {
    place = index ?? null;
    at.textContent = place == null ? "" : data.labels[place];
    shown.forEach((item, i) => {
      const unit = item === data.line ? "%" : data.unit;
      values[i].textContent = place == null ? "" : text(item.values[place], unit);
    });
    if (place == null || document.activeElement !== box) return;
    box.setAttribute("aria-valuenow", place);
    const words = shown.map((item) => `${item.label} ${text(item.values[place], item === data.line ? "%" : data.unit)}`);
    box.setAttribute("aria-valuetext", `${data.labels[place]}: ${words.join(", ")}`);
  }

  let plot;
  function draw() {
    plot?.destroy();
    const made = options(data, plotted, box, show);
    plot = new uPlot(made.options, [data.places, ...made.columns], box);
  }
  draw();
  new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: box.clientHeight })).observe(box);
  document.addEventListener("theme", draw);

  box.addEventListener("keydown", (event) => {
    const last = data.places.length - 1;
    const now = place ?? -1;
    const next = { ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1, PageUp: now + 12, PageDown: now - 12, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const to = Math.min(Math.max(next, 0), last);
    plot.setCursor({ left: plot.valToPos(data.places[to], "x"), top: 10 });
    show(to);
  });
}

for (const figure of document.querySelectorAll("[data-chart]")) chart(figure);

// Raw JSON comes when somebody wants to see it.
for (const details of document.querySelectorAll("details[data-load]")) {
  details.addEventListener("toggle", async () => {
    const pre = details.querySelector("pre");
    if (!details.open || !pre.hidden) return;
    const answer = await fetch(details.dataset.load);
    pre.querySelector("code").textContent = JSON.stringify(await answer.json(), null, 2);
    pre.hidden = false;
  });
}
enliven(document);
