/* The worker that keeps this page on the phone, and a newer page that takes over. */

import { $, state } from "./state.js";

let taking = false;

/** The page may be left at once: nothing is typed, and no scale or printer is connected that would have to be connected again. */
const isFresh = () => !state.typed && !state.hasPrinter && !state.fromScale && $("scale").hidden;

function take(worker) {
  taking = true;
  worker.postMessage("take over");
}

/** Let the worker keep this page; throws where it may not. Page and scripts of two versions never mix: a newer page waits until this one is
    started again, or until somebody asks for it. What waits to be sent waits in the store, which both share. */
export async function keepPage() {
  const workers = navigator.serviceWorker;
  const before = await workers.getRegistration("/field/");
  workers.addEventListener("controllerchange", () => {
    if (taking) location.reload();
    else if (before) $("newer").hidden = false; // another window has asked for it
  });
  if (before?.waiting && isFresh()) return void take(before.waiting);
  const kept = await workers.register("/field/sw.js");
  const offer = () => ($("newer").hidden = !kept.waiting);
  $("take-newer").addEventListener("click", () => (kept.waiting ? take(kept.waiting) : location.reload()));
  const follow = () => kept.installing?.addEventListener("statechange", offer);
  kept.addEventListener("updatefound", follow);
  follow();
  offer();
}
