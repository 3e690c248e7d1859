// Shows the report in a frame and puts a new one in its place, at the place that was being read.
"use strict";
const state = document.getElementById("state");
const faults = document.getElementById("faults");
const checks = document.getElementById("checks");
let shown = null;
let last = "";

// What stands at the top of the view: the last anchor above it, and how far below that we are.
function place(view) {
  let anchor = null;
  for (const element of view.document.querySelectorAll("main [id]")) {
    if (element.closest("svg")) continue;
    if (element.getBoundingClientRect().top > 1) break;
    anchor = element;
  }
  if (!anchor) return { id: null, offset: view.scrollY };
  return { id: anchor.id, offset: -anchor.getBoundingClientRect().top };
}

function goTo(view, { id, offset }) {
  const anchor = id && view.document.getElementById(id);
  const top = anchor ? anchor.getBoundingClientRect().top + view.scrollY : 0;
  view.scrollTo({ top: top + offset, behavior: "instant" });
}

function show(inputs) {
  if (inputs === shown) return;
  shown = inputs;
  const old = document.getElementById("report");
  const coming = old.cloneNode();
  coming.removeAttribute("id");
  coming.className = "coming";
  coming.style.width = `${old.clientWidth}px`;
  coming.style.height = `${old.clientHeight}px`;
  coming.addEventListener("load", () => {
    if (shown !== inputs) return coming.remove();
    const kept = old.contentWindow && old.src ? place(old.contentWindow) : null;
    if (kept) goTo(coming.contentWindow, kept);
    coming.className = "";
    coming.removeAttribute("style");
    old.remove();
    coming.id = "report";
    if (kept) goTo(coming.contentWindow, kept);
    document.body.dataset.inputs = inputs;
    check(coming.contentWindow.document, inputs);
  });
  coming.src = `report.html?${inputs}`;
  old.after(coming);
}

// Marks the figures that do not hold, or have not been held against the data, and says below the state what is wrong.
async function check(page, inputs) {
  const answer = await fetch(`checks.json?${inputs}`);
  if (!answer.ok || shown !== inputs) return;
  const { findings, figures } = await answer.json();
  const texts = new Map();
  for (const figure of figures) texts.set(figure.file, [...(texts.get(figure.file) ?? []), figure]);
  const isMarked = page.querySelector("mark[data-outcome]") !== null;
  for (const all of isMarked ? [] : texts.values()) {
    if (!all.some(isOpen)) continue;
    const section = page.getElementById(`sec-${all[0].section}`);
    for (const text of section ? section.querySelectorAll(".text") : []) if (marked(text, all)) break;
  }
  for (const finding of findings.filter(({ rule, severity }) => severity === "error" || rule === "本文の数値")) {
    faults.append(told("pre", finding.message, aim(finding.sheet, finding.table)));
    faults.hidden = false;
    faults.className = "";
  }
  list(findings);
}

// All that the check has found, the worst first.
function list(findings) {
  const kinds = [["error", "誤り"], ["warning", "確かめるところ"], ["note", "お知らせ"]];
  const of = (kind) => findings.filter(({ severity }) => severity === kind);
  checks.hidden = false;
  checks.querySelector("summary").textContent =
    `確認の結果　${kinds.map(([kind, name]) => `${name}：${of(kind).length} 件`).join("、")}`;
  checks.querySelector("ol").replaceChildren(
    ...kinds.flatMap(([kind, name]) =>
      of(kind).map(({ message, suggestion, sheet, cell, table }) =>
        told("li", `${name}　${message}${suggestion ? `。${suggestion}` : ""}（${[sheet, cell].filter(Boolean).join(" ")}）`, aim(sheet, table)),
      ),
    ),
  );
}

// The id of the place in the report that a message is about: the section of a text, or a table.
function aim(where, table) {
  const text = where.match(/(?:commentary|cases)\/([^/]+?)\.md/);
  if (text) return `sec-${text[1].split("-").slice(0, 2).join("-")}`;
  const sheet = table || where.match(/(?:^|[ 「])(\d+(?:-\d+)+)[ 　」]/)?.[1];
  return sheet ? `tbl-${sheet}` : "";
}

// A text whose figures are parts of its words again, not apart from them to be kept on one line.
function inOnePiece(text) {
  for (const figure of text.querySelectorAll(".whole")) figure.replaceWith(...figure.childNodes);
  text.normalize();
  return text;
}

// What a message quotes in its place: a mark of those words, else the words themselves, else the first mark.
function quoted(place, message) {
  for (const [, words] of message.matchAll(/「([^」]+)」/g)) {
    const mark = [...place.querySelectorAll("mark")].find(({ textContent }) => textContent === words);
    if (mark) return mark;
    const walker = place.ownerDocument.createTreeWalker(inOnePiece(place), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.data.includes(words)) return walker.currentNode.parentElement;
  }
  return place.querySelector("mark");
}

// A message, with a button that leads to its place in the report, in a text to the words that it quotes.
function told(tag, text, id) {
  const element = Object.assign(document.createElement(tag), { textContent: text });
  if (id) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "to", textContent: "この場所を見る" });
    button.addEventListener("click", () => {
      const place = document.getElementById("report").contentDocument.getElementById(id);
      const isText = id.startsWith("sec-");
      ((isText && place && quoted(place, text)) || place)?.scrollIntoView({ block: isText ? "center" : "start" });
    });
    element.append(button);
  }
  return element;
}

function isOpen(figure) {
  return ["contradicted", "ambiguous", "untraced"].includes(figure.outcome);
}

// Each digit of a text belongs to one figure, so that the next figure stands where the next digits are. False for a text
// that has other figures.
function marked(text, figures) {
  const walker = text.ownerDocument.createTreeWalker(inOnePiece(text), NodeFilter.SHOW_TEXT);
  const nodes = [];
  let whole = "";
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest(".footnote-ref, .footnote-backref")) continue;
    nodes.push({ node: walker.currentNode, start: whole.length });
    whole += walker.currentNode.data;
  }
  const found = [];
  let at = 0;
  for (const figure of figures) {
    const digit = at + whole.slice(at).search(/[0-9０-９]/);
    const start = whole.indexOf(figure.text, Math.max(at, digit - figure.text.length + 1));
    if (digit < at || start < 0 || start > digit) continue;
    at = start + figure.text.length;
    found.push({ figure, start });
  }
  if (/[0-9０-９]/.test(whole.slice(at))) return false;
  for (const { figure, start } of found.filter(({ figure }) => isOpen(figure)).reverse()) {
    const { node, start: from } = nodes.findLast((one) => one.start <= start);
    const range = text.ownerDocument.createRange();
    range.setStart(node, start - from);
    range.setEnd(node, Math.min(start - from + figure.text.length, node.data.length));
    const mark = text.ownerDocument.createElement("mark");
    mark.dataset.outcome = figure.outcome;
    mark.title = figure.expected ? `データでは ${figure.expected}（${figure.fact}）` : "データと比べられません";
    mark.style.outline = "2px solid #a30000";
    range.surroundContents(mark);
  }
  return true;
}

function tell({ text, faults: wrong, notes, inputs }) {
  state.textContent = text;
  const said = JSON.stringify([wrong, notes, inputs]);
  if (said === last) return; // progress: what has been found stays
  last = said;
  const lines = wrong.length ? wrong : notes;
  faults.hidden = lines.length === 0;
  faults.className = wrong.length ? "" : "notes";
  faults.replaceChildren(...lines.map((line) => told("pre", line, aim(line, ""))));
  if (document.body.dataset.inputs === inputs) check(document.getElementById("report").contentDocument, inputs);
  else if (inputs) show(inputs);
}

const events = new EventSource("events");
events.onmessage = (event) => tell(JSON.parse(event.data));
events.onerror = () => { state.textContent = "下見のプログラムにつながりません（nenpo preview が動いているか確かめてください）"; };
