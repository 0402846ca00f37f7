// Short ways to the nodes of the page, and to new ones.

/**
 * A function that gives the node of a selector below `root`, which must be there, and of this kind.
 * @param {ParentNode} root
 * @returns {<T extends Element = HTMLElement>(selector: string, kind?: { new (): T }) => T}
 */
export const finder = (root) => (selector, kind) => {
  const node = root.querySelector(selector);
  if (!(node instanceof (kind ?? HTMLElement))) throw new TypeError(`no ${kind?.name ?? 'HTMLElement'} is ${selector}`);
  return /** @type {any} */ (node);
};

/**
 * A new node with these properties.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * A new node of an SVG with these attributes, in its place.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {Element} place
 */
export function drawn(name, attributes, place) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return /** @type {SVGElement} */ (place.appendChild(node));
}
