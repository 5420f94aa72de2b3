/** The types of `core/render.js`. */

/** One element, as `h` describes it. */
export interface Description {
  tag: string;
  attributes: Attributes;
  children: Child[];
  /** Names the element among its siblings, so that it keeps its node when the list changes. */
  key: string | number | undefined;
}

/** A string or a number becomes a text node. A boolean, null or undefined is nothing. */
export type Child = Description | string | number | boolean | null | undefined;

/** Nested arrays are flattened. */
export type Children = Child | Children[];

/**
 * - `key`: see `Description`.
 * - `onclick` and the like, with a function: a listener. `this` is the element.
 * - `.items` (with a dot): the property `items`, for components and for live form state (`.value`, `.checked`).
 * - `style`, with an object: styles and custom properties, one by one (`{ '--share': '0.4' }`).
 * - everything else is an attribute: `true` is present and empty; `false`, `null` and `undefined` are absent.
 */
export type Attributes = Record<string, unknown>;
