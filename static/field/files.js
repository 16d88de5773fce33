/* The third copy: what waits as a file, for another phone to read in. A slip that is sent twice exists once. */

import { moment } from "./rules.js";
import { say, show, state } from "./state.js";
import { undo } from "./slips.js";
import * as store from "./store.js";

export async function saveFile() {
  await store.depart(await store.unsent()).catch(() => {}); // who holds the file may send them: from now on taking one back is a reversal
  download(await store.unsent());
}

/** Give `all` these slips out as a file. */
export function download(all) {
  const blob = new Blob([JSON.stringify({ device: state.reference?.device, slips: all })], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `slips-${moment(new Date()).replace(/[^0-9]/g, "").slice(0, 14)}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

export async function readFile(file) {
  try {
    const known = new Set((await store.slips()).map((slip) => slip.id));
    const { device, slips } = JSON.parse(await file.text());
    const borrowed = device !== state.reference?.device; // another phone's day is not closed on this one
    const read = slips.filter((slip) => slip && typeof slip.id === "string" && typeof slip.season === "string");
    for (const slip of read) {
      if (!known.has(slip.id)) await store.keep({ ...slip, state: "waiting", borrowed });
      else if (slip.undone) await undo(slip, slip.undone); // read in before it was taken back
    }
    show(say("read", { count: read.length }));
  } catch {
    show(say("bad_file"));
  }
}
