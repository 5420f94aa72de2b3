/**
 * A new key: 26 characters of 130 random bits. `crypto.randomUUID` would refuse to work on plain HTTP.
 *
 * @returns {string}
 */
export function randomKey() {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), (byte) => alphabet[byte & 31]).join('');
}
