/** Names of languages, both ways: a person types "Korean" or "한국어", the API takes `ko`. */
import { LANGUAGES } from '../../core/language.js';

/** Languages that are offered while typing. Any other tag may be typed. */
export const OFFERED = [
  'ko', 'en', 'ja', 'zh', 'es', 'fr', 'de', 'pt', 'it', 'ru',
  'vi', 'th', 'id', 'hi', 'ar', 'tr', 'nl', 'pl', 'sv', 'uk',
];

/** @type {Map<string, string> | null} */
let tags = null;

/** The tag of a language typed by its name in one of the page's languages, or in itself. @param {string} word */
export function tagOf(word) {
  tags ??= new Map(OFFERED.flatMap((tag) => [...Object.keys(LANGUAGES), tag].map((reader) => {
    const name = new Intl.DisplayNames(reader, { type: 'language' }).of(tag) ?? tag;
    return /** @type {[string, string]} */ ([name.toLowerCase(), tag]);
  })));
  return tags.get(word.toLowerCase()) ?? word;
}
