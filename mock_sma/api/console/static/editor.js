// The scenario editor: CodeMirror over the text field, with the language's words, and what is said of the text beside it.
// Without it the text field, "Check" and "Run it" do the same by themselves.

import { enliven, say } from "./console.js";
import { below, beside, placeOf } from "./place.js";

const form = document.querySelector("[data-editor]");
const area = document.getElementById("text");
const PAUSE = 350; // ms after the last key until the text is looked at

async function start() {
  const cm = await import(form.dataset.editor);
  const { Decoration, EditorView, StateEffect, StateField, WidgetType } = cm;

  // What is said of lines: a mark in the line, and the words at its end.
  class Said extends WidgetType {
    constructor(mark) {
      super();
      this.mark = mark;
    }
    eq(other) {
      return other.mark.text === this.mark.text && other.mark.severity === this.mark.severity;
    }
    toDOM() {
      const { severity, text } = this.mark;
      return Object.assign(document.createElement("span"), { className: `said ${severity}`, textContent: text });
    }
  }
  const tell = StateEffect.define();
  const told = StateField.define({
    create: () => Decoration.none,
    update(marks, change) {
      for (const effect of change.effects) if (effect.is(tell)) return effect.value;
      return marks.map(change.changes);
    },
    provide: (field) => EditorView.decorations.from(field),
  });
  const lineOf = (number) => view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
  function mark(marks) {
    const parts = [];
    for (const item of marks) {
      const line = lineOf(item.line);
      parts.push(Decoration.line({ class: `wrong ${item.severity}` }).range(line.from));
      parts.push(Decoration.widget({ widget: new Said(item), side: 1 }).range(line.to));
    }
    view.dispatch({ effects: tell.of(Decoration.set(parts, true)) });
  }

  // An apostrophe within a word begins no quoted text.
  const yaml = {
    ...cm.yaml,
    token(stream, state) {
      const inside = /['"]/.test(stream.peek()) && /\w/.test(stream.string.charAt(stream.pos - 1));
      return inside ? (stream.next(), null) : cm.yaml.token(stream, state);
    },
  };

  // The language's words, asked for by place and kept.
  const asked = new Map();
  function words(path, near) {
    const query = new URLSearchParams({ path: path.join("/"), ...near });
    const address = `${form.dataset.words}?${query}`;
    if (!asked.has(address)) asked.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : {})));
    return asked.get(address);
  }
  const explained = ({ about, kind }) => [about && about[0].toUpperCase() + about.slice(1), kind].filter(Boolean).join(" · ");

  async function complete(context) {
    const place = placeOf(context.state.doc, context.pos);
    const word = context.matchBefore(/[\w-]*$/);
    if (!place || (!context.explicit && word.from === word.to && !place.value)) return null;
    const known = await words(place.path, beside(context.state.doc, context.pos));
    if (place.value !== undefined) {
      const values = known[place.value]?.values ?? [];
      return values.length ? { from: word.from, options: values.map((label) => ({ label, type: "enum" })), validFor: /^[\w-]*$/ } : null;
    }
    const options = Object.entries(known).map(([label, about]) => ({
      label,
      type: "property",
      detail: about.kind,
      info: about.about || undefined,
      apply: about.nested ? `${label}:` : `${label}: `,
    }));
    return options.length ? { from: word.from, options, validFor: /^[\w-]*$/ } : null;
  }

  // The key at a place, and what it means.
  async function keyAt(doc, pos) {
    const line = doc.lineAt(pos);
    const word = [...line.text.matchAll(/[A-Za-z_][\w-]*(?=\s*:)/g)].find(({ index, 0: text }) => line.from + index <= pos && pos <= line.from + index + text.length);
    if (!word) return null;
    const from = line.from + word.index;
    const place = placeOf(doc, from);
    const about = place && (await words(place.path, beside(doc, from)))[word[0]];
    return about ? { key: word[0], from, about } : null;
  }
  function meaning(parent, { key, about }) {
    parent.replaceChildren(Object.assign(document.createElement("code"), { textContent: key }), ` ${explained(about)}`);
    if (about.values.length) parent.append(Object.assign(document.createElement("span"), { textContent: about.values.join(", ") }));
    return parent;
  }
  const hover = cm.hoverTooltip(async (editor, pos) => {
    const found = await keyAt(editor.state.doc, pos);
    return found && {
      pos: found.from,
      end: found.from + found.key.length,
      create: () => ({ dom: meaning(Object.assign(document.createElement("div"), { className: "meaning" }), found) }),
    };
  });
  // Fingers and keyboards point at nothing: the key at the cursor is explained below the text.
  const here = form.querySelector("[data-meaning]");
  async function follow(doc, pos) {
    const line = doc.lineAt(pos);
    const found = await keyAt(doc, Math.max(pos, line.from + /^[\s-]*/.exec(line.text)[0].length));
    here.hidden = !found;
    if (found) meaning(here, found);
  }

  const { tags } = cm;
  const colours = cm.HighlightStyle.define(
    [
      [tags.atom, "key"], [tags.comment, "comment"], [tags.string, "string"], [tags.number, "number"], [tags.keyword, "word"],
      [tags.meta, "meta"], [tags.definition(tags.variableName), "key"],
    ].map(([tag, name]) => ({ tag, class: `tok-${name}` })),
  );

  let timer;
  const view = new EditorView({
    state: cm.EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(form.dataset.nonce),
        cm.lineNumbers(), cm.highlightActiveLine(), cm.highlightActiveLineGutter(), cm.history(),
        cm.StreamLanguage.define(yaml), cm.syntaxHighlighting(colours), cm.indentUnit.of("  "), cm.indentService.of((context, pos) => below(context.state.doc, pos)),
        cm.autocompletion({ override: [complete] }), hover, told,
        cm.keymap.of([...cm.completionKeymap, ...cm.defaultKeymap, ...cm.historyKeymap, cm.indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": "Scenario document", tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
        matchMedia("(max-width: 40rem)").matches ? EditorView.lineWrapping : [],
        EditorView.updateListener.of((change) => {
          if (change.selectionSet) follow(change.state.doc, change.state.selection.main.head);
          if (!change.docChanged) return;
          area.value = view.state.doc.toString();
          clearTimeout(timer);
          timer = setTimeout(look, PAUSE);
        }),
      ],
    }),
  });
  area.before(view.dom);
  area.hidden = true;
  document.querySelector('label[for="text"]').remove();
  form.querySelector("[data-hint]").hidden = false;

  // What is said of the text: the server's own page part, put in place while one types.
  let running;
  async function look() {
    running?.abort();
    running = new AbortController();
    const fields = new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "do"));
    fields.set("do", "look");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, signal: running.signal });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("verdict");
      if (found) show(found);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }
  function show(found) {
    const place = document.getElementById("verdict");
    const open = place.querySelector("details")?.open;
    place.replaceChildren(...found.childNodes);
    const details = place.querySelector("details");
    if (details && open !== undefined) details.open = open;
    enliven(place);
    marked();
    say(place.querySelector("[data-count]")?.textContent ?? "");
  }
  const marked = () => mark(JSON.parse(document.querySelector("[data-marks]").textContent));
  marked();
  form.elements.day.addEventListener("change", look);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    const { from, to } = lineOf(Number(link.dataset.line));
    view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    view.focus();
  });
}

if (form) start();
