// The board in an address, in lines of code and in a picture file; and back from there.

import { ownNetworks } from '../shared/own.js';
import { AREA, SIDE, fromBase64, inBase64 } from '../shared/pixels.js';
import { language } from '../shared/words.js';
import { BadLink, fromLink, toLink } from './link_data.js';
import { textOfPng, toPng } from './png.js';
import { commandOf, pythonOf } from './snippets.js';

/** @import { Denoised, DrawProps, Given, Linked, Mark } from '../types.d.ts' */
/** @import { Ink } from './ink.js' */
/** @import { Settings } from './settings.js' */

const NAMED = '#draw=';
const TIMES = 10;  // as large is a saved picture: shrunk by the same ten, nothing is lost

/**
 * @typedef {object} Ends
 * @property {Ink} ink
 * @property {Settings} settings
 * @property {DrawProps} props
 * @property {() => Denoised | null} answer what is shown
 * @property {(hint: string) => void} say
 * @property {(linked: Linked) => void} restore
 */

export class Linking {
  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
    window.addEventListener('hashchange', () => this.follow());
  }

  // Opens what the address holds; whether it holds anything.
  follow() {
    if (!location.hash.startsWith(NAMED)) return false;
    this.open(location.hash.slice(NAMED.length));
    return true;
  }

  /** @param {string} data */
  async open(data) {
    try {
      const linked = await fromLink(data, this.ends.props.limits);
      this.ends.restore({ ...linked, marks: linked.marks.map(asLinked) });
      this.ends.say('linked');
    } catch (problem) {
      this.release();
      this.ends.say(problem instanceof BadLink ? problem.message : 'link_damaged');
    }
  }

  // From now on the board is the visitor's, and a reload brings back that.
  release() {
    const { pathname, search, hash } = location;
    if (hash.startsWith(NAMED)) history.replaceState(history.state, '', `${pathname}${search}#draw`);
  }

  /**
   * Opens what a picture file holds; whether it holds anything.
   * @param {File} file
   */
  async takeFile(file) {
    const text = file.type === 'image/png' ? textOfPng(new Uint8Array(await file.arrayBuffer())) : null;
    if (text === null) return false;
    await this.open(text);
    return true;
  }

  get #linked() {
    const { ink, settings, props } = this.ends;
    const { asked } = settings;
    const shipped = props.models.some(({ name }) => name === asked.model);
    const model = shipped ? asked.model : props.models[0].name;  // a token opens more than a picture: it is not told
    return { settings: { ...asked, model }, marks: ink.visible, language };
  }

  /** @param {'link' | 'python' | 'command'} what */
  async made(what) {
    const linked = this.#linked;
    if (ownNetworks.find(this.ends.settings.asked.model)) this.ends.say('own_stays');
    if (what === 'link') return `${location.href.replace(/#.*/, '')}${NAMED}${await toLink(linked)}`;
    const drawing = await inBase64(await toPng(this.ends.ink.pixels()));
    return (what === 'python' ? pythonOf : commandOf)(linked.settings, drawing);
  }

  // The denoised picture as a file that holds the board, too.
  async picture() {
    const pixels = fromBase64(this.ends.answer()?.denoised.pixels ?? '');
    const large = new Uint8Array(AREA * TIMES ** 2);
    const side = SIDE * TIMES;
    for (let at = 0; at < large.length; at++) {
      large[at] = pixels[SIDE * Math.floor(at / side / TIMES) + Math.floor((at % side) / TIMES)];
    }
    return toPng(large, await toLink(this.#linked));
  }
}

/**
 * What is said of it, so that the first stroke replaces what was no drawing.
 * @param {Mark} mark
 * @returns {Mark}
 */
function asLinked(mark) {
  /** @type {Given | undefined} */
  const given = mark.opening ? ['start', {}] : mark.picture ? ['linked', {}] : undefined;
  return given ? { ...mark, given } : mark;
}
