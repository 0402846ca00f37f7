// What the lists of the form offer.

import { make } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';

/** @import { TrainableNetwork } from '../types.d.ts' */
/** @import { Choice } from './fields.js' */

/**
 * A group of choices; none where there is no choice.
 * @param {string} label a key of the texts
 * @param {Choice[]} entries
 */
export function optionGroup(label, entries) {
  if (!entries.length) return [];
  const group = make('optgroup', { label: text[label] });
  group.append(...entries.map(([name, value]) => new Option(name, value)));
  return [group];
}

/**
 * The networks by what they learn.
 * @param {TrainableNetwork[]} networks
 */
export function networkOptions(networks) {
  /** @type {(label: string, which: boolean) => HTMLElement[]} */
  const group = (label, which) => optionGroup(label, networks.filter(({ reads }) => reads === which)
    .map(({ model }) => [text[`model.${model}`], model]));
  return [...group('learn_to_denoise', false), ...group('learn_to_read', true)];
}

/**
 * What "auto" means where there is MNIST or none, and what cannot be chosen without it.
 * @param {HTMLSelectElement} select
 * @param {boolean} mnist whether it is there
 */
export function nameSources(select, mnist) {
  const found = mnist ? text['data.mnist'] : text['data.own'];
  for (const option of select.options) {
    const words = text[`data.${option.value}`];
    option.disabled = !mnist && option.value.includes('mnist');
    option.text = withDetails(option.disabled ? text.data_missing : words, { found, name: words });
  }
}
