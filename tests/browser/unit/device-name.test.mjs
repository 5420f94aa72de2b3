/** A device is called by its browser and its system. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceName } from '../../../web/views/security/device-name.js';

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const WINDOWS = 'Windows NT 10.0; Win64; x64';
const IPHONE = 'iPhone; CPU iPhone OS 19_0 like Mac OS X';
const ANDROID = 'Linux; Android 16; SM-S931N';

const DEVICES = [
  ['Chrome, Windows', `Mozilla/5.0 (${WINDOWS}) ${BLINK} Chrome/140.0.0.0 Safari/537.36`],
  ['Edge, Windows', `Mozilla/5.0 (${WINDOWS}) ${BLINK} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`],
  ['Whale, Windows', `Mozilla/5.0 (${WINDOWS}) ${BLINK} Chrome/138.0.0.0 Whale/4.33.325.17 Safari/537.36`],
  ['Safari, iPhone', `Mozilla/5.0 (${IPHONE}) ${WEBKIT} Version/19.0 Mobile/15E148 Safari/604.1`],
  ['Chrome, iPhone', `Mozilla/5.0 (${IPHONE}) ${WEBKIT} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`],
  ['Safari, macOS', `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/19.0 Safari/605.1.15`],
  ['Samsung Internet, Android', `Mozilla/5.0 (${ANDROID}) ${BLINK} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile`],
  ['KakaoTalk, Android', `Mozilla/5.0 (${ANDROID}; wv) ${BLINK} Version/4.0 Chrome/140.0.0.0;KAKAOTALK 2511500`],
  ['Firefox, Linux', 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0'],
  ['curl', 'curl/8.14.1'],
  ['', 'Something that nobody knows'],
  ['', ''],
];

for (const [name, userAgent] of DEVICES) {
  test(`${name || 'no name'}: ${userAgent}`, () => assert.equal(deviceName(userAgent), name));
}
