/** Small pictures, drawn with the colour of the text around them. They are decoration: the text says it all. */
import { h } from '../core/render.js';

/** The strokes of each picture, in a square of 24. */
const PATHS = {
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  next: 'M9.5 5.5 16 12l-6.5 6.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.8-3.7 3.8-5.5 7.5-5.5s6.7 1.8 7.5 5.5',
  people: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.6-3.3 3.2-5 6.5-5s5.9 1.7 6.5 5M15.5 4.7a3.5 3.5 0 0 1 0 6.6M18 14.8c1.9.8 3.1 2.4 3.5 4.7',
  project: 'M4 8.5A1.5 1.5 0 0 1 5.5 7h13A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-9ZM9 7V5.5A1.5 1.5 0 0 1 10.5 4h3A1.5 1.5 0 0 1 15 5.5V7M4 12.5h16',
  star: 'm12 4 2.4 5 5.5.7-4 3.8 1 5.4L12 16.2l-4.9 2.7 1-5.4-4-3.8 5.5-.7L12 4Z',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2',
  money: 'M3 6.5h18v11H3v-11ZM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM6.5 12h.01M17.5 12h.01',
  globe: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c2.3 2.3 3.5 5.2 3.5 8.5s-1.2 6.2-3.5 8.5c-2.3-2.3-3.5-5.2-3.5-8.5S9.7 5.8 12 3.5Z',
  place: 'M12 21c4.3-4.2 6.5-7.5 6.5-10.5a6.5 6.5 0 0 0-13 0C5.5 13.5 7.7 16.8 12 21ZM12 12.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z',
  calendar: 'M5 6.5h14a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1ZM4 10.5h16M8 4v4M16 4v4',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  warning: 'M12 4.5 21 19.5H3L12 4.5ZM12 10v4.5M12 17h.01',
  offline: 'M4 4l16 16M8.5 14.5a5 5 0 0 1 5-1.3M5 11a10 10 0 0 1 4.2-2.6M13.5 8.1A10 10 0 0 1 19 11M12 18.5h.01',
  letter: 'M3.5 6h17v12h-17V6ZM3.5 7l8.5 6.5L20.5 7',
  lock: 'M6 10.5h12v9H6v-9ZM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5M12 14v2',
  empty: 'M4 13.5 6.5 6h11l2.5 7.5v5h-16v-5ZM4 13.5h4.5l1 2h5l1-2H20',
  edit: 'M5 19h3.5L19 8.5 15.5 5 5 15.5V19ZM13 7.5l3.5 3.5',
  plus: 'M12 5v14M5 12h14',
  chart: 'M5 19V11M12 19V5M19 19v-6',
  spark: 'M12 4v4M12 16v4M4 12h4M16 12h4M6.5 6.5l2.5 2.5M15 15l2.5 2.5M17.5 6.5 15 9M9 15l-2.5 2.5',
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export function icon(name) {
  return h('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    h('path', { d: PATHS[name] }));
}
