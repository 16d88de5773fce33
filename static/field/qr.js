/* QR codes in byte mode, error correction M, versions 1 to 10 (up to 213 bytes): enough for an address, with no signal
   and no library. After ISO/IEC 18004; tests/web/field holds every module against another encoder. */

const CHECK_WORDS = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26]; // for each block, by version
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5];

function rawWords(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

const dataWords = (version) => rawWords(version) - CHECK_WORDS[version] * BLOCKS[version];

function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

function divisor(degree) {
  const found = new Array(degree).fill(0);
  found[degree - 1] = 1;
  let root = 1;
  for (let step = 0; step < degree; step++) {
    for (let place = 0; place < degree; place++) {
      found[place] = times(found[place], root);
      if (place + 1 < degree) found[place] ^= found[place + 1];
    }
    root = times(root, 2);
  }
  return found;
}

function remainder(data, by) {
  const rest = new Array(by.length).fill(0);
  for (const word of data) {
    const factor = word ^ rest.shift();
    rest.push(0);
    by.forEach((each, place) => (rest[place] ^= times(each, factor)));
  }
  return rest;
}

function words(bytes, version) {
  const bits = [];
  const put = (value, count) => { for (let bit = count - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1); };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => put(byte, 8));
  const room = dataWords(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  const found = [];
  for (let place = 0; place < bits.length; place += 8) found.push(bits.slice(place, place + 8).reduce((sum, bit) => sum * 2 + bit, 0));
  return found;
}

function interleaved(data, version) {
  const count = BLOCKS[version];
  const check = CHECK_WORDS[version];
  const short = count - (rawWords(version) % count);
  const length = Math.floor(rawWords(version) / count) - check;
  const by = divisor(check);
  const blocks = [];
  for (let block = 0, from = 0; block < count; block++) {
    const part = data.slice(from, (from += length + (block < short ? 0 : 1)));
    blocks.push([part, remainder(part, by)]);
  }
  const found = [];
  for (let place = 0; place <= length; place++) for (const [part] of blocks) if (place < part.length) found.push(part[place]);
  for (let place = 0; place < check; place++) for (const [, rest] of blocks) found.push(rest[place]);
  return found;
}

function positions(version) {
  if (version === 1) return [];
  const marks = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (marks * 2 - 2)) * 2;
  const found = [6];
  for (let place = version * 4 + 10; found.length < marks; place -= step) found.splice(1, 0, place);
  return found;
}

const MASKS = [
  (x, y) => (x + y) % 2 === 0, (x, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

class Grid {
  constructor(version) {
    this.size = version * 4 + 17;
    this.dark = Array.from({ length: this.size }, () => new Array(this.size).fill(false));
    this.fixed = Array.from({ length: this.size }, () => new Array(this.size).fill(false));
    this.version = version;
  }

  set(x, y, dark) {
    this.dark[y][x] = Boolean(dark);
    this.fixed[y][x] = true;
  }

  patterns() {
    const size = this.size;
    for (let place = 0; place < size; place++) {
      this.set(6, place, place % 2 === 0);
      this.set(place, 6, place % 2 === 0);
    }
    for (const [left, top] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
      for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) {
        const far = Math.max(Math.abs(dx), Math.abs(dy));
        const [x, y] = [left + dx, top + dy];
        if (x >= 0 && x < size && y >= 0 && y < size) this.set(x, y, far !== 2 && far !== 4);
      }
    }
    const marks = positions(this.version);
    marks.forEach((x, i) => marks.forEach((y, j) => {
      const corner = (i === 0 && j === 0) || (i === 0 && j === marks.length - 1) || (i === marks.length - 1 && j === 0);
      if (!corner) for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) this.set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }));
    this.format(0);
    if (this.version >= 7) {
      let rest = this.version;
      for (let step = 0; step < 12; step++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
      const bits = (this.version << 12) | rest;
      for (let place = 0; place < 18; place++) {
        const [a, b] = [size - 11 + (place % 3), Math.floor(place / 3)];
        this.set(a, b, (bits >>> place) & 1);
        this.set(b, a, (bits >>> place) & 1);
      }
    }
  }

  format(mask) {
    let rest = mask; // level M is 00
    for (let step = 0; step < 10; step++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    const bits = ((mask << 10) | rest) ^ 0x5412;
    const bit = (place) => (bits >>> place) & 1;
    for (let place = 0; place <= 5; place++) this.set(8, place, bit(place));
    this.set(8, 7, bit(6));
    this.set(8, 8, bit(7));
    this.set(7, 8, bit(8));
    for (let place = 9; place < 15; place++) this.set(14 - place, 8, bit(place));
    for (let place = 0; place < 8; place++) this.set(this.size - 1 - place, 8, bit(place));
    for (let place = 8; place < 15; place++) this.set(8, this.size - 15 + place, bit(place));
    this.set(8, this.size - 8, true);
  }

  fill(stream) {
    let place = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.size; step++) for (let side = 0; side < 2; side++) {
        const x = right - side;
        const y = ((right + 1) & 2) === 0 ? this.size - 1 - step : step;
        if (!this.fixed[y][x] && place < stream.length * 8) {
          this.dark[y][x] = ((stream[place >>> 3] >>> (7 - (place & 7))) & 1) === 1;
          place += 1;
        }
      }
    }
  }

  mask(number) {
    for (let y = 0; y < this.size; y++) for (let x = 0; x < this.size; x++) if (!this.fixed[y][x] && MASKS[number](x, y)) this.dark[y][x] = !this.dark[y][x];
  }

  penalty() {
    const { size, dark } = this;
    let sum = 0;
    let count = 0;
    for (const at of [(a, b) => dark[a][b], (a, b) => dark[b][a]]) {
      for (let a = 0; a < size; a++) {
        let row = "";
        for (let b = 0; b < size; b++) row += at(a, b) ? "1" : "0";
        for (const [run] of row.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
        for (let b = 0; b + 11 <= size; b++) if (["10111010000", "00001011101"].includes(row.slice(b, b + 11))) sum += 40;
      }
    }
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
      if (dark[y][x]) count += 1;
      if (x && y && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y - 1][x - 1]) sum += 3;
    }
    return sum + Math.floor(Math.abs(count * 20 - size * size * 10) / (size * size)) * 10;
  }
}

/** The modules of `text` as rows of true (dark) and false, without the quiet zone; null where it is too long. */
export function qr(text, forced = null) {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  while (version <= 10 && bytes.length + (version < 10 ? 2 : 3) > dataWords(version)) version += 1;
  if (version > 10) return null;
  const grid = new Grid(version);
  grid.patterns();
  grid.fill(interleaved(words(bytes, version), version));
  let best = forced;
  if (best === null) {
    let least = Infinity;
    for (let number = 0; number < 8; number++) {
      grid.mask(number);
      grid.format(number);
      const found = grid.penalty();
      if (found < least) [least, best] = [found, number];
      grid.mask(number);
    }
  }
  grid.mask(best);
  grid.format(best);
  return grid.dark;
}

/** An SVG path of the dark modules, with a quiet zone of four: `{ size, path }`. */
export function qrPath(text) {
  const rows = qr(text);
  if (!rows) return null;
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  return { size: rows.length + 8, path };
}
