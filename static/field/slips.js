/* From a weight to a slip: its number out of this device's own, its price from the sheet that is here, kept twice. */

import { amountFen, decimal, moment, netGrams, priceOn, uuid7, whole } from "./rules.js";
import { dayOf, say, season, state, timeOf } from "./state.js";
import * as store from "./store.js";
import { leaseSlips } from "./sync.js";

const LEASE = 500;
const LOW = 200;

/** The next number and the lease that it comes from; null where there is none: the server gives one when it is sent. */
const takeNumber = (code) => store.change("leases", state.leases, (leases) => {
  state.leases = leases;
  const lease = leases.find((one) => one.season === code && one.next <= one.last);
  if (!lease) return null;
  lease.next += 1;
  return { number: `${code}-${String(lease.next - 1).padStart(6, "0")}`, lease: lease.request || "" };
});

/** Borrow numbers while there is a signal, before those that are here run out. */
export async function topUp() {
  const code = state.reference && season()?.code;
  if (!code) return;
  const left = state.leases.filter((one) => one.season === code).reduce((sum, one) => sum + one.last - one.next + 1, 0);
  if (left >= LOW) return;
  const asked = (await store.get("lease-request")) || uuid7();
  await store.put("lease-request", asked);
  const lease = await leaseSlips(state.token, code, LEASE, asked);
  await store.change("leases", state.leases, (leases) => {
    state.leases = leases;
    if (leases.some((one) => one.season === code && one.first === lease.first)) return;
    leases.push({ season: code, first: lease.first, next: lease.first, last: lease.last, request: asked });
  });
  await store.put("lease-request", uuid7());
}

/** Keep one weighing; `given` has household, grade, gross_kg, tare_kg, deduction_pct. The slip, or null where it cannot be one. */
export async function weigh(given) {
  const current = season();
  const gross = whole(given.gross_kg, 3);
  const tare = whole(given.tare_kg || "0", 3);
  const deduction = given.deduction_pct || "0";
  const net = netGrams(gross, tare, whole(deduction, 4));
  if (!current || net === null || !given.household || !given.grade) return null;
  const now = new Date();
  const price = current.mode === "posted" ? priceOn(current.prices, given.grade, dayOf(now.getTime())) : null;
  const taken = await takeNumber(current.code);
  const slip = {
    id: uuid7(now.getTime()), state: "waiting", weighed: now.getTime(), slip: taken?.number ?? null, lease: taken?.lease ?? "",
    season: current.code, time: moment(now), household: given.household, grade: given.grade, gross_kg: decimal(gross, 3),
    tare_kg: decimal(tare, 3), deduction_pct: deduction, net_grams: net, price_fen: price,
    amount_fen: price === null ? null : amountFen(net, price), head: state.reference.head,
  };
  await store.keep(slip);
  return slip;
}

/** A refused slip as it is sent once more. What was dated ahead is not: its day would come, and nobody would ask about it any more. */
export const again = (slip) => (slip.is_ahead ? null : slip);

/** A refused slip that a wrong clock had dated ahead, on the day that somebody says it was weighed on, and with what it said before; null for others. */
export function redated(slip, day) {
  if (!slip.is_ahead || !day) return null;
  const away = Math.round((Date.parse(day) - Date.parse(dayOf(slip.weighed))) / 86_400_000);
  const weighed = Math.min(slip.weighed + away * 86_400_000, Date.parse(state.reference.now));
  return { ...slip, weighed, time: moment(new Date(weighed)), reason: say("redated", { was: timeOf(slip.weighed) }), is_ahead: false };
}

/** What is said of a slip that is taken back now: with it the reversal is one, whoever sends it. */
function taking() {
  const now = new Date();
  return { id: uuid7(now.getTime()), weighed: now.getTime(), time: moment(now), reason: say("undone") };
}

/** The slip that takes back one that the server has, under the number that it has there. */
export function reversal(slip, undone) {
  return {
    ...undone, state: "waiting", season: slip.season, reverses: slip.slip, household: slip.household, grade: slip.grade,
    net_grams: -slip.net_grams, borrowed: slip.borrowed,
  };
}

/** Take a slip back: forgotten while it waits here; by a reversal that is sent after it where the server has it or may have it. */
export async function undo(slip, undone = taking()) {
  const kept = await store.takeBack(slip.id, undone);
  if (kept?.state === "sent") await store.keep(reversal(kept, undone));
}
