/** The renderer in a real document, under the security policy of the page. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectNoComplaints, launch, open, quit } from '../harness.mjs';

let page;
before(async () => {
  await launch();
  page = await open('#/register');
});
after(quit);

const HOSTILE = [
  '<img src=x onerror="globalThis.pwned = true">',
  '<script>globalThis.pwned = true</script>',
  '"><svg onload=globalThis.pwned=true>',
  '&lt;b&gt;&amp;',
  '{{constructor.constructor("globalThis.pwned=true")()}}',
  '\u202Etxet \u0000 \uD800',
];

/** Runs a function in the page with the renderer and an empty element. */
function inPage(body, argument) {
  return page.evaluate(`(async () => {
    const { h, render } = await import('/web/core/render.js');
    const host = document.createElement('div');
    document.body.append(host);
    try { return await (${body})({ h, render, host, argument: ${JSON.stringify(argument ?? null)} }); }
    finally { host.remove(); }
  })()`);
}

for (const text of HOSTILE) {
  test(`data is text, as a child and as an attribute: ${JSON.stringify(text)}`, async () => {
    const seen = await inPage(({ h, render, host, argument }) => {
      render(host, h('p', { title: argument, 'aria-label': argument }, argument));
      const paragraph = host.firstElementChild;
      return { text: paragraph.textContent, title: paragraph.title, elements: host.querySelectorAll('*').length };
    }, text);
    assert.deepEqual(seen, { text, title: text, elements: 1 });
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  });
}

test('addresses that run code are left out', async () => {
  const addresses = [
    'javascript:alert(1)', ' javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x',
    '//evil.example',
  ];
  const kept = await inPage(({ h, render, host, argument }) => {
    render(host, argument.map((href) => h('a', { href }, 'x')));
    return [...host.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'));
  }, addresses);
  assert.deepEqual(kept, []);
});

test('elements and properties that parse or run code are refused', async () => {
  const refused = await inPage(({ h, render, host }) => {
    const attempts = [
      () => h('script', null, 'x'),
      () => h('IFRAME', null),
      () => render(host, h('iframe-x', { srcdoc: 'x' })),
      () => render(host, h('p', { ['.inner' + 'HTML']: 'x' })),
      () => render(host, h('a', { '.href': 'javascript:x' })),
      () => render(host, h('p', { onclick: 'alert(1)' })),
    ];
    return attempts.map((attempt) => { try { attempt(); return 'accepted'; } catch (error) { return error.name; } });
  });
  assert.deepEqual(refused, Array(6).fill('TypeError'));
});

test('a drawing in the text is an image, and never a document', async () => {
  const drawing = 'data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E';
  const shown = await inPage(({ h, render, host, argument }) => {
    render(host, h('img', { src: argument, alt: '' }), h('a', { href: argument }, 'x'), h('video', { src: argument }));
    return [...host.children].map((one) => [one.localName, one.hasAttribute('src') || one.hasAttribute('href')]);
  }, drawing);
  assert.deepEqual(shown, [['img', true], ['a', false], ['video', false]]);
});

test('a redraw keeps nodes, focus, caret and what is typed', async () => {
  const seen = await inPage(({ h, render, host }) => {
    const draw = (value, extra) => render(host,
      extra && h('p', null, 'new'), h('input', { '.value': value }), h('b', null, value));
    draw('abc', false);
    const input = host.querySelector('input');
    input.focus();
    input.setSelectionRange(1, 1);
    draw('abc', true);
    const same = input === host.querySelector('input');
    return { same, focused: document.activeElement === input, caret: input.selectionStart };
  });
  assert.deepEqual(seen, { same: true, focused: true, caret: 1 });
});

test('keyed items keep their nodes when the order changes', async () => {
  const kept = await inPage(({ h, render, host }) => {
    const draw = (keys) => render(host, h('ul', null, keys.map((key) => h('li', { key }, key))));
    draw(['a', 'b', 'c']);
    const nodes = new Map([...host.querySelectorAll('li')].map((node) => [node.textContent, node]));
    draw(['c', 'x', 'a']);
    const now = [...host.querySelectorAll('li')];
    const order = now.map((node) => node.textContent).join('');
    return [order, now[0] === nodes.get('c'), now[2] === nodes.get('a'), nodes.get('b').isConnected];
  });
  assert.deepEqual(kept, ['cxa', true, true, false]);
});

test('listeners are replaced and removed, and attributes come and go', async () => {
  const calls = await inPage(({ h, render, host }) => {
    const seen = [];
    const draw = (onclick, hidden) => render(host, h('button', { onclick, hidden, 'data-x': hidden ? null : 1 }));
    draw(() => seen.push('one'), false);
    const button = host.querySelector('button');
    button.click();
    draw(() => seen.push('two'), true);
    button.click();
    draw(null, false);
    button.click();
    return [...seen, button.hidden, button.dataset.x];
  });
  assert.deepEqual(calls, ['one', 'two', false, '1']);
});

test('pictures are drawn in the namespace of SVG', async () => {
  const namespaces = await inPage(({ h, render, host }) => {
    render(host, h('svg', { viewBox: '0 0 1 1' }, h('path', { d: 'M0 0' })));
    return [...host.querySelectorAll('*')].map((node) => node.namespaceURI);
  });
  assert.deepEqual(namespaces, Array(2).fill('http://www.w3.org/2000/svg'));
});

test('nothing of this breaks the policy', () => expectNoComplaints(page));
