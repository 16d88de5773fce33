/* Scale and receipt printer: what is plugged in, how it speaks, and what comes from it. */

import { decimal } from "./rules.js";
import { $, say, show, state } from "./state.js";
import { figures } from "./screen.js";
import * as store from "./store.js";

const SAMPLE = "ST,GS,+ 12.345kg";
let load = null;

/** Show what this browser can speak to. */
export async function draw() {
  if ($("pattern").dataset.ready) return;
  $("pattern").dataset.ready = "true";
  $("pattern").value = (await store.get("scale-pattern")) || SAMPLE;
  $("baud").value = String((await store.get("scale-baud")) || 9600);
  $("no-tools").hidden = "serial" in navigator || "bluetooth" in navigator;
  for (const [id, there] of [["scale-serial", "serial" in navigator], ["scale-bluetooth", "bluetooth" in navigator], ["printer", "serial" in navigator], ["printer-bluetooth", "bluetooth" in navigator]]) $(id).hidden = !there;
  $("scale-serial").addEventListener("click", () => attempt(bySerial));
  $("scale-bluetooth").addEventListener("click", () => attempt(byBluetooth));
  $("print-each").checked = (await store.get("print-each")) ?? true;
  $("print-each").addEventListener("change", () => store.put("print-each", $("print-each").checked));
  $("printer").addEventListener("click", () => attempt(() => byPrinter((printer) => printer.connect(Number($("baud").value)))));
  $("printer-bluetooth").addEventListener("click", () => attempt(() => byPrinter((printer) => printer.connectBluetooth())));
}

async function byPrinter(connect) {
  await connect(await import("./printer.js"));
  state.hasPrinter = true;
  $("print-each-line").hidden = false;
  show(say("printer_ready"));
}

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (error?.name !== "NotFoundError") show(say("no_port")); // nothing chosen in the browser's own dialog is no fault
  }
}

async function bySerial() {
  const { Load, pattern } = await import("./scale.js");
  const how = pattern($("pattern").value);
  if (!how) return show(say("bad_pattern"));
  const baudRate = Number($("baud").value);
  await store.put("scale-pattern", $("pattern").value);
  await store.put("scale-baud", baudRate);
  load = new Load(how.repeats);
  await (await import("./ports.js")).listenSerial({ baudRate, how }, hear);
}

async function byBluetooth() {
  const { Load } = await import("./scale.js");
  load = new Load(1);
  await (await import("./ports.js")).listenBluetooth(hear);
}

function hear(reading) {
  $("scale").hidden = false;
  if (!reading) return void ($("scale").textContent = say("scale_gone"));
  if (reading.unread) return void ($("scale").textContent = say("scale_unread", { line: reading.unread }));
  const kg = decimal(reading.grams, 3);
  $("scale").textContent = say(reading.stable ? "scale_stable" : "scale_moves", { kg });
  const taken = load.see(reading);
  if (taken === null && state.fromScale && load.isAnother) {
    Object.assign(state, { typed: "", fromScale: false });
    figures();
  }
  if (taken === null || (state.typed && !state.fromScale)) return;
  Object.assign(state, { typed: kg, fromScale: true, asked: false });
  figures();
}

document.addEventListener("slip-kept", () => load?.keep());

/** Print a slip that was just kept, where one is to be printed each time. */
export async function printEach(parts) {
  if ($("print-each").checked) await printed(parts);
}

/** Print on the receipt printer; false where there is none, so that the browser prints. */
export async function printed(parts) {
  if (!("serial" in navigator || "bluetooth" in navigator)) return false;
  const printer = await import("./printer.js");
  if (!printer.isConnected()) return false;
  try {
    await printer.print(parts);
    return true;
  } catch {
    state.hasPrinter = printer.isConnected();
    show(say("printer_gone"));
    return false;
  }
}
