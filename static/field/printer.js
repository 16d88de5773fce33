/* A receipt printer on a cable (Web Serial) or over Bluetooth: what the browser's print dialog would ask about is decided
   here once. */

import { DOTS, receipt } from "./escpos.js";

/* The services under which receipt printers take bytes over Bluetooth; each has one characteristic that can be written. */
const SERVICES = [0x18f0, 0xff00, "49535343-fe7d-4ae5-8fa9-9fafd205e455"];
const GAP = 8; // dots between lines
const INK = 96; // of 255: what a letter covers of a dot from which the dot is dark; at a half thin strokes break
const PIECE = { serial: 512, bluetooth: 100 };

let way = null; // { piece, open(): { write(bytes), close() } } of the printer that was chosen

/** Ask which port it is, once; afterwards it is remembered while the page is open. */
export async function connect(baudRate = 9600) {
  const port = await navigator.serial.requestPort();
  await port.open({ baudRate });
  way = {
    piece: PIECE.serial,
    open: () => {
      const writer = port.writable.getWriter();
      return { write: (bytes) => writer.write(bytes), close: () => writer.releaseLock() };
    },
  };
}

/** The same over Bluetooth. A printer that goes out of reach is forgotten. */
export async function connectBluetooth() {
  const device = await navigator.bluetooth.requestDevice({ filters: SERVICES.map((service) => ({ services: [service] })), optionalServices: SERVICES });
  const server = await device.gatt.connect();
  let takes = null;
  for (const service of SERVICES) {
    const found = await server.getPrimaryService(service).then((one) => one.getCharacteristics()).catch(() => []);
    takes ||= found.find((one) => one.properties.writeWithoutResponse || one.properties.write);
  }
  if (!takes) throw new Error("no printer");
  device.addEventListener("gattserverdisconnected", () => { way = null; });
  const write = (bytes) => (takes.properties.write ? takes.writeValueWithResponse(bytes) : takes.writeValueWithoutResponse(bytes));
  way = { piece: PIECE.bluetooth, open: () => ({ write, close() {} }) };
}

export const isConnected = () => way !== null;

/** What fits into the paper's width, by words; a word that does not, as a long Chinese name, is broken where it has to be. */
function wrap(pen, said) {
  const fits = (text) => pen.measureText(text).width <= DOTS;
  const lines = [""];
  for (const word of said.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (fits(longer)) lines[lines.length - 1] = longer;
    else {
      lines.push("");
      for (const letter of word) fits(lines.at(-1) + letter) ? (lines[lines.length - 1] += letter) : lines.push(letter);
    }
  }
  return lines.filter(Boolean);
}

/** Words as a picture (see escpos.js), as wide and high as they are: letters of Arabic script reach further up and down than others. */
export function paint({ said, size = 24, rtl = false }) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const how = { font: `500 ${size}px sans-serif`, direction: rtl ? "rtl" : "ltr", textAlign: "center", textBaseline: "alphabetic", fillStyle: "#000" };
  Object.assign(pen, how);
  const lines = wrap(pen, said).map((text) => ({ text, box: pen.measureText(text) }));
  const reach = ({ box }) => Math.max(box.actualBoundingBoxLeft, box.actualBoundingBoxRight);
  const tops = [0];
  lines.forEach(({ box }) => tops.push(tops.at(-1) + Math.ceil(box.actualBoundingBoxAscent) + Math.ceil(box.actualBoundingBoxDescent) + GAP));
  const width = Math.min(DOTS, Math.ceil(Math.max(...lines.map(reach)) / 4) * 8);
  const height = tops.at(-1);
  Object.assign(canvas, { width, height }); // which forgets how the pen was
  Object.assign(pen, how);
  lines.forEach(({ text, box }, place) => pen.fillText(text, width / 2, tops[place] + GAP / 2 + Math.ceil(box.actualBoundingBoxAscent)));
  const { data } = pen.getImageData(0, 0, width, height);
  return { width, height, dark: (x, y) => data[(y * width + x) * 4 + 3] >= INK };
}

let last = Promise.resolve();

/** Print parts (see paper.js), one receipt after the other: a slow printer is still busy with the one before. A printer that was
    pulled out is forgotten, and the error goes on. */
export function print(list) {
  const done = last.then(() => send(receipt(list, paint)));
  last = done.catch(() => {});
  return done;
}

async function send(bytes) {
  if (!way) throw new Error("no printer");
  const { piece, open } = way;
  const writer = open();
  try {
    for (let from = 0; from < bytes.length; from += piece) await writer.write(bytes.slice(from, from + piece));
  } catch (error) {
    way = null;
    throw error;
  } finally {
    writer.close();
  }
}
