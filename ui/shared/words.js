// The visitor's language, and the words of the page in it. Each tab brings its own words.

/** @import { Texts, Words } from '../types.d.ts' */

export const language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';

/** @type {Words} */
export const text = {};

/** @param {Texts} texts */
export function addWords(texts) {
  Object.assign(text, texts[language]);
}

/**
 * The words with every {name} in them replaced.
 * @param {string} words
 * @param {Record<string, unknown>} details
 */
export const withDetails = (words, details) => words.replace(/\{(\w+)\}/g, (_, name) => String(details[name]));

/**
 * Puts the words where `data-text`, `data-title` and `data-label` name them.
 * @param {HTMLElement} root
 */
export function fillWords(root) {
  root.lang = document.documentElement.lang = language;
  document.title = text.title;
  for (const node of nodes(root, 'text')) node.textContent = text[node.dataset.text ?? ''];
  for (const node of nodes(root, 'title')) node.title = text[node.dataset.title ?? ''];
  for (const node of nodes(root, 'label')) {
    const words = text[node.dataset.label ?? ''];
    node.setAttribute('aria-label', words);
    if (node.matches('button, input')) node.title = words;
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} name
 * @returns {NodeListOf<HTMLElement>}
 */
const nodes = (root, name) => root.querySelectorAll(`[data-${name}]`);
