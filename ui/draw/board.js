// The Draw tab: wires the canvas, the settings, the line to the server and the pictures together.

import { finder } from '../shared/dom.js';
import { drawing } from '../shared/drawing.js';
import { Link } from '../shared/link.js';
import { ownNetworks } from '../shared/own.js';
import { saveBlob } from '../shared/saving.js';
import { followSideways } from '../shared/sliders.js';
import { tried } from '../shared/tried.js';
import { addWords, fillWords, text, withDetails } from '../shared/words.js';
import { Computing } from './computing.js';
import { Crop } from './crop.js';
import { onPicture } from './files.js';
import { GivenDigits } from './given.js';
import { Ink, drawWith } from './ink.js';
import { exampleButton, historyKey, rove } from './keys.js';
import { Linking } from './linking.js';
import { keepBoard, keptBoard } from './memory.js';
import { More } from './more.js';
import { Pictures } from './pictures.js';
import { Readers } from './readers.js';
import { Announcer, afterRest, whenIdle } from './rest.js';
import { Settings } from './settings.js';
import { Share } from './share.js';
import { Where } from './where.js';
import { noiseTile } from './views.js';

/** @import { Denoised, DrawProps, DrawServer, Given, Linked, Refusal, State } from '../types.d.ts' */

const RESTS_AFTER = 700;  // ms
const TROUBLES = ['busy', 'lost', 'refused'];

class Board {
  /** @type {Denoised | null} */ #answered = null;  // what the pictures show
  #touched = false;  // whether there is anything to keep

  /**
   * @param {HTMLElement} root
   * @param {DrawProps} props
   * @param {DrawServer} server
   */
  constructor(root, props, server) {
    this.root = root;
    this.props = props;
    this.server = server;
    const $ = this.$ = finder(root);
    this.#fillIn();
    const changed = (/** @type {number | undefined} */ time = undefined) => this.update(time);
    const say = (/** @type {string} */ hint) => this.say(hint);
    this.canvas = $('.ink', HTMLCanvasElement);
    this.ink = new Ink(this.canvas, props.limits);
    this.crop = new Crop($('.digit .frame'));
    this.pictures = new Pictures(root);
    this.settings = new Settings(root, props, { changed, say });
    this.readers = new Readers($('.reads'), changed);
    const state = () => (this.ink.empty ? null : this.#state());
    const elsewhere = () => { this.where.describe(); this.more.offer(); };
    this.computing = new Computing({ props, server, say, state, changed: elsewhere });
    this.where = new Where(root, this.computing, () => this.update());
    const busy = () => root.dataset.busy === 'true';
    this.more = new More(root, { computing: this.computing, settings: this.settings, state, busy });
    this.linking = new Linking({
      props, say, ink: this.ink, settings: this.settings,
      answer: () => this.#answered,
      restore: (linked) => this.#restore(linked),
    });
    this.share = new Share(root, (what) => this.linking.made(what));
    this.link = this.#line();
    this.announcer = new Announcer($('.readings'));
    this.resting = afterRest(RESTS_AFTER, () => { if (!this.ink.held) this.#rest(); });
    this.given = new GivenDigits({
      server,
      crop: this.crop,
      most: props.limits.largest_file,
      exact: () => this.settings.cleaning,
      place: (picture, given) => { this.ink.place(picture, given); this.update(); },
      say,
    });
    const fetch = (/** @type {number} */ label) => this.given.fetchDigit(label);
    $('.digits').append(...Array.from({ length: 10 }, (_, label) => exampleButton(label, fetch)));
  }

  #line() {
    return new Link({
      stats: window.denoiserStats = [],
      state: () => this.#state(),
      ask: (state, glimpse) => this.computing.ask(state, glimpse),
      show: (answer) => this.#take(answer),
      glimpse: (sight) => this.pictures.paint(sight),
      lost: () => this.say('lost'),
      busy: (is) => { this.root.dataset.busy = String(is); },
    });
  }

  /** @returns {State} */
  #state() {
    return { drawing: this.ink.pixels(), ...this.settings.asked, reader: this.readers.token };
  }

  /** @param {Refusal | Denoised} answer */
  #take(answer) {
    if (answer.hint === 'gone') return this.#forget(answer.token);
    if (!('noisy' in answer)) return this.say(answer.hint ?? 'refused');
    this.#show(answer);
    if (TROUBLES.includes(this.root.dataset.hint ?? '')) this.#sayWhatIsThere();  // no longer true
  }

  /**
   * The server no longer has it: the default one denoises, or reads, instead.
   * @param {string | undefined} token
   */
  #forget(token = '') {
    const reads = ownNetworks.find(token)?.reads;
    ownNetworks.remove(token);
    this.update();
    if (reads) this.say('reader_gone');
    else this.say('gone');
  }

  // Something changed that the pictures depend on, at this time.
  update(/** @type {number | undefined} */ time = undefined) {
    this.$('.undo', HTMLButtonElement).disabled = !this.ink.undoable;
    this.$('.redo', HTMLButtonElement).disabled = !this.ink.undone.length;
    this.#sayWhatIsThere();
    if (this.ink.empty) this.#showNothing();
    else this.link.touch(time);
    this.more.change();
    this.#touched = true;
    this.linking.release();
    this.resting();
  }

  // What is shown by a link is not kept before the visitor changes it: what was drawn here before may matter more.
  /** @param {Linked} linked */
  #restore({ settings: { clean_only: cleaning, amount, ...settings }, marks }) {
    this.settings.restore({ ...settings, amount: 100 * amount, 'clean-only': cleaning });
    this.settings.followMode();
    this.ink.unsmoothed = cleaning;
    this.ink.restore(marks);
    if (this.ink.empty) this.#showNothing();
    else this.link.touch();
    this.more.change();
    this.#touched = false;
  }

  // Pen and slider lie still: time for what may not disturb them.
  #rest() {
    if (!this.ink.empty && this.root.dataset.busy === 'false') this.announcer.say(this.pictures.readings);
    this.#remember();
  }

  #remember() {
    if (!this.#touched) return;
    const [reader, pen, where] = [this.readers.token, this.#pen.value, this.computing.choice];
    const settings = { ...this.settings.kept, reader, pen, where };
    keepBoard(this.ink, settings, this.#answered);
  }

  get #pen() { return this.$('[name=pen]:checked', HTMLInputElement); }

  /** @param {Denoised} answer */
  #show(answer) {
    this.#answered = answer;
    this.pictures.show(answer);
    this.where.show(answer);
    this.more.offer();
    this.root.dataset.updates = String(Number(this.root.dataset.updates) + 1);
    this.resting();
  }

  #showNothing() {
    this.link.forget();
    this.pictures.clear();
    this.where.show(null);
  }

  /**
   * @param {string | null} hint
   * @param {Given[1]} details
   */
  say(hint, details = {}) {
    this.root.dataset.hint = hint ?? '';
    const filled = withDetails(hint ? text[`hint_${hint}`] ?? text.hint_lost : '', details);
    const place = this.$('.hint');
    if (place.textContent !== filled) place.textContent = filled;
  }

  // No trouble: only what there is to know of what is on the canvas.
  #sayWhatIsThere() {
    const { empty, given } = this.ink;
    this.$('.digit .frame').classList.toggle('given', Boolean(given));
    if (empty) this.say('no_ink');
    else if (given) this.say(...given);
    else this.say(null);
  }

  #chooseMode() {
    this.settings.followMode();
    this.ink.unsmoothed = this.settings.cleaning;
    this.ink.redraw();
    this.update();
  }

  #fillIn() {
    fillWords(this.root);
    this.$('.ink').setAttribute('aria-roledescription', text.canvas_role);
    this.root.style.setProperty('--noise', noiseTile());
  }

  // As the visitor left it, or as the page opens for the first time.
  open() {
    const { start: first, limits } = this.props;
    const { marks, settings, answer } = keptBoard(limits);
    this.#restoreSettings(settings);
    if (marks) this.ink.restore(marks);
    else this.ink.open(first.strokes, first.width, ['start', {}]);
    const asEver = !marks && !Object.keys(settings).length;
    const known = asEver ? first.answer : answer;
    if (known) tried(() => this.#show(known));
    this.announcer.said = this.pictures.readings;
    if (this.linking.follow()) return;
    if (asEver) this.#sayWhatIsThere();
    else this.update();
  }

  /** @param {Record<string, unknown>} kept */
  #restoreSettings({ reader, pen, where, ...kept }) {
    this.where.choose(String(where));
    this.settings.restore(kept);
    for (const one of this.root.querySelectorAll('[name=pen]')) {
      if (one instanceof HTMLInputElement && one.value === pen) one.checked = true;
    }
    this.readers.offer(String(reader));
    if (this.settings.cleaning) this.#chooseMode();
    else this.settings.describe();
  }

  #fitInk() {
    const side = Math.round(this.canvas.clientWidth * devicePixelRatio);
    if (side && side !== this.canvas.width) this.ink.resize(side);
  }

  listen() {
    const { $, canvas, ink, root } = this;
    /** @type {(selector: string, run: () => void) => void} */
    const onClick = (selector, run) => $(selector).addEventListener('click', run);
    followSideways(root);
    this.settings.listen();
    new ResizeObserver(() => this.#fitInk()).observe(canvas);
    drawWith(canvas, ink, () => Number(this.#pen.value), (time) => this.update(time), this.resting);
    onPicture(root, $('.upload'), $('[type=file]', HTMLInputElement), (file) => this.#takeFile(file));
    for (const name of /** @type {const} */ (['undo', 'redo', 'clear'])) {
      onClick(`.${name}`, () => { ink[name](); this.update(); this.crop.close(); });
    }
    onClick('.surprise', () => this.given.fetchDigit(null));
    onClick('.save', async () => saveBlob(await this.linking.picture(), 'denoised.png'));
    $('.clean-only').addEventListener('change', () => this.#chooseMode());
    $('.pens').addEventListener('input', this.resting);
    this.#listenToKeys();
    window.addEventListener('pagehide', () => this.#remember());
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#remember(); });
    window.addEventListener('online', () => { if (root.dataset.hint === 'no_answer') this.#sayWhatIsThere(); });
  }

  /** @param {File} file */
  async #takeFile(file) {
    if (!await this.linking.takeFile(file)) await this.given.takeFile(file);
  }

  #listenToKeys() {
    const { $, root } = this;
    this.canvas.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^[0-9]$/.test(event.key)) this.given.fetchDigit(Number(event.key));
      if (event.key === 'Delete' || event.key === 'Backspace') $('.clear').click();
    });
    root.addEventListener('keydown', (event) => {
      const wish = historyKey(event);
      if (!wish || (event.target instanceof Element && event.target.matches('.seed'))) return;
      event.preventDefault();
      $(`.${wish}`).click();
    });
    rove($('.digits'));
  }
}

/**
 * @param {HTMLElement} element
 * @param {DrawProps} props
 * @param {DrawServer} server
 */
export function start(element, props, server) {
  addWords(props.texts);
  const board = new Board(finder(element)('.board'), props, server);
  board.open();
  drawing.lend({
    pixels: () => (board.ink.empty ? null : board.ink.pixels()),
    pictures: () => (board.ink.empty ? null : {
      clean: board.pictures.inset, noisy: board.pictures.views.noisy.canvas,
    }),
    useModel: (network) => board.settings.use(network),
    useReader: (network) => board.readers.use(network),
  });
  board.listen();
  whenIdle(() => board.computing.start());
}
