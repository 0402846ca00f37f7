// Single controls of the form.

import { make } from '../shared/dom.js';
import { language, text, withDetails } from '../shared/words.js';

/** @type {Record<string, string>} */
export const OPTIMIZER_NAMES = { adam: 'Adam', adamw: 'AdamW', sgd: 'SGD', muon: 'Muon' };

/**
 * A checkbox that looks like a button.
 * @param {string} name
 * @param {string} value
 */
export function checkChip(name, value) {
  const label = make('label');
  const box = make('input', { type: 'checkbox', name, value, checked: true });
  label.append(box, make('i', { textContent: text[`${name}.${value}`] ?? value }));
  return label;
}

/** @typedef {[words: string, value: string]} Choice */

/**
 * @param {string} name
 * @param {Choice[]} [choices] of a field that has some
 */
export function expertField(name, choices) {
  const field = make('div', { className: 'field' });
  const key = name === 'seed' ? 'train_seed' : name;
  const control = choices ? make('select') : make('input', name === 'augment' ? { type: 'checkbox' }
    : { type: 'text', inputMode: 'decimal', autocomplete: 'off', maxLength: 12 });
  Object.assign(control, { id: `training-${name}`, name });
  control.setAttribute('aria-describedby', `about-${name} fault-${name}`);
  if (choices) control.append(...choices.map(([words, value]) => new Option(words, value)));
  const label = make('label', { htmlFor: control.id, textContent: text[key] });
  const about = make('small', { id: `about-${name}`, className: 'about', textContent: text[`${key}_about`] });
  const fault = make('p', { id: `fault-${name}`, className: 'fault' });
  fault.dataset.fault = name;
  fault.setAttribute('role', 'alert');
  field.append(label, control, fault, about);
  return field;
}

/**
 * A control and what stands in it, in two or three words.
 * @param {HTMLInputElement | HTMLSelectElement} control
 */
export function inWords(control) {
  const { name, value } = control;
  if (control instanceof HTMLSelectElement) return control.selectedOptions[0]?.text;
  const label = text[name === 'seed' ? 'train_seed' : name].toLocaleLowerCase(language);
  if (name === 'augment') return control.checked ? label : withDetails(text.without, { what: label });
  return `${label} ${value}`;
}
