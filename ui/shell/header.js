// The head of the page: which tab or stop of the tour is open, in the address and in the browser's memory.

import { finder, make } from '../shared/dom.js';
import { kept } from '../shared/kept.js';
import { nextTab } from '../shared/next_tab.js';
import { addWords, fillWords, language, text, withDetails } from '../shared/words.js';
import { Tabs } from './tabs.js';
import { Tour } from './tour.js';

/** @import { HeadProps } from '../types.d.ts' */

const TAB_KEY = 'denoiser.tab';
const LANGUAGE_KEY = 'denoiser.language';
const SWITCHED_KEY = 'denoiser.switched';  // set while the page reloads in the other language

const OTHER = language === 'zh' ? 'en' : 'zh';

class Head {
  /**
   * @param {HTMLElement} root
   * @param {HeadProps} props
   */
  constructor(root, props) {
    this.props = props;
    const $ = this.$ = finder(root);
    fillWords(root);
    this.tabs = new Tabs((tab) => this.#choose(tab), () => this.#showNext());
    this.tour = new Tour(root, {
      details: { weights: props.weights.toLocaleString(language) },
      moved: ({ tab }, at) => {
        this.tabs.open(tab);
        this.#name(at ? `tour-${at + 1}` : 'tour', 'replaceState');
      },
      closed: (focus) => {
        const { current = '' } = this.tabs;
        this.#name(current, 'replaceState');
        kept.set(TAB_KEY, current);
        /** @type {HTMLElement} */ (focus ?? $('.tour-start')).focus({ preventScroll: true });
      },
    });
  }

  listen() {
    this.$('.tour-start').addEventListener('click', () => {
      this.#name('tour', 'pushState');
      this.tour.go(0);
    });
    const other = this.$('.language');
    const words = this.props.texts[OTHER];
    Object.assign(other, { lang: OTHER, ariaLabel: words.language, title: words.language_about });
    this.$('.language .long').textContent = words.language;
    this.$('.language .short').textContent = words.language_short;
    other.addEventListener('click', switchLanguage);
    if (kept.get(SWITCHED_KEY)) other.focus({ preventScroll: true });
    kept.set(SWITCHED_KEY, null);
    window.addEventListener('popstate', () => this.#follow());
    const page = document.querySelector('.gradio-container') ?? document.body;
    new MutationObserver(() => this.complete()).observe(page, { childList: true, subtree: true });
  }

  // Whenever Gradio may have drawn anew what stands around the tabs.
  complete() {
    this.#addLinks();
    this.#showNext();
    const { dataset } = document.documentElement;
    if (this.tabs.find()) {
      if (dataset.opening) this.tabs.open(dataset.opening);
      if (!location.hash) history.replaceState({ tab: dataset.opening ?? this.tabs.current }, '');
      else this.#follow();
    }
    if (dataset.opening === this.tabs.current) delete dataset.opening;
  }

  /**
   * The name in the address, with all that stands before it: relative addresses begin at Gradio's base, not here.
   * @param {string} fragment
   * @param {'pushState' | 'replaceState'} change
   */
  #name(fragment, change) {
    const { pathname, search, hash } = location;
    if (hash !== `#${fragment}`) history[change]({ tab: this.tabs.current }, '', `${pathname}${search}#${fragment}`);
  }

  /** @param {string} tab */
  #choose(tab) {
    this.tour.leave();
    kept.set(TAB_KEY, tab);
    this.#name(tab, 'pushState');
  }

  // What the address asks for; an address without a name is that of the tab it was opened with.
  #follow() {
    const asked = location.hash.slice(1).replace(/^draw=.*/, 'draw');  // with a drawing, which Draw opens
    const stop = asked.match(/^tour(?:-(\d))?$/);
    if (stop) return this.tour.go(Number(stop[1] ?? 1) - 1);
    this.tour.leave();
    const tab = this.tabs.ids.includes(asked) ? asked : history.state?.tab;
    if (!tab) return;
    this.tabs.open(tab);
    kept.set(TAB_KEY, tab);
  }

  // The way on, where the tab itself has none.
  #showNext() {
    const link = document.querySelector('footer .next-tab');
    if (!(link instanceof HTMLElement)) return;
    const next = nextTab();
    const shown = next && ['draw', 'train'].includes(this.tabs.current ?? '');
    const words = shown ? withDetails(text.next_tab, { title: next.title }) : '';
    if (link.textContent !== words) link.textContent = words;
    link.hidden = !shown;
  }

  // Links of our own in Gradio's foot.
  #addLinks() {
    const foot = document.querySelector('footer');
    if (!foot || foot.querySelector('.ours')) return;
    const addresses = { source: this.props.source, readme: this.props.readme[language]?.slice(1) };
    for (const [name, href] of Object.entries(addresses)) {
      if (!href) continue;
      foot.append(make('a', { href, target: '_blank', rel: 'noopener', className: 'ours', textContent: text[name] }));
    }
    const on = make('a', { href: '#', className: 'ours next-tab' });
    on.addEventListener('click', (event) => {
      event.preventDefault();
      nextTab()?.go();
    });
    foot.append(on);
  }
}

function switchLanguage() {
  kept.set(LANGUAGE_KEY, OTHER);
  kept.set(SWITCHED_KEY, 'yes');
  location.reload();
}

/**
 * @param {HTMLElement} element
 * @param {HeadProps} props
 */
export function start(element, props) {
  addWords(props.texts);
  const head = new Head(finder(element)('.head'), props);
  head.listen();
  head.complete();
}
