/* Where slips wait: in IndexedDB and, a second time, in local storage. A browser that was killed right after its start
   came back with an empty IndexedDB; whatever one of the two still has is put back into the other. A slip leaves both
   only when our own server has said that it has it. Of what it has, a phone keeps ten thousands: they are not all read for
   each new one. */

import { uuidFrom } from "./rules.js";

const NAME = "plantation-field";
const COPY = "slip/";
// What is left of a slip that was taken back before it ever left: a browser that is killed may bring its copy back.
const FORGOTTEN = "forgotten";

function request(asked) {
  return new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 3);
    asked.onupgradeneeded = () => {
      const there = asked.result.objectStoreNames;
      if (!there.contains("slips")) asked.result.createObjectStore("slips", { keyPath: "id" });
      if (!there.contains("kept")) asked.result.createObjectStore("kept");
      if (!there.contains("photos")) asked.result.createObjectStore("photos", { keyPath: "id" });
      asked.transaction.objectStore("slips").createIndex("state", "state");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close(); // another window has a newer page: it must not wait for this one
      done(asked.result);
    };
    asked.onerror = () => failed(asked.error);
  });
}

/** The database takes nothing more. */
export class NoRoom extends Error {}

let opened = null;
const database = () => (opened ||= open());
database().catch(() => {}); // at once, while the page is still read; who asks later is told what went wrong

async function write(store, work) {
  const db = await database();
  return new Promise((done, failed) => {
    const transaction = db.transaction(store, "readwrite", { durability: "strict" });
    work(transaction.objectStore(store));
    transaction.oncomplete = () => done();
    transaction.onerror = transaction.onabort = () => failed(new NoRoom(transaction.error?.name));
  });
}

async function read(store, work) {
  const db = await database();
  return request(work(db.transaction(store).objectStore(store)));
}

/** Whether there was no room for a second copy: local storage holds some ten thousand slips, the database has no such end. */
export let isCramped = false;

function note(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    if (key.startsWith(COPY)) isCramped = true; // what is sent makes room; nothing else may stop for it
    return false;
  }
}

const copy = (slip) => note(COPY + slip.id, slip);

function copies() {
  const found = new Map();
  for (let place = 0; place < localStorage.length; place++) {
    const key = localStorage.key(place);
    if (!key.startsWith(COPY)) continue;
    try {
      const slip = JSON.parse(localStorage.getItem(key));
      if (slip && slip.id) found.set(slip.id, slip);
    } catch {
      // Half a copy is no copy; the other one may be whole.
    }
  }
  return found;
}

/** The second copies alone, where the database cannot be opened. */
export const secondCopies = () => inOrder([...copies().values()]);

/** Make both copies say the same: how many slips were missing in one of them, and all that the server does not have. Call it once, before
    anything else. */
export async function mend() {
  const [kept, gone] = await Promise.all([unsent(), inState(FORGOTTEN)]);
  const second = copies();
  const there = new Set(kept.map((slip) => slip.id));
  let missing = 0;
  gone.forEach((slip) => localStorage.removeItem(COPY + slip.id));
  gone.forEach((slip) => second.delete(slip.id));
  const maybe = [...second.values()].filter((slip) => !there.has(slip.id));
  if (maybe.length) await write("slips", (store) => maybe.forEach((slip) => {
    store.get(slip.id).onsuccess = ({ target: { result: there } }) => {
      if (there?.state === "sent") localStorage.removeItem(COPY + slip.id);
      if (there) return; // another window has kept it meanwhile, or sent it
      store.put(slip);
      missing += 1;
    };
  }));
  for (const slip of kept) {
    if ((!second.has(slip.id) || slip.undone) && copy(slip) && !second.has(slip.id)) missing += 1;
  }
  return { missing, unsent: maybe.length ? await unsent() : kept };
}

/** Keep a slip, twice. The second copy comes first: it is written before this line returns. What the database does not take is
    not kept at all: half a slip would come back one day. */
export async function keep(slip) {
  copy(slip);
  try {
    await write("slips", (store) => store.put(slip));
  } catch (error) {
    localStorage.removeItem(COPY + slip.id);
    throw error;
  }
}

/* Sending and taking back may meet: each looks and writes in one transaction, and the database lets one follow the other. */

/** Of these slips, those that still wait: from now on they are under way, and the server may have them. */
export async function depart(slips) {
  const left = [];
  await write("slips", (store) => slips.forEach(({ id }) => {
    store.get(id).onsuccess = ({ target: { result: slip } }) => {
      if (!slip || slip.state !== "waiting") return;
      slip.under_way = true;
      store.put(slip);
      left.push(slip);
    };
  }));
  return left;
}

/** Take a slip back: forgotten where it never left, marked where it is under way. `undone` says why and when, and the id of the
    reversal that follows: the same from this phone and from its file. The slip as it was; undefined where there is none. */
export async function takeBack(id, undone) {
  let slip;
  await write("slips", (store) => {
    store.get(id).onsuccess = ({ target: { result } }) => {
      slip = result;
      if (!slip || slip.state === "sent") return;
      if (!slip.under_way) return void store.put({ id, weighed: slip.weighed, state: FORGOTTEN });
      store.put({ ...slip, undone });
      copy({ ...slip, undone }); // while no other window can find that it was sent and drop the copy
    };
  });
  if (slip && slip.state !== "sent" && !slip.under_way) {
    await dropPhoto(id);
    localStorage.removeItem(COPY + id);
  }
  return slip;
}

/** Note what the server said of some slips. What it has is no longer kept twice. Those that were taken back meanwhile: what it
    has of them is reversed by `reverse(slip, undone)`, what it refused is forgotten. */
export async function settle(slips, reverse) {
  await write("slips", (store) => slips.forEach((slip) => {
    store.get(slip.id).onsuccess = ({ target: { result: before } }) => {
      const isGone = before?.undone && slip.state !== "sent";
      const kept = isGone ? [] : before?.undone ? [slip, reverse(slip, before.undone)] : [slip];
      if (isGone) store.delete(slip.id);
      kept.forEach((one) => store.put(one));
      if (isGone || slip.state === "sent") localStorage.removeItem(COPY + slip.id);
      kept.filter((one) => one.state !== "sent").forEach(copy);
    };
  }));
  isCramped = false;
}

/** Let what was refused wait once more, changed by `mend(slip)`: its cause may be gone meanwhile. What `mend` gives nothing for stays refused. */
export const retry = (mend) => write("slips", (store) => {
  store.index("state").getAll("refused").onsuccess = ({ target: { result } }) => result.map(mend).filter(Boolean).forEach((slip) => {
    store.put({ ...slip, state: "waiting" });
    copy({ ...slip, state: "waiting" });
  });
});

const inState = (state) => read("slips", (store) => store.index("state").getAll(state));
const inOrder = (slips) => slips.filter((slip) => slip.state !== FORGOTTEN).sort((a, b) => (a.id < b.id ? -1 : 1));

/** All slips, in the order in which they were weighed. */
export const slips = async () => inOrder(await read("slips", (store) => store.getAll()));

/** Those that the server does not have. */
export const unsent = async () => inOrder((await Promise.all(["waiting", "refused"].map(inState))).flat());

/** Those that were weighed from a moment on: an id begins with its moment. */
export const since = async (moment) => inOrder(await read("slips", (store) => store.getAll(IDBKeyRange.lowerBound(uuidFrom(moment)))));

/** Forget slips that the server has had for long. */
export async function forget(before) {
  const first = await read("slips", (store) => store.getAll(IDBKeyRange.upperBound(uuidFrom(before))));
  const old = first.filter((slip) => ["sent", FORGOTTEN].includes(slip.state));
  if (old.length) await write("slips", (store) => old.forEach((slip) => store.delete(slip.id)));
  if (await countPhotos()) for (const photo of await photos()) if (photo.taken < before) await dropPhoto(photo.id);
}

/** Photos of the scale, under the ids of their slips; once, and not in local storage: it has no room for them. */
export const photos = () => read("photos", (store) => store.getAll());
export const keepPhoto = (photo) => write("photos", (store) => store.put(photo));
export const dropPhoto = (id) => write("photos", (store) => store.delete(id));
export const countPhotos = () => read("photos", (store) => store.count());

/** A value by name: the token, the reference data, leased numbers. Small ones survive in local storage too. */
export async function get(name) {
  const found = await read("kept", (store) => store.get(name));
  const copy = localStorage.getItem(`kept/${name}`);
  if (found !== undefined && copy === null) note(`kept/${name}`, found);
  if (found !== undefined || copy === null) return found;
  const value = JSON.parse(copy);
  change(name, value, () => {}).catch(() => {}); // back into both: the next loss may be of the other one
  return value;
}

/** The values that there are of `names`, all asked for at once: on a slow phone one after the other is a wait that is felt. */
export async function getEach(names) {
  const found = await Promise.all(names.map((name) => get(name)));
  return Object.fromEntries(names.map((name, place) => [name, found[place]]).filter(([, value]) => value !== undefined && value !== null));
}

/** Change a value by name, or `otherwise` where there is none, in one transaction: two windows of one phone follow each other.
    What `work(value)`, which changes it in place, returns. */
export async function change(name, otherwise, work) {
  let value, answer;
  await write("kept", (store) => {
    store.get(name).onsuccess = ({ target: { result } }) => {
      value = result ?? otherwise;
      answer = work(value);
      store.put(value, name);
    };
  });
  note(`kept/${name}`, value);
  return answer;
}

export async function put(name, value) {
  note(`kept/${name}`, value);
  await write("kept", (store) => store.put(value, name));
}
