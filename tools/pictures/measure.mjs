// Draws pages in a headless browser, measures what a person would stumble over, and takes pictures. A command a line
// on standard input: {page, width, into}; an answer a line: what is wrong, each with the card that it is in.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { chromium } = createRequire(process.env.E2E_MODULES + '/')('playwright-core');
const browser = await chromium.launch({ executablePath: process.env.E2E_BROWSER, args: ['--no-sandbox'] });

// A line may also break after a hyphen, a dash or a slash.
const inPage = () => {
  const wrong = [];
  const named = (node) => node.closest('[data-card]').dataset.card;
  for (const card of document.querySelectorAll('[data-card]')) {
    const edge = card.getBoundingClientRect().right + 1;
    for (const element of card.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      if (!box.width || !box.height) continue;
      const hides = ['hidden', 'clip', 'auto', 'scroll'].includes(getComputedStyle(element).overflowX);
      if (box.right > edge || (hides && element.scrollWidth > element.clientWidth + 1 && !element.matches('input, textarea, select')))
        wrong.push(`${named(element)}: wider than its card: ${element.innerText?.slice(0, 60) ?? element.tagName}`);
    }
    const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const hidden = !node.parentElement.checkVisibility();
      if (hidden || node.parentElement.closest('select, script, style')) continue;
      // An address may break anywhere.
      const text = node.data.replace(/\S*(?::\/\/|www\.|@)\S*/gu, (address) => ' '.repeat(address.length));
      for (const found of text.matchAll(/[^\s\u200b\-–—/.…·|]+/gu)) {
        const range = document.createRange();
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        const lines = new Set([...range.getClientRects()].filter((r) => r.width > 0).map((r) => Math.round(r.top)));
        if (lines.size > 1) wrong.push(`${named(node.parentElement)}: broken inside a word: ${found[0]}`);
      }
    }
  }
  return [...new Set(wrong)];
};

for await (const line of createInterface({ input: process.stdin })) {
  const { page: path, width, into } = JSON.parse(line);
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto('file://' + path);
  await page.waitForSelector('[data-card]', { state: 'attached' });
  const wrong = await page.evaluate(inPage);
  for (const card of into ? await page.locator('[data-card]').all() : [])
    await card.screenshot({ path: `${into}/${await card.getAttribute('data-card')}.png` });
  await page.close();
  process.stdout.write(JSON.stringify(wrong) + '\n');
}
await browser.close();
