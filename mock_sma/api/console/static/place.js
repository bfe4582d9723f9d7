// Where a position stands in a YAML document, read from its indentation: which keys lead there, as the schema knows them.

const INDENT = /^( *)((?:- +)*)(?:(?:"([^"]*)"|'([^']*)'|([\w${}.*-]+)) *:(?= |$))?/;

// The first column of a line, of its dash if it has one, and its key.
function shape(text) {
  const [, spaces, dashes, ...names] = INDENT.exec(text);
  const column = spaces.length + dashes.length;
  const key = names.find((name) => name !== undefined);
  return { outer: spaces.length, column, key, opens: key !== undefined && /: *(?:#.*)?$/.test(text), item: dashes !== "" };
}

const blank = (text) => /^\s*(?:#.*)?$/.test(text);

// Keys of what is open in braces and brackets on a line, and the key whose value begins.
function flow(text) {
  const open = [];
  let last;
  for (const [sign, , word] of [...text.matchAll(/"(?:\\.|[^"])*"|'[^']*'|([\w.*-]+)(?= *:)|[{}[\],:]|([\w.*-]+)/g)].map((m) => [m[0], m[2], m[1]])) {
    if (word !== undefined) last = { key: word, value: false };
    else if (sign === ":" && last) last.value = true;
    else if (sign === "{" || sign === "[") {
      open.push({ key: last?.value ? last.key : undefined, list: sign === "[" });
      last = undefined;
    } else if (sign === "}" || sign === "]") {
      open.pop();
      last = undefined;
    } else if (sign === ",") last = undefined;
  }
  return { open, value: last?.value ? last.key : undefined };
}

// The keys above a line, from its indentation.
function above(doc, number, column, item) {
  const path = [];
  let level = column;
  let same = item;
  for (let above = number - 1; above > 0 && (level > 0 || same); above -= 1) {
    const { text } = doc.line(above);
    if (blank(text)) continue;
    const line = shape(text);
    if (line.key !== undefined && (line.column < level || (same && line.column === level && !line.item && line.opens))) {
      path.unshift(line.key);
      level = line.outer;
      same = line.item;
    } else if (line.item && line.outer < level) {
      level = line.outer;
      same = true;
    }
  }
  return path;
}

export function placeOf(doc, pos) {
  const line = doc.lineAt(pos);
  const head = line.text.slice(0, pos - line.from);
  if (/(?:^|\s)#/.test(head)) return null;
  const start = shape(line.text);
  const before = /^( *)((?:- +)*)/.exec(head);
  const column = Math.min(start.column, before[0].length);
  const path = above(doc, line.number, start.item ? start.outer : column, start.item || /^ *-$/.test(head.trimEnd()));
  const inside = flow(head);
  for (const { key } of inside.open) if (key !== undefined) path.push(key);
  return { path, value: inside.value };
}

// What tells one kind of mapping from another: the values of action and kind that stand beside a place.
export function beside(doc, pos) {
  const line = doc.lineAt(pos);
  const found = {};
  const take = (text) => {
    for (const [, key, value] of text.matchAll(/\b(action|kind): *"?([\w-]+)/g)) found[key] ??= value;
  };
  const braces = line.text.includes("{");
  take(line.text);
  if (braces) return found;
  const { column } = shape(line.text);
  for (const step of [-1, 1]) {
    for (let number = line.number + (step < 0 ? 0 : 1); number > 0 && number <= doc.lines; number += step) {
      const { text } = doc.line(number);
      if (blank(text)) continue;
      const other = shape(text);
      if (other.column < column || (step > 0 && other.item && other.outer < column)) break;
      if (other.column === column) take(text);
      if (step < 0 && other.item && other.column === column) break;
    }
  }
  return found;
}

// How far a new line is indented: under what a line opens, beside the keys of an item, below the dash of one that is complete,
// else as the line before it.
export function below(doc, pos) {
  const line = doc.lineAt(pos);
  if (line.from === pos && line.text && line.number > 1) return below(doc, pos - 1);
  const head = line.text.slice(0, pos - line.from);
  const { outer, column, key, opens, item } = shape(head);
  if (opens) return column + 2;
  const whole = head.length > column && (key === undefined || /[{[]/.test(head[column]));
  return item && whole && !flow(head).open.length ? outer : column;
}
