/**
 * The renderer: descriptions of elements in, DOM out.
 *
 * `h` describes an element; `render` makes a parent's children match the descriptions and keeps the nodes, the focus
 * and the typed text that are already there. Data becomes text nodes and attributes, never markup: no function here
 * parses HTML, so no text that a person typed can become an element.
 */

/** @import { Attributes, Child, Children, Description } from './description.js' */

/** Elements that run or fetch code. No view needs them, so no description may name them. */
const FORBIDDEN_TAGS = new Set(['script', 'iframe', 'object', 'embed', 'base', 'link', 'meta', 'style', 'template']);
/**
 * Attributes that hold addresses. They lead into the page, to the web, to mail, to a phone, to an authenticator app, or
 * to an image in the text, and nowhere else.
 */
const ADDRESSES = new Set(['href', 'src', 'action', 'formaction', 'xlink:href']);
const SAFE_ADDRESS = /^(?:#|\/(?!\/)|https?:\/\/|mailto:|tel:|otpauth:|data:image\/(?:png|jpeg|webp|gif);|blob:)/i;
/** A drawing in an `<img>` runs no script and fetches nothing. Anywhere else it is a document. */
const DRAWING = /^data:image\/svg\+xml,/i;
const SVG = 'http://www.w3.org/2000/svg';

/** @type {Attributes} */
const NO_ATTRIBUTES = {};

/**
 * Describes an element.
 *
 * @param {string} tag
 * @param {Attributes | null} [attributes]
 * @param {...Children} children
 * @returns {Description}
 */
export function h(tag, attributes, ...children) {
  if (FORBIDDEN_TAGS.has(tag.toLowerCase())) throw new TypeError(`<${tag}> may not be rendered`);
  const { key, ...rest } = attributes ?? NO_ATTRIBUTES;
  return {
    tag,
    attributes: rest,
    children: flatten(children),
    key: /** @type {string | number | undefined} */ (key),
  };
}

/**
 * Makes the children of `parent` match the descriptions.
 *
 * @param {Element} parent
 * @param {...Children} children
 */
export function render(parent, ...children) {
  reconcile(parent, flatten(children));
}

/**
 * What `render` remembers of an element that it made.
 *
 * @typedef {object} Memory
 * @property {string} tag
 * @property {string | number | undefined} key
 * @property {Attributes} attributes
 * @property {Listeners | null} listeners
 */
/** @type {WeakMap<Node, Memory>} */
const memories = new WeakMap();

/** @param {Children[]} children @returns {Child[]} */
function flatten(children) {
  return /** @type {any[]} */ (children).flat(Infinity);
}

/** @param {Child} child @returns {child is null | undefined | boolean} */
function isNothing(child) {
  return child === null || child === undefined || typeof child === 'boolean';
}

/** @param {Element} parent @param {Child[]} wanted */
function reconcile(parent, wanted) {
  if (parent.firstChild === null) return void fill(parent, wanted);
  const pool = new Pool(parent);
  const nodes = wanted.map((child) => nodeFor(child, pool, parent));
  // Old nodes leave first: then those that stay are in their places already, and a node that does not move keeps its
  // focus.
  for (const node of pool.unused) node.remove();
  /** @type {ChildNode | null} */
  let place = parent.firstChild;
  for (const node of nodes) {
    if (node === place) place = node.nextSibling;
    else parent.insertBefore(node, place);
  }
}

/**
 * A new element has no nodes to keep, and most drawings are of new elements.
 *
 * @param {Element} parent
 * @param {Child[]} wanted
 */
function fill(parent, wanted) {
  for (const child of wanted) parent.appendChild(nodeFor(child, NO_POOL, parent));
}

/** @param {Child} child @param {Pick<Pool, 'take'>} pool @param {Element} parent @returns {ChildNode} */
function nodeFor(child, pool, parent) {
  // An empty comment holds the place of an absent child, so that its siblings keep their nodes.
  if (isNothing(child)) return pool.take('#comment') ?? document.createComment('');
  if (typeof child !== 'object') {
    const text = /** @type {Text} */ (pool.take('#text') ?? document.createTextNode(''));
    if (text.data !== String(child)) text.data = String(child);
    return text;
  }
  const element = /** @type {Element} */ (pool.take(child.tag, child.key) ?? create(child, parent));
  patch(element, child);
  return element;
}

/** The present children of a parent, from which a new list takes the nodes that it can use again. */
class Pool {
  /** @param {Element} parent */
  constructor(parent) {
    /** @type {Set<ChildNode>} */
    this.unused = new Set(parent.childNodes);
    /** @type {Map<string | number, ChildNode>} */
    this.keyed = new Map();
    for (const node of this.unused) {
      const key = memories.get(node)?.key;
      if (key !== undefined) this.keyed.set(key, node);
    }
  }

  /** @param {string} tag @param {string | number} [key] @returns {ChildNode | undefined} */
  take(tag, key) {
    const node = key === undefined ? this.#next(tag) : this.keyed.get(key);
    if (!node || !this.unused.has(node) || tagOf(node) !== tag) return undefined;
    this.unused.delete(node);
    return node;
  }

  /** @param {string} tag */
  #next(tag) {
    for (const node of this.unused) {
      if (tagOf(node) === tag && memories.get(node)?.key === undefined) return node;
    }
    return undefined;
  }
}

/** The pool of a parent without children. @type {Pick<Pool, 'take'>} */
const NO_POOL = { take: () => undefined };

/** @param {Node} node */
function tagOf(node) {
  return memories.get(node)?.tag ?? node.nodeName;
}

/** @param {Description} description @param {Element} parent */
function create(description, parent) {
  const { tag, key } = description;
  const isSvg = tag === 'svg' || (parent.namespaceURI === SVG && parent.localName !== 'foreignObject');
  const element = isSvg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  memories.set(element, { tag, key, attributes: {}, listeners: null });
  return element;
}

/** @param {Element} element @param {Description} description */
function patch(element, description) {
  const memory = /** @type {Memory} */ (memories.get(element));
  const before = memory.attributes;
  const after = description.attributes;
  memory.attributes = after;
  for (const name of Object.keys(before)) {
    if (!(name in after)) setOne(element, memory, name, undefined, before[name]);
  }
  // A component draws its own children, so its parent must leave them alone.
  const isComponent = description.tag.includes('-') && description.children.length === 0;
  if (!isComponent) reconcile(element, description.children);
  // A <select> takes its value only after its options are there, so attributes come after children.
  for (const [name, value] of Object.entries(after)) setOne(element, memory, name, value, before[name]);
}

/** @param {Element} element @param {Memory} memory @param {string} name @param {unknown} value @param {unknown} old */
function setOne(element, memory, name, value, old) {
  if (name.startsWith('.')) setProperty(element, name.slice(1), value);
  else if (name.startsWith('on')) setListener(element, memory, name.slice(2), value);
  else if (name === 'style') setStyles(/** @type {HTMLElement} */ (element), value ?? {}, old ?? {});
  else if (value !== old) setAttribute(element, name, value);
}

/** @param {Element} element @param {string} name @param {unknown} value */
function setProperty(element, name, value) {
  const target = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (element));
  if (/html|srcdoc/i.test(name) || ADDRESSES.has(name)) throw new TypeError(`property ${name} may not be rendered`);
  // Writing an equal value would move the caret of the field that a person is typing in.
  if (value !== undefined && target[name] !== value) target[name] = value;
}

/** @param {Element} element @param {string} name @param {unknown} value */
function setAttribute(element, name, value) {
  if (name === 'srcdoc') throw new TypeError('attribute srcdoc may not be rendered');
  if (value === undefined || value === null || value === false) return element.removeAttribute(name);
  const text = value === true ? '' : String(value);
  const isDrawing = name === 'src' && element.localName === 'img' && DRAWING.test(text);
  if (ADDRESSES.has(name) && !isDrawing && !SAFE_ADDRESS.test(text)) return element.removeAttribute(name);
  element.setAttribute(name, text);
}

/** @param {HTMLElement} element @param {object} styles @param {object} old */
function setStyles(element, styles, old) {
  for (const name of Object.keys(old)) if (!(name in styles)) element.style.removeProperty(name);
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, String(value));
}

/** @param {Element} element @param {Memory} memory @param {string} type @param {unknown} listener */
function setListener(element, memory, type, listener) {
  if (listener && typeof listener !== 'function') throw new TypeError(`on${type} takes a function`);
  memory.listeners ??= new Listeners();
  const { handlers } = memory.listeners;
  if (listener && !handlers.has(type)) element.addEventListener(type, memory.listeners);
  if (listener) handlers.set(type, /** @type {(event: Event) => void} */ (listener));
  else if (handlers.delete(type)) element.removeEventListener(type, memory.listeners);
}

/** All listeners of one element. A redraw replaces a function and leaves the registration alone. */
class Listeners {
  /** @type {Map<string, (event: Event) => void>} */
  handlers = new Map();

  /** @param {Event} event */
  handleEvent(event) {
    this.handlers.get(event.type)?.call(event.currentTarget, event);
  }
}
