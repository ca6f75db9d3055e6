import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditReport } from './audit-report.ts';
import { html } from './html.ts';
import { CLEAN, SAMPLE, hostileReport } from './sample-report.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const title = CHROMIUM ? 'the page' : 'the page (skipped: no Chromium in /usr/bin)';

describe.skipIf(CHROMIUM === undefined)(title, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });

  /** Opens a report and notes every request and everything the browser complains about. */
  async function opened(report: AuditReport, width = 1280): Promise<{ page: Page; noted: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const noted: string[] = [];
    page.on('request', (request) => noted.push(`request ${request.url()}`));
    page.on('console', (message) => noted.push(`${message.type()} ${message.text()}`));
    page.on('pageerror', (error) => noted.push(`error ${error.message}`));
    page.on('dialog', (dialog) => {
      noted.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.setContent(html(report), { waitUntil: 'load' });
    return { page, noted };
  }

  it.each([
    ['a run', SAMPLE],
    ['a clean run', CLEAN],
    ['a run of a hostile project', hostileReport()],
  ])('makes no request, breaks no policy and throws nothing for %s', async (_, report) => {
    const { page, noted } = await opened(report);
    expect(noted).toEqual([]);
    expect(await page.locator('img, iframe, object, link, script[src]').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(report === CLEAN ? 0 : 1);
  });

  it('shows the project as text, and links only to references of rules', async () => {
    const { page } = await opened(hostileReport());
    expect(await page.locator('.finding >> text=<script>alert(1)</script>').count()).toBeGreaterThan(0);
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(new Set(links)).toEqual(new Set(['https://cheatsheetseries.owasp.org/']));
  });

  it('shows open findings at first; severities, states, categories and words filter', async () => {
    const { page } = await opened(SAMPLE);
    const visible = (): Promise<number> => page.locator('.finding:visible').count();
    expect(await visible()).toBe(7);
    await page.getByLabel('unsure').check();
    expect(await visible()).toBe(8);
    await page.getByLabel('ignored').check();
    expect(await visible()).toBe(10);
    await page.getByLabel('medium').uncheck();
    expect(await visible()).toBe(5);
    await page.getByLabel('Category', { exact: true }).selectOption('injection');
    expect(await visible()).toBe(3);
    await page.getByLabel('Search').fill('ORDERS.js');
    expect(await visible()).toBe(1);
    expect(await page.locator('#count').textContent()).toBe('1 of 10 shown');
    expect(await page.locator('.category:visible').count()).toBe(1);
  });

  it('marks what is flagged', async () => {
    const { page } = await opened(SAMPLE);
    const marks = await page.locator('.category mark').allTextContents();
    expect(marks).toContain("`SELECT * FROM orders WHERE customer = '${customer}'`");
    expect(marks).toContain("'…(21 characters)'");
  });

  it.each([1280, 390])('is no wider than a screen of %i', async (width) => {
    const { page } = await opened(SAMPLE, width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });

  it.each(['light', 'dark'] as const)('has text one can read on a %s screen', async (colorScheme) => {
    const { page } = await opened(SAMPLE);
    await page.emulateMedia({ colorScheme });
    const worst: number = await page.evaluate(LEAST_CONTRAST);
    expect(worst).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG contrast of every text with the nearest background behind it; the least of all. */
const LEAST_CONTRAST = `(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = numbers(color).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgroundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (numbers(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  let least = Infinity;
  for (const element of document.querySelectorAll('main *:not(option):not(svg):not(svg *), header *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!hasText || element.closest('[hidden]')) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
})()`;
