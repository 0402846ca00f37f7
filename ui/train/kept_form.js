// What was typed into the form, kept in this browser from visit to visit. Anything may lie there: nothing is trusted.

import { kept } from '../shared/kept.js';

/** @typedef {HTMLInputElement | HTMLSelectElement} Control */
/** @typedef {[name: string, value: string, checked: boolean | null]} Field */

export const FORM_KEY = 'denoiser.training-form';
const MOST_KEPT = 8192;  // characters
/** @param {Control} control */
const isBox = (control) => ['checkbox', 'radio'].includes(control.type);

/**
 * @param {HTMLFieldSetElement} form
 * @returns {Control[]}
 */
const controlsOf = (form) => (
  /** @type {Control[]} */ ([...form.elements]).filter(({ name, type }) => name && type !== 'file'));

/**
 * @param {Control} control
 * @returns {Field}
 */
const fieldOf = (control) => (
  [control.name, control.value, 'checked' in control && isBox(control) ? control.checked : null]);

/** @param {HTMLFieldSetElement} form */
export function keepForm(form) {
  kept.set(FORM_KEY, JSON.stringify(controlsOf(form).map(fieldOf)));
}

/**
 * What was kept; nothing where that is damaged.
 * @returns {Field[]}
 */
export function keptForm() {
  const words = kept.get(FORM_KEY) ?? '';
  if (words.length > MOST_KEPT) return [];
  try {
    return JSON.parse(words).filter(isField);
  } catch {
    return [];
  }
}

/** @param {any} field */
function isField(field) {
  return Array.isArray(field) && typeof field[0] === 'string' && typeof field[1] === 'string'
    && (field[2] === null || typeof field[2] === 'boolean');
}

/**
 * One kept field into the form; a choice that is not offered any more is left alone.
 * @param {HTMLFieldSetElement} form
 * @param {Field} field
 */
export function putBack(form, [name, value, checked]) {
  const control = controlsOf(form).find((one) => (
    one.name === name && isBox(one) === (checked !== null) && (checked === null || one.value === value)));
  if (!control) return;
  if (control instanceof HTMLSelectElement) {
    if ([...control.options].some((option) => option.value === value)) control.value = value;
  } else if (checked !== null) {
    control.checked = checked;
  } else {
    control.value = control.maxLength > 0 ? value.slice(0, control.maxLength) : value;
  }
}
