// Grey PNG files with a line of text in them, written and read here: a canvas would write no text, and larger files.

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const KEYWORD = 'denoiser';
const GREY = Uint8Array.of(8, 0, 0, 0, 0);  // bits a pixel, and the only ways of compression, filter and no interlacing

/**
 * A square picture as a file.
 * @param {Uint8Array} pixels
 * @param {string} [text] Latin letters
 */
export async function toPng(pixels, text) {
  const side = Math.sqrt(pixels.length);
  const size = new Uint8Array(8);
  new DataView(size.buffer).setUint32(0, side);
  new DataView(size.buffer).setUint32(4, side);
  const rows = new Uint8Array(side * (side + 1));  // each begins with its filter, 0 for none
  for (let row = 0; row < side; row++) {
    rows.set(pixels.subarray(side * row, side * (row + 1)), row * (side + 1) + 1);
  }
  const stream = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'));
  const data = new Uint8Array(await new Response(stream).arrayBuffer());
  return new Blob([
    SIGNATURE, chunk('IHDR', joined(size, GREY)), ...(text ? [chunk('tEXt', letters(`${KEYWORD}\0${text}`))] : []),
    chunk('IDAT', data), chunk('IEND', new Uint8Array()),
  ], { type: 'image/png' });
}

/**
 * The text that `toPng` put into a file; null where there is none, or the file is another one.
 * @param {Uint8Array} file
 */
export function textOfPng(file) {
  if (!SIGNATURE.every((byte, place) => file[place] === byte)) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  for (let at = SIGNATURE.length; at + 12 <= file.length;) {
    const length = view.getUint32(at);
    const content = file.subarray(at + 8, at + 8 + length);
    if (wordOf(file.subarray(at + 4, at + 8)) === 'tEXt') {
      const [keyword, text] = wordOf(content).split('\0');
      if (keyword === KEYWORD && text !== undefined) return text;
    }
    at += length + 12;
  }
  return null;
}

/**
 * @param {string} name
 * @param {Uint8Array} content
 */
function chunk(name, content) {
  const named = joined(letters(name), content);
  const ends = new DataView(new ArrayBuffer(8));
  ends.setUint32(0, content.length);
  ends.setUint32(4, checksum(named));
  return joined(new Uint8Array(ends.buffer, 0, 4), named, new Uint8Array(ends.buffer, 4, 4));
}

// CRC-32, as PNG has it (ISO 3309), bit by bit: files are small.
/** @param {Uint8Array} bytes */
export function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** @param {string} text */
const letters = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** @param {Uint8Array} bytes */
const wordOf = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** @param {Uint8Array[]} parts */
function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
