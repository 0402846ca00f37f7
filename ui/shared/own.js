// What this visitor trained, known by tokens that only this browser keeps; all its tabs share one list.

import { kept } from './kept.js';

/** @import { OwnNetwork } from '../types.d.ts' */

const OWN_KEY = 'denoiser.networks';
const MOST_OWN = 12;

const changes = new EventTarget();

/** @param {OwnNetwork[]} list */
function keep(list) {
  kept.set(OWN_KEY, JSON.stringify(list.slice(0, MOST_OWN)));
  changes.dispatchEvent(new Event('change'));
}

/**
 * @param {OwnNetwork[]} list
 * @param {string} token
 */
const without = (list, token) => list.filter((one) => one.token !== token);

export const ownNetworks = {
  /** @returns {OwnNetwork[]} the newest first */
  get all() {
    try {
      const list = JSON.parse(kept.get(OWN_KEY) ?? '[]');
      return Array.isArray(list) ? list.filter((one) => typeof one?.token === 'string') : [];
    } catch {
      return [];
    }
  },

  /** @param {string | null} token */
  find(token) {
    return this.all.find((one) => one.token === token);
  },

  /**
   * What is known is completed.
   * @param {OwnNetwork} network
   */
  add(network) {
    keep([{ ...this.find(network.token), ...network }, ...without(this.all, network.token)]);
  },

  /** @param {string | null} token */
  remove(token) {
    if (token !== null && this.find(token)) keep(without(this.all, token));
  },

  /**
   * @param {string} token
   * @param {string} name
   */
  rename(token, name) {
    keep(this.all.map((one) => (one.token === token ? { ...one, name } : one)));
  },

  /**
   * Its weights will be others.
   * @param {string} token
   */
  renew(token) {
    keep(this.all.map((one) => (one.token === token ? { ...one, renewed: (one.renewed ?? 0) + 1 } : one)));
  },

  /**
   * Back to where it was.
   * @param {OwnNetwork} network
   * @param {number} at
   */
  insert(network, at) {
    const others = without(this.all, network.token);
    keep([...others.slice(0, at), network, ...others.slice(at)]);
  },

  /**
   * Calls back after every change, here or in another tab of this browser.
   * @param {() => void} run
   */
  onChange(run) {
    changes.addEventListener('change', run);
    window.addEventListener('storage', ({ key }) => { if (key === OWN_KEY) run(); });
  },
};
