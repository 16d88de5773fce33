/* The weighing page: what is typed or weighed becomes a slip that is kept, printed and, when there is a signal, sent. */

import { figure } from "./rules.js";
import { choose, clockWords, doubtful, draw, figures, keypad, netNow, people, stand } from "./screen.js";
import { again, redated, reversal, topUp, undo, weigh } from "./slips.js";
import { $, say, show, state } from "./state.js";
import * as store from "./store.js";
import { Refused, fetchReference, flush, isReference, notes, tellState } from "./sync.js";

const UNDO_MS = 60_000;
const AGAIN_MS = [15_000, 300_000]; // after a line that broke: soon, then less and less often
const KEPT = { reference: null, leases: [], recent: [], holder: "", closing: null, notes: [] };

/* Modules that only some need come when they are asked for; the worker has kept them. */
const paper = () => import("./paper.js");
const day = () => import("./day.js");
const tools = () => import("./tools.js");

/** For what slips need not wait for: only a token that is no longer valid ends it all. */
const unlessRefused = (error) => { if (error instanceof Refused) throw error; };

let [soon, later] = [AGAIN_MS[0], null];
let [running, next] = [Promise.resolve(), null];

/** Speak with the office. One contact at a time, so that the older never has the last word; all who ask meanwhile get the one after it,
    which knows what they have kept. */
function synchronise() {
  next ||= running.catch(() => {}).then(() => {
    next = null;
    return (running = contact());
  });
  return next;
}

async function contact() {
  if (!state.token) return;
  clearTimeout(later);
  try {
    state.reference = await fetchReference(state.token);
    state.fetched = Date.now();
    for (const name of ["reference", "fetched"]) await store.put(name, state[name]).catch(unlessRefused); // a full phone sends all the same
    await topUp().catch(unlessRefused); // without numbers of its own it sends all the same
    const tell = () => tellState(state.token, state.holder).catch(unlessRefused);
    await tell(); // before it is sent: should this break, the office knows what waits
    if (await flush(state.token, reversal, (sent, of) => ($("progress").textContent = `${sent} / ${of}`))) await tell();
    state.notes = await notes();
    if (await store.countPhotos()) await (await import("./photo.js")).sendPhotos(state.token);
    $("progress").textContent = "";
    await store.forget(Date.now() - 14 * 86_400_000);
    $("online").textContent = say("online");
    soon = AGAIN_MS[0];
  } catch (error) {
    $("online").textContent = say(error instanceof Refused ? "revoked" : error instanceof store.NoRoom ? "no_room" : "offline");
    if (!(error instanceof Refused)) later = setTimeout(synchronise, soon);
    soon = Math.min(soon * 2, AGAIN_MS[1]);
  }
  await redraw();
}

async function redraw() {
  draw(await stand());
  if ($("day").open) await (await day()).drawDay();
}

async function save() {
  const net = netNow();
  if (net === null) return;
  if (doubtful(net) && !state.asked) {
    state.asked = true;
    show(say("sure", { kg: figure(net, 3) }));
    return;
  }
  const clock = clockWords();
  if (clock && !state.clockAsked) {
    state.clockAsked = true; // once, before the first slip: it carries this clock's day
    show(`${clock} ${say("clock_sure")}`);
    return;
  }
  const given = { household: state.household, grade: state.grade, gross_kg: state.typed, tare_kg: state.tare, deduction_pct: state.deduction };
  const slip = await weigh(given).catch(() => undefined);
  if (slip === undefined) show(say("not_kept", { kg: figure(net, 3), household: state.household }));
  if (!slip) return;
  state.recent = [slip.household, ...state.recent.filter((code) => code !== slip.household)].slice(0, 12);
  await store.put("recent", state.recent);
  Object.assign(state, { last: slip, printed: slip, typed: "", deduction: "0", fromScale: false, asked: false });
  document.dispatchEvent(new Event("slip-kept"));
  show(say("kept", { slip: slip.slip || say("no_number"), kg: figure(slip.net_grams, 3), household: slip.household }));
  const { lay, parts } = await paper();
  await lay(parts(slip));
  if (state.hasPrinter) tools().then((each) => each.printEach(parts(slip)));
  setTimeout(() => { if (state.last === slip) { state.last = null; $("undo").hidden = true; } }, UNDO_MS);
  await redraw();
  if (navigator.onLine) synchronise();
}

async function takeBack() {
  const slip = state.last;
  if (!slip) return;
  Object.assign(state, { last: null, printed: null });
  await undo(slip);
  $("paper").replaceChildren();
  show(say("taken_back", { slip: slip.slip || "" }));
  await redraw();
}

/** On the receipt printer where one is connected, else by the browser. */
async function print(list) {
  const { lay } = await paper();
  await lay(list);
  if (!(await (await tools()).printed(list))) window.print();
}

function on(id, event, work) {
  $(id).addEventListener(event, work);
}

function wire() {
  on("search", "input", people);
  on("save", "click", save);
  on("undo", "click", takeBack);
  on("send", "click", async () => {
    await store.retry(again);
    await synchronise();
  });
  on("redate", "click", async () => {
    await store.retry((slip) => redated(slip, $("ahead-day").value));
    await synchronise();
  });
  on("print", "click", async () => (state.printed ? print((await paper()).parts(state.printed)) : window.print()));
  on("photo", "change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file || !state.printed) return;
    const slip = state.printed;
    const kept = await (await import("./photo.js")).take(file, slip);
    show(kept ? say("photo_kept", { slip: slip.slip || say("no_number") }) : say("no_photo"));
    await redraw();
    if (kept && navigator.onLine) synchronise();
  });
  on("file", "click", async () => (await import("./files.js")).saveFile());
  on("load", "change", async (event) => {
    if (event.target.files[0]) await (await import("./files.js")).readFile(event.target.files[0]);
    await redraw();
  });
  on("holder", "change", async () => {
    state.holder = $("holder").value.trim().slice(0, 64);
    await store.put("holder", state.holder);
    synchronise();
  });
  on("day", "toggle", redraw);
  on("close-day", "click", async () => {
    await synchronise();
    try {
      await (await day()).close();
    } catch {
      show(say("closing_needs_signal"));
    }
    await redraw();
  });
  on("print-day", "click", async () => print((await day()).closingParts()));
  on("tools", "toggle", async () => (await tools()).draw());
  on("scan", "click", async () => {
    const code = await (await import("./scan.js")).scan();
    if (code) choose(code);
  });
  addEventListener("online", synchronise);
  addEventListener("offline", () => { if (state.token) $("online").textContent = say("offline"); }); // not only once something is to be sent
  document.addEventListener("visibilitychange", () => { if (!document.hidden && $("waiting").dataset.count !== "0") synchronise(); });
}

/** What this phone knows and what waits on it; throws where the browser keeps nothing, as in some private windows. */
async function recall() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    await store.put("token", given);
    history.replaceState(null, "", location.pathname);
  }
  // All is asked for at once, and known before anything is shown: a slow phone lays the page out once.
  const mending = store.mend();
  const standing = stand(mending.then(({ unsent }) => unsent));
  const [{ missing }, kept] = await Promise.all([mending, store.getEach(["token", "fetched", ...Object.keys(KEPT)])]);
  Object.assign(state, KEPT, kept);
  if (!isReference(state.reference)) state.reference = null;
  return { missing, known: missing ? await stand() : await standing };
}

const noWorker = () => ($("no-worker").textContent = say(isSecureContext ? "no_worker_here" : "no_worker"));

/** Weigh nothing where nothing is kept; what the second copy has is still offered as a file. */
async function refuse() {
  $("no-store").hidden = false;
  document.body.dataset.ready = "true";
  const kept = store.secondCopies(); // throws where the browser denies both
  $("rescue").hidden = !kept.length;
  $("rescue").addEventListener("click", async () => (await import("./files.js")).download(kept));
}

async function start() {
  const found = await recall().catch(() => null);
  if (!found) return refuse();
  const { missing, known } = found;
  $("pair").hidden = Boolean(state.token);
  $("weigh").hidden = !state.token;
  $("holder").value = state.holder;
  keypad();
  if (missing) show(say("mended", { count: missing }));
  wire();
  draw(known);
  document.body.dataset.ready = "true";
  $("scan").hidden = !navigator.mediaDevices?.getUserMedia;
  navigator.storage?.persist?.();
  if ("serviceWorker" in navigator) import("./worker.js").then(({ keepPage }) => keepPage()).catch(() => {
    if ($("no-trust")) $("no-trust").hidden = false; // HTTPS of the village's own: a warning that was passed is no trust
    else noWorker();
  });
  else noWorker();
  await synchronise();
}

window.plantationField = { weigh, synchronise, slips: store.slips, figures };
start();
