// Drives Microsoft's test client in a headless browser: a command a line on standard input, an answer a line on
// standard output. Everything a person would do, by what a person sees.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { chromium } = createRequire(process.env.E2E_MODULES + '/')('playwright-core');
const PATIENCE = 60000;

const browser = await chromium.launch({ executablePath: process.env.E2E_BROWSER, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
page.setDefaultTimeout(PATIENCE);

// Outermost cards; `within` is a text that the card holds. Of several the newest: last in a chat, first in a channel.
const card = ({ within }) => {
  const all = page.locator('.ac-adaptiveCard:not(.ac-adaptiveCard .ac-adaptiveCard)');
  return within ? all.filter({ hasText: within }).first() : all.last();
};

// The box of an input, found by the input's label.
const field = async (asked) => {
  const id = await card(asked).locator('label', { hasText: asked.label }).first().getAttribute('for');
  return id ? page.locator(`[id="${id}"]`) : card(asked).getByLabel(asked.label).first();
};

const does = {
  open: async ({ url }) => {
    await page.goto(url);
    await page.getByText('Personal Chat').first().waitFor();
  },
  go: async ({ place }) => {
    await page.getByText(place, { exact: true }).first().click();
    await page.getByText(place).nth(1).waitFor({ timeout: 2000 }).catch(() => {});
  },
  // In a channel `button` posts it; in a chat the return key does.
  write: async ({ text, mention, button }) => {
    const box = page.locator('[contenteditable=true]').first();
    await box.click();
    if (mention) {
      await page.keyboard.type('@' + mention.slice(0, 3), { delay: 40 });
      await page.locator('[role=listbox], [role=menu]').getByText(mention, { exact: true }).first().click();
    }
    await page.keyboard.type((mention ? ' ' : '') + text, { delay: 5 });
    if (button) await page.getByRole('button', { name: button, exact: true }).first().click();
    else await page.keyboard.press('Enter');
  },
  press: async (asked) => card(asked).getByRole('button', { name: asked.title, exact: true }).first().click(),
  tick: async (asked) => card(asked).getByText(asked.option, { exact: true }).first().click(),
  pick: async (asked) => {
    await (await field(asked)).click();
    await page.getByRole('option', { name: asked.option }).first().click();
  },
  fill: async (asked) => {
    const box = await field(asked);
    await box.fill(asked.text);
    await box.blur();
  },
  today: async (asked) => {
    await (await field(asked)).click();
    await page.locator('[aria-current="date"]').first().click();
  },
  // All that stands in the same post as a card.
  post: async (asked) => card(asked).evaluate((e) => {
    while (e.parentElement && !e.querySelector('[contenteditable=true]')) e = e.parentElement;
    return e.innerText;
  }),
  wait: async ({ text }) => page.getByText(text).first().waitFor(),
  text: async (asked) => card(asked).innerText(),
  buttons: async (asked) => card(asked).getByRole('button').allInnerTexts(),
  html: async (asked) => card(asked).evaluate((e) => e.outerHTML),
  picture: async (asked) => { await (asked.within ? card(asked) : page).screenshot({ path: asked.path }); },
  size: async ({ width, height }) => page.setViewportSize({ width, height }),
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
