/* A receipt printer on a cable (Web Serial) or over Bluetooth: what the browser's print dialog would ask about is decided
   here once. */

import { DOTS, receipt } from "./escpos.js";

/* The services under which receipt printers take bytes over Bluetooth; each has one characteristic that can be written. */
const SERVICES = [0x18f0, 0xff00, "49535343-fe7d-4ae5-8fa9-9fafd205e455"];
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

/** Words as a picture of the paper's width. */
export function paint({ said, size = 24, rtl = false }) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const font = `${size}px sans-serif`;
  pen.font = font;
  const lines = [""];
  for (const word of said.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (pen.measureText(longer).width > DOTS && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  const height = Math.ceil(size * 1.4);
  canvas.width = DOTS;
  canvas.height = height * lines.length;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { fillStyle: "#000", font, textAlign: "center", textBaseline: "middle", direction: rtl ? "rtl" : "ltr" });
  lines.forEach((each, place) => pen.fillText(each, DOTS / 2, height * (place + 0.5)));
  return { rgba: pen.getImageData(0, 0, canvas.width, canvas.height).data, width: canvas.width, height: canvas.height };
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
