// Shows the report in a frame and puts a new one in its place, at the place that was being read.
"use strict";
const state = document.getElementById("state");
const faults = document.getElementById("faults");
let shown = null;

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
  });
  coming.src = `report.html?${inputs}`;
  old.after(coming);
}

function tell(told) {
  state.textContent = told.text;
  const list = told.faults.length ? told.faults : told.notes;
  faults.hidden = list.length === 0;
  faults.className = told.faults.length ? "" : "notes";
  faults.replaceChildren(...list.map((text) => Object.assign(document.createElement("pre"), { textContent: text })));
  if (told.inputs) show(told.inputs);
}

const events = new EventSource("events");
events.onmessage = (event) => tell(JSON.parse(event.data));
events.onerror = () => { state.textContent = "下見のプログラムにつながりません（nenpo preview が動いているか確かめてください）"; };
