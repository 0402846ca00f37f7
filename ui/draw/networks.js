// What a network learned: said in words, and compared with what it is asked for.

import { language, text, withDetails } from '../shared/words.js';

/** @import { Learned } from '../types.d.ts' */
/** @typedef {{ learned?: Learned | null }} Network of the page or of the visitor */

/**
 * Kinds, digits, and the lowest and highest amount in percent; null where nobody knows.
 * @param {Network | undefined} network
 */
export function learnedBy(network) {
  const { kinds, amounts, digits } = network?.learned ?? {};
  if (!Array.isArray(kinds) || !Array.isArray(amounts) || !Array.isArray(digits)) return null;
  if (!kinds.length || amounts.length !== 2) return null;
  return { kinds, digits, lowest: Math.round(100 * amounts[0]), highest: Math.round(100 * amounts[1]) };
}

/**
 * "Trained by you on salt and pepper, 20–80 %, digits 0 1."
 * @param {Network} network
 * @param {string[]} everyKind
 */
export function aboutOwn(network, everyKind) {
  const learned = learnedBy(network);
  if (!learned) return text.model_own_about;
  const { kinds, digits, lowest, highest } = learned;
  const some = withDetails(text.learned_digits, { digits: digits.join(' ') });
  return withDetails(highest ? text.model_own_learned : text.model_own_clean, {
    kinds: kinds.length === everyKind.length ? text.learned_all_kinds : listOfKinds(kinds),
    amounts: lowest === highest ? `${lowest} %` : `${lowest}–${highest} %`,
    digits: digits.length === 10 ? text.learned_all_digits : some,
  });
}

/** @param {string[]} kinds */
function listOfKinds(kinds) {
  const names = kinds.map((kind) => text[`kind.${kind}.within`] ?? kind);
  return withDetails(text.learned_kinds, { kinds: new Intl.ListFormat(language, { style: 'narrow' }).format(names) });
}

/**
 * What of this noise the network has never met, in words; '' where it knows it, or nobody knows.
 * @param {Network | undefined} network
 * @param {string} kind
 * @param {number} amount in percent
 */
export function unlearned(network, kind, amount) {
  const learned = learnedBy(network);
  if (!learned || amount === 0) return '';
  const { kinds, lowest, highest } = learned;
  if (highest === 0) return text.unlearned_any;
  if (!kinds.includes(kind)) return withDetails(text.unlearned_kind, { kinds: listOfKinds(kinds) });
  return amount < lowest || amount > highest ? withDetails(text.unlearned_amount, { lowest, highest }) : '';
}

/**
 * The nearest kind and amount, in percent, that it learned.
 * @param {Network} network
 * @param {string} kind
 * @param {number} amount in percent
 */
export function nearestLearned(network, kind, amount) {
  const { kinds, lowest, highest } = learnedBy(network) ?? { kinds: [kind], lowest: 0, highest: 100 };
  return { kind: kinds.includes(kind) ? kind : kinds[0], amount: Math.min(highest, Math.max(lowest, amount)) };
}
