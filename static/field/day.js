/* The day on this device: its totals, with no signal, and its closing beside the books, with one. */

import { decimal, figure, uuid7 } from "./rules.js";
import { $, aDayAgo, apart, dayOf, line, nameOf, say, season, state } from "./state.js";
import * as store from "./store.js";
import { closeDay } from "./sync.js";

/** The slips of a day that this device weighed itself and that stand, in their order; a reversal counts negative. */
export const slipsOf = (all, day) => all.filter((slip) => !slip.borrowed && !(slip.undone && slip.state !== "sent") && dayOf(slip.weighed) === day);

/** [key, slips, grams] by grade or household. */
export function totals(slips, by) {
  const sums = new Map();
  for (const slip of slips) {
    const [count, grams] = sums.get(slip[by]) || [0, 0];
    sums.set(slip[by], [count + 1, grams + (slip.net_grams || 0)]);
  }
  return [...sums].map(([key, [count, grams]]) => [key, count, grams]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** Draw the day's own totals, and what the last closing said. */
export async function drawDay() {
  const today = slipsOf(await store.since(aDayAgo()), dayOf(Date.now()));
  const rows = ["grade", "household"].flatMap((by) => totals(today, by));
  $("day-totals").replaceChildren(...rows.map(([key, count, grams]) => {
    const row = document.createElement("tr");
    row.append(line(key, "th"), line(String(count), "td"), line(`${figure(grams, 3)} ${say("kg")}`, "td"));
    return row;
  }));
  $("close-day").disabled = !today.length;
  const closed = state.closing;
  const current = closed && closed.day === dayOf(Date.now());
  $("closing").replaceChildren(...(current ? said(closed) : []));
  $("print-day").hidden = !current;
}

function said(closed) {
  const sum = (rows) => figure(rows.reduce((grams, row) => grams + Math.round(Number(row[3]) * 1000), 0), 3);
  const head = say(closed.differences.length ? "closed_differs" : "closed_same", { told: sum(closed.told), recorded: sum(closed.recorded), count: closed.differences.length });
  const each = closed.differences.map((one) => `${one.slip || "–"}: ${say(one.kind)} (${apart(`${one.told_kg ?? "–"} / ${one.recorded_kg ?? "–"}`)} ${say("kg")})`);
  const holes = closed.skipped.length ? [say("skipped", { slips: closed.skipped.slice(0, 20).join(", ") })] : [];
  return [head, ...each, ...holes, say("head", { head: closed.head })].map((text) => line(text));
}

/** Tell the server the day's slips, and keep its answer. */
export async function close() {
  const day = dayOf(Date.now());
  const slips = slipsOf(await store.since(aDayAgo()), day).map((slip) => ({
    id: slip.id, slip: slip.slip || "", household: slip.household || "", grade: slip.grade || "", net_kg: decimal(slip.net_grams || 0, 3),
  }));
  state.closing = await closeDay(state.token, { id: uuid7(), season: season()?.code || "", day, slips });
  await store.put("closing", state.closing);
}

/** The closing as parts for the paper. */
export function closingParts() {
  const closed = state.closing;
  const rtl = document.documentElement.dir === "rtl";
  const told = closed.told.map(([grade, household, , kg]) => ({ grade, household, net_grams: Math.round(Number(kg) * 1000) }));
  const rows = [...totals(told, "grade"), ...totals(told, "household").map(([code, ...rest]) => [`${code} ${nameOf(code)}`, ...rest])];
  return [
    { kind: "words", said: state.reference.name, size: 28 }, { kind: "text", said: closed.day },
    { kind: "words", said: [state.reference.device, state.holder].filter(Boolean).join(" · "), rtl },
    ...rows.map(([name, , grams]) => ({ kind: "words", said: `${name}  ${decimal(grams, 3)} kg` })),
    ...said(closed).map((row) => ({ kind: "words", said: row.textContent, rtl })),
  ];
}
