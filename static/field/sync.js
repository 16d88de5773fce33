/* Sending what waits: in order, at most 200 a call, again and again until the server has answered in its own words. */

import { decimal, moment } from "./rules.js";
import { state } from "./state.js";
import * as store from "./store.js";

const BATCH = 200;
const LEAST = 10;
const MOST_NOTES = 20;
const NOTES_MS = 3 * 86_400_000;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 60_000;
const KNOWN = new Set(["created", "duplicate", "conflict", "refused"]);

export class Refused extends Error {}

const hasLists = (said, ...names) => Boolean(said) && names.every((name) => Array.isArray(said[name]));

/** Whether that is the reference data. The portal of somebody's network may answer anything, `{}` with 200 as well. */
export const isReference = (said) => hasLists(said, "households", "seasons", "tares", "utc_offsets") && typeof said.now === "string";

/** Our server's answer, once `isOurs(answer)`. A line that has gone quiet without breaking is given up. */
async function call(token, path, isOurs, options = {}) {
  const line = new AbortController();
  const patience = setTimeout(() => line.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(path, {
      ...options,
      signal: line.signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error", // a captive portal redirects
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", Accept: "application/json" },
    });
    if (answer.status === 401 && answer.headers.get("WWW-Authenticate") === "Bearer") throw new Refused("token");
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const said = await answer.json(); // not JSON: not our server
    if (!isOurs(said)) throw new Error("an answer that is not ours");
    return said;
  } finally {
    clearTimeout(patience);
  }
}

/** What the server wants to know of a slip. */
function item(slip) {
  const { id, slip: number, season, time, household, grade, gross_kg, tare_kg, deduction_pct, reverses, reason, lease } = slip;
  const paper_price_yuan_per_kg = Number.isInteger(slip.price_fen) ? decimal(slip.price_fen, 2) : null;
  const sent = reverses
    ? { id, slip: number, season, time, reverses, reason }
    : { id, slip: number, season, time, household, grade, gross_kg, tare_kg, deduction_pct, paper_price_yuan_per_kg, lease, reason };
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined && value !== null && value !== ""));
}

/** What was said of slips that were taken all the same: kept by when it was said, whatever their own date is, and for days. */
async function note(said) {
  if (said.length) await store.change("notes", [], (notes) => {
    notes.push(...said.map((each) => ({ said: each, at: Date.now() })));
    notes.splice(0, notes.length - MOST_NOTES);
  });
}

export const notes = async () => ((await store.get("notes")) || []).filter(({ at }) => at > Date.now() - NOTES_MS);

async function sendBatch(token, batch, reverse) {
  const body = JSON.stringify({ weighings: batch.map(item) });
  let results;
  const isOurs = (said) => {
    if (!hasLists(said, "results")) return false;
    results = new Map(said.results.filter((result) => KNOWN.has(result?.status)).map((result) => [result.id, result]));
    return batch.every((slip) => results.has(slip.id));
  };
  await call(token, "/api/v1/weighings", isOurs, { method: "POST", body });
  await note([...results.values()].filter(({ status, reason }) => status === "created" && reason).map(({ reason }) => reason)).catch(() => {}); // no room for it
  const tomorrow = Date.parse(state.reference?.now) + DAY_MS; // by the office's clock
  return store.settle(
    batch.map((slip) => {
      const { status, slip: number, reason } = results.get(slip.id);
      const has = status === "created" || status === "duplicate";
      return { ...slip, state: has ? "sent" : "refused", slip: has ? number : slip.slip, reason_refused: has ? null : `${status}: ${reason || ""}`, is_ahead: !has && slip.weighed > tomorrow, under_way: false };
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

let size = BATCH; // on a line that breaks under a batch the next one is half as long

async function run(token, reverse, tell) {
  const waiting = (await store.unsent()).filter((slip) => slip.state === "waiting");
  for (let sent = 0; sent < waiting.length;) {
    const part = waiting.slice(sent, sent + size);
    const batch = await store.depart(part);
    try {
      if (batch.length) await sendBatch(token, batch, reverse);
    } catch (error) {
      size = Math.max(LEAST, size >> 1);
      throw error;
    }
    size = Math.min(BATCH, size * 2);
    sent += part.length;
    tell(sent, waiting.length);
  }
  return waiting.length + (waiting.length ? await run(token, reverse, tell) : 0); // what was weighed or taken back meanwhile
}

/** The reference data, as the server has it now. */
export const fetchReference = (token) => call(token, "/api/v1/reference", isReference);

/** Slip numbers of a season, lent to this device. */
export const leaseSlips = (token, season, count, request) => call(
  token, "/api/v1/slip-leases", (said) => said?.season === season && Number.isInteger(said.first) && Number.isInteger(said.last),
  { method: "POST", body: JSON.stringify({ season, count, request }) },
);

/** How this device stands: its clock, what waits on it since when, who holds it. */
export async function tellState(token, holder) {
  const waiting = await store.unsent();
  const grams = waiting.reduce((sum, slip) => sum + Math.max(0, slip.net_grams || 0), 0);
  return call(token, "/api/v1/device-state", (said) => typeof said?.now === "string", {
    method: "POST",
    body: JSON.stringify({
      clock: moment(new Date()), waiting: waiting.length, waiting_kg: decimal(grams, 3),
      waiting_since: waiting.length ? moment(new Date(waiting[0].weighed)) : null, held_by: holder || "",
    }),
  });
}

/** Close a day: the slips that this device weighed, beside the books. */
export const closeDay = (token, closing) => call(
  token, "/api/v1/closings", (said) => hasLists(said, "told", "differences", "skipped"), { method: "POST", body: JSON.stringify(closing) },
);
