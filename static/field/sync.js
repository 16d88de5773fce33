/* Sending what waits: in order, at most 200 a call, again and again until the server has answered in its own words. */

import { decimal, moment } from "./rules.js";
import * as store from "./store.js";

const BATCH = 200;
const KNOWN = new Set(["created", "duplicate", "conflict", "refused"]);

export class Refused extends Error {}

async function call(token, path, options = {}) {
  const answer = await fetch(path, {
    ...options,
    cache: "no-store",
    credentials: "omit",
    redirect: "error", // a captive portal redirects
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", Accept: "application/json" },
  });
  if (answer.status === 401) throw new Refused("token");
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json(); // not JSON: not our server
}

/** What the server wants to know of a slip. */
function item(slip) {
  const { id, slip: number, season, time, household, grade, gross_kg, tare_kg, deduction_pct, reverses, reason, lease } = slip;
  const paper_price_yuan_per_kg = Number.isInteger(slip.price_fen) ? decimal(slip.price_fen, 2) : null;
  const sent = reverses
    ? { id, slip: number, season, time, reverses, reason }
    : { id, slip: number, season, time, household, grade, gross_kg, tare_kg, deduction_pct, paper_price_yuan_per_kg, lease };
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined && value !== null && value !== ""));
}

async function sendBatch(token, batch, reverse) {
  const body = JSON.stringify({ weighings: batch.map(item) });
  const answer = await call(token, "/api/v1/weighings", { method: "POST", body });
  const results = new Map();
  for (const result of Array.isArray(answer.results) ? answer.results : []) {
    if (result && KNOWN.has(result.status)) results.set(result.id, result);
  }
  const answered = batch.filter((slip) => results.has(slip.id));
  if (answered.length !== batch.length) throw new Error("an answer that is not ours");
  return store.settle(
    answered.map((slip) => {
      const { status, slip: number, reason } = results.get(slip.id);
      const has = status === "created" || status === "duplicate";
      return { ...slip, state: has ? "sent" : "refused", slip: has ? number : slip.slip, reason_refused: has ? null : `${status}: ${reason || ""}`, note: has ? reason || slip.note : null, under_way: false };
    }),
    reverse,
  );
}

let running = null;

/** Send everything that waits; one run at a time, also over several tabs. `tell(sent, of)` is called after each batch; `reverse(slip, undone)`
    gives the slip that takes back one that was taken back while it was under way. */
export function flush(token, reverse, tell = () => {}) {
  running ||= locked(() => run(token, reverse, tell)).finally(() => (running = null));
  return running;
}

const locked = (work) => (navigator.locks ? navigator.locks.request("plantation-field-sync", work) : work());

async function run(token, reverse, tell) {
  const waiting = (await store.unsent()).filter((slip) => slip.state === "waiting");
  let reversed = 0;
  for (let sent = 0; sent < waiting.length; sent += BATCH) {
    const batch = await store.depart(waiting.slice(sent, sent + BATCH));
    if (batch.length) reversed += await sendBatch(token, batch, reverse);
    tell(Math.min(sent + BATCH, waiting.length), waiting.length);
  }
  return waiting.length + (reversed ? await run(token, reverse, tell) : 0);
}

/** The reference data, as the server has it now. */
export const fetchReference = (token) => call(token, "/api/v1/reference");

/** Slip numbers of a season, lent to this device. */
export const leaseSlips = (token, season, count, request) =>
  call(token, "/api/v1/slip-leases", { method: "POST", body: JSON.stringify({ season, count, request }) });

/** How this device stands: its clock, what waits on it since when, who holds it. */
export async function tellState(token, holder) {
  const waiting = await store.unsent();
  const grams = waiting.reduce((sum, slip) => sum + Math.max(0, slip.net_grams || 0), 0);
  return call(token, "/api/v1/device-state", {
    method: "POST",
    body: JSON.stringify({
      clock: moment(new Date()), waiting: waiting.length, waiting_kg: decimal(grams, 3),
      waiting_since: waiting.length ? moment(new Date(waiting[0].weighed)) : null, held_by: holder || "",
    }),
  });
}

/** Close a day: the slips that this device weighed, beside the books. */
export const closeDay = (token, closing) => call(token, "/api/v1/closings", { method: "POST", body: JSON.stringify(closing) });
