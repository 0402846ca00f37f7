// The rules behind the form: what a recipe says, what a budget and an optimizer change of it, and what is a number.

/** @import { ExpertName, NumberName, Pair, Recipe, TrainableNetwork } from '../types.d.ts' */
/** @typedef {Exclude<ExpertName, 'seed'>} RecipeName */

/** @type {NumberName[]} */
export const NUMBERS = ['learning_rate', 'weight_decay', 'dropout', 'patience', 'batch_size', 'seed'];
const WHOLE = ['patience', 'batch_size', 'seed'];
/** @type {ExpertName[]} */
export const EXPERT = [
  'optimizer', 'learning_rate', 'schedule', 'batch_size', 'weight_decay', 'dropout', 'augment', 'patience', 'seed',
];
export const IN_RECIPES = /** @type {RecipeName[]} */ (EXPERT.filter((name) => name !== 'seed'));

/**
 * As it is written in the form.
 * @param {unknown} value
 */
export const written = (value) => (
  String(typeof value === 'number' && value && value < 1e-4 ? value.toExponential() : value));

/**
 * The number that was typed; null where it is none, or out of its limits.
 * @param {string} name
 * @param {string} typed
 * @param {Pair} limits the lowest and the highest
 */
export function numberIn(name, typed, [lowest, highest]) {
  const plain = typed.trim().replace(',', '.');
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  return value >= lowest && value <= highest && (!WHOLE.includes(name) || Number.isInteger(value)) ? value : null;
}

/**
 * The recipe of this preset for a budget.
 * @param {TrainableNetwork} network
 * @param {string} preset
 * @param {number} seconds
 */
export function recipeFor({ recipes }, preset, seconds) {
  const [, presets] = recipes.find(([most]) => seconds <= most) ?? recipes[recipes.length - 1];
  return presets[preset];
}

/**
 * What stands in the form as long as the visitor changes nothing but the budget and the optimizer, which has a learning
 * rate and a weight decay of its own.
 * @param {Recipe} recipe
 * @param {string} optimizer
 * @param {Record<string, Partial<Recipe>>} optimizers what each changes
 */
export function usualOf(recipe, optimizer, optimizers) {
  const usual = { ...recipe, ...(optimizer === recipe.optimizer ? {} : optimizers[optimizer]) };
  return /** @type {Record<RecipeName, string>} */ (
    Object.fromEntries(IN_RECIPES.map((name) => [name, written(usual[name])])));
}
