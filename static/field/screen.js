/* What is on screen: households, grades, crates, the keypad, the figures, and how everything stands. */

import { amountFen, clockDoubt, figure, length, netGrams, priceOn, whole } from "./rules.js";
import { $, aDayAgo, button, dayOf, fill, line, say, season, state, timeOf, unbroken } from "./state.js";
import * as store from "./store.js";

/** The collective's crates and bags: [name, kg]; before the first contact, no more than nothing. */
const kinds = () => state.reference?.tares || [["", "0"]];
/** Per cent taken off for leaves, twigs and wet: one tap; back at none after each slip, so that nobody pays for another's. */
const DEDUCTIONS = ["0", "1", "2", "5", "10"];
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", "⌫"];

export const netNow = () => netGrams(whole(state.typed, 3), whole(state.tare, 3), whole(state.deduction, 4));

export function people() {
  const wanted = $("search").value.trim().toLocaleLowerCase();
  const all = state.reference?.households || [];
  const by = new Map(all.map((one) => [one[0], one]));
  const found = wanted
    ? all.filter(([code, name]) => code.toLocaleLowerCase().includes(wanted) || name.toLocaleLowerCase().includes(wanted)).slice(0, 6)
    : [...new Set([state.household, ...state.recent])].map((code) => by.get(code)).filter(Boolean).slice(0, 4);
  fill("people", found.map(([code, name]) => button(`${code} ${name}`, code === state.household, () => choose(code), "key-wide")));
}

export function choose(code) {
  state.household = code;
  state.asked = false;
  $("search").value = "";
  people();
  figures();
}

function grades() {
  // A grade whose price does not hold yet cannot be taken: the office would refuse the slip.
  const { mode, prices = {} } = season() || {};
  const names = Object.keys(prices).filter((name) => mode !== "posted" || priceOn(prices, name, dayOf(Date.now())) !== null);
  if (!names.includes(state.grade)) state.grade = names[0] || null;
  fill("grades", names.map((name, place) => button(name, name === state.grade, () => { state.grade = name; grades(); figures(); }, `grade grade-${place % 4}`)));
}

function tares() {
  if (state.crate >= kinds().length) state.crate = 0;
  state.tare = kinds()[state.crate][1];
  const plain = (kg) => kg.replace(/\.?0+$/, "") || "0";
  fill("tares", kinds().map(([name, kg], place) => button(`${name} ${plain(kg)}`.trim(), place === state.crate, () => { state.crate = place; tares(); figures(); })));
}

export function deductions() {
  fill("deductions", DEDUCTIONS.map((per) => button(`${per}%`, per === state.deduction, () => { state.deduction = per; state.asked = false; deductions(); figures(); })));
}

export function figures() {
  const net = netNow();
  $("gross").textContent = state.typed || "0";
  $("net").textContent = net === null ? "–" : figure(net, 3);
  const current = state.reference && season();
  const price = current?.mode === "posted" ? priceOn(current.prices, state.grade, dayOf(Date.now())) : null;
  $("amount").textContent = net === null || price === null ? "–" : `¥ ${figure(amountFen(net, price), 2)}`;
  $("save").disabled = net === null || !state.household || !state.grade;
}

export function keypad() {
  fill("keypad", KEYS.map((key) => button(key, false, () => press(key), "key-big")));
  for (const key of $("keypad").children) key.removeAttribute("aria-pressed");
  $("keypad").lastChild.setAttribute("aria-label", say("erase"));
}

function press(key) {
  if (state.fromScale) state.typed = ""; // a finger on the keypad means: not what the scale says
  state.fromScale = false;
  if (key === "⌫") state.typed = state.typed.slice(0, -1);
  else if (key !== "." || !state.typed.includes(".")) state.typed = (state.typed + key).slice(0, 10);
  state.asked = false;
  figures();
}

/** More than the part of what the household's land bears that one slip may be is asked about once; it never blocks. */
export function doubtful(net) {
  const most = state.reference.households.find(([code]) => code === state.household)?.[2] ?? null;
  return most !== null && net > most;
}

/** What is doubtful about this phone's clock, in words; blank where nothing is. */
export function clockWords() {
  const doubt = clockDoubt(Date.now(), state.fetched, Date.parse(state.reference?.now));
  if (!doubt) return "";
  const [count, unit] = length(doubt[1]);
  return say(doubt[0], { length: say(unit, { count }), now: unbroken(timeOf(Date.now())) });
}

/** What the store says of how everything stands; `draw` shows it. To read three hundred slips twice is a wait that is felt. */
export const stand = (unsent = store.unsent()) => Promise.all([unsent, store.since(aDayAgo()), store.countPhotos()]);

export function draw([unsent, late, photos]) {
  const today = dayOf(Date.now());
  const waiting = unsent.filter((slip) => slip.state === "waiting");
  const refused = unsent.filter((slip) => slip.state === "refused");
  const since = waiting.length ? unbroken(timeOf(waiting[0].weighed).slice(5)) : "";
  $("refused-count").textContent = refused.length ? say("refused", { count: refused.length }) : "";
  $("waiting").textContent = waiting.length ? say(state.holder ? "waiting_held" : "waiting", { count: waiting.length, since, holder: state.holder }) : say("none_waiting");
  $("waiting").hidden = !state.token && !waiting.length;
  $("waiting").dataset.count = String(waiting.length);
  const grams = waiting.reduce((sum, slip) => sum + (slip.net_grams || 0), 0);
  $("today").textContent = say("today", { count: late.filter((slip) => dayOf(slip.weighed) === today).length, kg: figure(grams, 3) });
  $("cramped").hidden = !store.isCramped;
  $("refused").replaceChildren(...refused.slice(0, 20).map((slip) => line(`${slip.slip || slip.id}: ${slip.reason_refused}`, "li")));
  $("ahead").hidden = !refused.some((slip) => slip.is_ahead);
  $("ahead-day").max = today;
  $("noted-count").textContent = state.notes.length ? say("noted", { count: state.notes.length }) : "";
  $("notes").replaceChildren(...state.notes.map(({ said }) => line(said, "li")));
  $("age").textContent = state.fetched ? say("age", { when: unbroken(timeOf(state.fetched)) }) : say("no_data");
  if (photos) $("today").textContent += ` ${say("photo_waits", { count: photos })}`;
  $("clock").textContent = clockWords();
  $("clock").hidden = !$("clock").textContent;
  $("undo").hidden = !state.last;
  $("photo-key").hidden = !state.printed;
  $("print").hidden = !$("paper").childElementCount;
  $("no-season").hidden = !state.reference || Boolean(season());
  if (state.reference) { people(); grades(); tares(); deductions(); }
  figures();
}
