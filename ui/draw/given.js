// Digits that are given, not drawn: an example, a picture, or what is in a square of a photo.

import { fromBase64, inBase64 } from '../shared/pixels.js';
import { text } from '../shared/words.js';
import { FileProblem, compressed, readyToSend, withPhoto } from './files.js';

/** @import { DrawServer, Given, Picture, ReadPicture, Refusal } from '../types.d.ts' */
/** @import { Crop } from './crop.js' */

/**
 * @typedef {object} Wiring
 * @property {DrawServer} server
 * @property {Crop} crop
 * @property {number} most bytes of a picture that the server takes
 * @property {() => boolean} exact whether pictures are taken as they are
 * @property {(picture: Picture, given: Given) => void} place puts a digit on the canvas
 * @property {(hint: string) => void} say
 */

export class GivenDigits {
  #wishes = 0;  // for another digit; only the newest is granted

  /** @param {Wiring} wiring */
  constructor(wiring) {
    this.wiring = wiring;
  }

  /** @param {number | null} label null for any */
  async fetchDigit(label) {
    const { server, crop, say } = this.wiring;
    const wish = ++this.#wishes;
    crop.close();
    const digit = await server.example({ label }).catch(() => undefined);
    if (wish !== this.#wishes) return;
    if (!digit || !('drawing' in digit)) return say(digit?.hint ?? 'no_answer');
    this.#place(digit, [digit.own ? 'own_digits' : 'example', { label: digit.label, source: digit.source }]);
  }

  /** @param {File} file */
  async takeFile(file) {
    const { crop, say } = this.wiring;
    const wish = ++this.#wishes;
    const exact = this.wiring.exact();
    crop.close();
    try {
      const picture = await this.#read(file, exact);
      if (wish !== this.#wishes) return;
      if (!picture || !('plain' in picture)) return say(picture?.hint ?? 'no_answer');
      const onPaper = !exact && (picture.photo || picture.several);
      const digit = onPaper ? await withPhoto(file, (photo) => this.#readCrop(photo, picture)) : picture;
      if (wish !== this.#wishes || !digit) return;
      if (!('plain' in digit)) return say(digit.hint ?? 'no_answer');
      if (!digit.ink && !exact) return digit.rough ? say('noisy_picture') : say('no_digit');
      this.#place(digit, ['uploaded', {}]);
    } catch (problem) {
      if (wish === this.#wishes) say(problem instanceof FileProblem ? problem.message : 'unreadable');
    }
  }

  /**
   * @param {File} file
   * @param {boolean} exact
   */
  async #read(file, exact) {
    const { server, most } = this.wiring;
    const picture = await server.read_picture({ file: await readyToSend(file, { exact, most }) });
    // Few bytes, many pixels: a photo of a white page, say. Or a format that only the browser knows.
    if (!['large', 'unreadable'].includes(picture?.hint ?? '')) return picture;
    return server.read_picture({ file: await readyToSend(file, { exact, most, shrink: true }) });
  }

  /**
   * What is in the square of a photo; asked again where nothing is. Null if the visitor would rather not.
   * @param {HTMLImageElement} photo
   * @param {ReadPicture} found in the whole of it
   * @returns {Promise<ReadPicture | Refusal | null>}
   */
  async #readCrop(photo, { box, several, ink }) {
    const { server, crop, most } = this.wiring;
    let words = several ? text.crop_several : ink ? text.crop_one : text.crop_none;
    for (;;) {
      const square = await crop.ask(photo, box, words);
      if (!square) return null;
      const digit = await server.read_picture({ file: await inBase64(await compressed(square, most)) });
      if (!digit || !('plain' in digit) || digit.ink) return digit ?? {};
      words = text.crop_none;
    }
  }

  /**
   * @param {{ drawing: string, plain: string }} digit
   * @param {Given} given
   */
  #place({ drawing, plain }, given) {
    this.wiring.place({ drawing: fromBase64(drawing), plain: fromBase64(plain) }, given);
  }
}
