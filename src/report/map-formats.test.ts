import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapHtml, mapHuman, mapJson, mapMarkdown } from './map-formats.ts';
import type { MapProtection, MapReport, ProtectionName } from './map-report.ts';
import { PROTECTIONS } from './map-report.ts';
import { paintOf } from './paint.ts';
import { HOSTILE_TEXT } from './sample-report.ts';

const protections = (
  given: Partial<Record<ProtectionName, MapProtection>>,
): Readonly<Record<ProtectionName, MapProtection>> =>
  Object.fromEntries(PROTECTIONS.map((name) => [name, given[name] ?? 'absent'])) as Record<
    ProtectionName,
    MapProtection
  >;

const SHOP: MapReport = {
  entries: [
    {
      path: 'src/server.js',
      role: 'service',
      evidence: 'The image of Dockerfile runs src/server.js',
      confidence: 'certain',
      listensAt: 'src/server.js:12',
      modules: 9,
    },
  ],
  apps: [
    {
      framework: 'express',
      major: 5,
      at: 'src/app.js:4',
      serving: 'yes',
      links: [
        { name: 'helmet()', at: 'src/app.js:6', does: ['headers'], scope: '/', condition: 'always' },
        { name: 'limit', at: 'src/app.js:7', does: ['limiter'], scope: '/api', condition: 'production' },
        { name: 'secret', at: 'src/app.js:8', does: ['unknown'], condition: 'always' },
      ],
      routes: [
        {
          method: 'GET',
          path: '/api/orders',
          at: 'src/orders.js:3',
          protections: protections({ headers: 'present', auth: 'conditional', limiter: 'unknown' }),
          chain: ['helmet()', 'limit', 'secret', 'list'],
        },
        { method: 'POST', path: '?', at: 'src/orders.js:9', protections: protections({}), chain: ['add'] },
      ],
    },
    { framework: 'http', at: 'src/metrics.js:7', serving: 'unknown', links: [], routes: [] },
  ],
  gaps: [{ message: 'secret cannot be looked into.', at: 'src/app.js:8' }, { message: 'Something else.' }],
};

const HOSTILE: MapReport = {
  entries: SHOP.entries.map((entry) => ({
    ...entry,
    path: HOSTILE_TEXT,
    role: HOSTILE_TEXT,
    evidence: HOSTILE_TEXT,
    listensAt: HOSTILE_TEXT,
  })),
  apps: SHOP.apps.map((app) => ({
    ...app,
    framework: HOSTILE_TEXT,
    at: HOSTILE_TEXT,
    links: app.links.map((link) => ({
      ...link,
      name: HOSTILE_TEXT,
      at: HOSTILE_TEXT,
      does: [HOSTILE_TEXT],
      scope: HOSTILE_TEXT,
    })),
    routes: app.routes.map((route) => ({
      ...route,
      method: HOSTILE_TEXT,
      path: HOSTILE_TEXT,
      at: HOSTILE_TEXT,
      chain: [HOSTILE_TEXT],
    })),
  })),
  gaps: [{ message: HOSTILE_TEXT, at: HOSTILE_TEXT }],
};

const plain = (report: MapReport): string => mapHuman(report, paintOf(false));

describe.each(Object.entries({ human: plain, json: mapJson, markdown: mapMarkdown, html: mapHtml }))(
  '%s',
  (_, render) => {
    it('prints no character that does something', () => {
      for (const report of [SHOP, HOSTILE, { entries: [], apps: [], gaps: [] }]) {
        const text = render(report).replaceAll(/(?<=[@#])\u200B/g, '');
        expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(text).toMatch(/[^\n]\n$/);
      }
    });
  },
);

describe('for a terminal', () => {
  it('says what is started, what requests meet, what protects each route and what was not seen', () => {
    const lines = plain(SHOP).split('\n');
    expect(lines).toContain('  service  src/server.js, listens at src/server.js:12');
    expect(lines).toContain('express 5 src/app.js:4');
    expect(lines).toContain('    limit → limiter below /api, production only src/app.js:7');
    expect(lines.find((line) => line.includes('GET    /api/orders'))?.split(/\s{2,}/)).toEqual([
      '',
      'GET',
      '/api/orders',
      'yes',
      '(yes)',
      '–',
      '?',
      '–',
      '–',
      '–',
      '–',
    ]);
    expect(lines).toContain('  secret cannot be looked into. src/app.js:8');
  });

  it('says so where nothing is started', () => {
    expect(plain({ entries: [], apps: [], gaps: [] })).toBe('What is started\n  Nothing that can be seen.\n');
  });
});

describe('for programs', () => {
  it('is the report itself, with the name of its form', () => {
    expect(JSON.parse(mapJson(SHOP))).toEqual({ schema: 'seaworthy/map/1', ...SHOP });
  });
});

describe('for a pull request', () => {
  const cells = (line: string): number => line.replaceAll(/`[^`]*`/g, 'x').split(/(?<!\\)\|/).length;

  it('has a table of routes and a picture of the order', () => {
    const lines = mapMarkdown(SHOP).split('\n');
    expect(lines).toContain('| `GET /api/orders` | yes | (yes) | – | ? | – | – | – | – |');
    expect(lines).toContain('  m1["limit<br/>limiter"]');
    expect(lines.filter((line) => line.includes('-->'))).toEqual([
      '  request --> m0',
      '  m0 --> m1',
      '  m1 --> m2',
      '  m2 --> routes',
      '  request --> routes',
    ]);
  });

  it('keeps names of the project out of the syntax of the picture and of the table', () => {
    const lines = mapMarkdown(HOSTILE).split('\n');
    const nodes = lines.filter((line) => /^ {2}m\d\[/.test(line));
    expect(nodes).toHaveLength(3);
    for (const node of nodes) expect(node).toMatch(/^ {2}m\d\["[\w ./:*@-]+<br\/>[\w ./:*@-]+"\]$/);
    expect(lines.filter((line) => line === '```mermaid')).toHaveLength(2);
    expect(lines.filter((line) => line === '```')).toHaveLength(2);
    const routes = lines.filter((line) => line.startsWith('| `'));
    expect(routes).toHaveLength(2);
    for (const row of routes) expect(cells(row)).toBe(PROTECTIONS.length + 3);
  });

  it('draws no more than a picture can hold', () => {
    const [app] = SHOP.apps;
    const [link] = app?.links ?? [];
    if (!app || !link) throw new Error('The sample has a link.');
    const many = { ...SHOP, apps: [{ ...app, links: Array.from({ length: 500 }, () => link) }] };
    expect(
      mapMarkdown(many)
        .split('\n')
        .filter((line) => /^ {2}m\d+\[/.test(line)),
    ).toHaveLength(40);
  });
});

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

describe.skipIf(CHROMIUM === undefined)(CHROMIUM ? 'the page' : 'the page (skipped: no Chromium in /usr/bin)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });

  async function opened(report: MapReport, width = 1280): Promise<{ page: Page; noted: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const noted: string[] = [];
    page.on('request', (request) => noted.push(`request ${request.url()}`));
    page.on('console', (message) => noted.push(`${message.type()} ${message.text()}`));
    page.on('pageerror', (error) => noted.push(`error ${error.message}`));
    page.on('dialog', (dialog) => {
      noted.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.setContent(mapHtml(report), { waitUntil: 'load' });
    return { page, noted };
  }

  it.each([
    ['a project', SHOP],
    ['a hostile project', HOSTILE],
  ])('runs nothing, loads nothing and breaks no policy for %s', async (_, report) => {
    const { page, noted } = await opened(report);
    expect(noted).toEqual([]);
    expect(await page.locator('script, img, iframe, object, link, a').count()).toBe(0);
    expect(await page.locator('section').count()).toBe(2);
  });

  it('shows what protects a route, and the way to it when asked', async () => {
    const { page } = await opened(SHOP);
    const row = page.locator('tr', { hasText: 'GET /api/orders' });
    expect(await row.locator('td > span').allTextContents()).toEqual(['yes', '(yes)', '–', '?', '–', '–', '–', '–']);
    expect(await row.locator('li').first().isVisible()).toBe(false);
    await row.locator('summary').click();
    expect(await row.locator('li:visible').allTextContents()).toEqual(['helmet()', 'limit', 'secret', 'list']);
  });

  it('fits a phone: only tables scroll, and no word is broken', async () => {
    const { page } = await opened(SHOP, 390);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const heights = await page
      .locator('th')
      .evaluateAll((all) => all.map((cell) => cell.getBoundingClientRect().height));
    for (const height of heights) expect(height).toBeLessThan(48);
  });
});
