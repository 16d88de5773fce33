/* What the page knows while it is open, and the few helpers that every part of it needs. */

import { localTime } from "./rules.js";

const shell = document.getElementById("field").dataset;
const texts = JSON.parse(shell.texts);

/** The words of a slip: Chinese, and those of the languages that a household may have chosen. */
export const slipWords = JSON.parse(shell.slip);

// In a text from right to left a number or a code keeps its own direction, or 2026-000008 reads 000008-2026.
export const apart = document.dir === "rtl" ? (value) => `\u2068${value}\u2069` : (value) => value;

export const say = (name, figures = {}) => Object.entries(figures).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, apart(value)), texts[name] || name);
export const $ = (id) => document.getElementById(id);

export const state = {
  token: null, reference: null, fetched: null, leases: [], recent: [], holder: "", closing: null, notes: [],
  grade: null, tare: "0", crate: 0, deduction: "0", household: null, typed: "", fromScale: false, last: null, printed: null, asked: false, hasPrinter: false,
};

/** A moment on the collective's clocks, and its date; before the first contact the device's own zone has to do. */
export const timeOf = (milliseconds) => localTime(state.reference?.utc_offsets, milliseconds);
export const dayOf = (milliseconds) => timeOf(milliseconds).slice(0, 10);

/** A moment that stays on one line: half of "12-01 04:31" reads as something else. */
export const unbroken = (text) => text.replaceAll("-", "-\u2060").replaceAll(" ", "\u00a0");

/** A moment before which nothing of today was, in whatever zone: no day has more than 25 hours. */
export const aDayAgo = () => Date.now() - 25 * 3_600_000;

/** The season that runs today, or null. */
export function season() {
  const today = dayOf(Date.now());
  const running = state.reference.seasons.filter((one) => one.starts_on <= today && today <= one.ends_on);
  return running[0] || null;
}

export const nameOf = (code) => state.reference?.households.find(([one]) => one === code)?.[1] || "";
export const languageOf = (code) => state.reference?.households.find(([one]) => one === code)?.[3] || null;

export function show(text) {
  $("said").textContent = text;
}

export function button(text, pressed, tap, extra = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `key ${extra}`;
  made.textContent = text;
  made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", tap);
  return made;
}

/** Put these buttons into a place. Who was on one of them is on it still: a keyboard begins at the page's top otherwise. */
export function fill(id, buttons) {
  const before = $(id).contains(document.activeElement) && document.activeElement.textContent;
  $(id).replaceChildren(...buttons);
  if (before) (buttons.find(({ textContent }) => textContent === before) ?? buttons[0])?.focus();
}

/** A line of text in an element of its own. */
export function line(text, tag = "p", kind = "") {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}
