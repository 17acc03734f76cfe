// Drives Microsoft's test client in a headless browser: a command a line on standard input, an answer a line on
// standard output. Everything a person would do, by what a person sees.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { chromium } = createRequire(process.env.E2E_MODULES + '/')('playwright-core');
const PATIENCE = 15000;

const browser = await chromium.launch({ executablePath: process.env.E2E_BROWSER, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
page.setDefaultTimeout(PATIENCE);

const cards = () => page.locator('.ac-adaptiveCard:not(.ac-adaptiveCard .ac-adaptiveCard)');
const last = () => cards().last();

// The box that holds an input, found by the input's label.
const field = async (label) => {
  const id = await last().locator('label', { hasText: label }).first().getAttribute('for');
  return id ? page.locator(`[id="${id}"]`) : last().getByLabel(label).first();
};

const does = {
  open: async ({ url }) => { await page.goto(url); await page.getByText('Personal Chat').first().waitFor(); },
  reload: async () => { await page.reload(); await page.getByText('Personal Chat').first().waitFor(); },
  go: async ({ place }) => { await page.getByText(place, { exact: true }).first().click(); await page.waitForTimeout(800); },
  // With `reply`, in the thread of the newest post of a channel.
  write: async ({ text, mention, reply, button }) => {
    const boxes = page.locator('[contenteditable=true]');
    const box = reply ? boxes.last() : boxes.first();
    await box.click();
    if (mention) {
      await page.keyboard.type('@' + mention.slice(0, 3), { delay: 40 });
      await page.locator('[role=listbox], [role=menu]').getByText(mention, { exact: true }).first().click();
    }
    await page.keyboard.type((mention ? ' ' : '') + text, { delay: 5 });
    if (button) await page.getByRole('button', { name: button, exact: true }).first().click();
    else await page.keyboard.press('Enter');
  },
  press: async ({ title }) => { await last().getByRole('button', { name: title, exact: true }).first().click(); },
  tick: async ({ option }) => { await last().getByText(option, { exact: true }).first().click(); },
  pick: async ({ label, option }) => {
    await (await field(label)).click();
    await page.getByRole('option', { name: option }).first().click();
  },
  fill: async ({ label, text }) => { const box = await field(label); await box.fill(text); await box.blur(); },
  wait: async ({ text, place }) => {
    const where = place === 'card' ? last() : page.locator('body');
    await where.getByText(text).first().waitFor();
  },
  text: async () => page.locator('body').innerText(),
  html: async () => last().evaluate((e) => e.outerHTML),
  picture: async ({ path, card }) => { await (card ? last() : page).screenshot({ path }); },
  size: async ({ width, height }) => { await page.setViewportSize({ width, height }); },
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { ok: true, value: (await does[asked.do](asked)) ?? null };
  } catch (error) {
    answer = { ok: false, value: String(error.message ?? error).split('\n').slice(0, 4).join(' | ') };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
await browser.close();
