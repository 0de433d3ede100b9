import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';

import type { CDPSession, Page } from 'playwright-core';

import type { Sight } from '../world/sight.ts';
import { aWorld } from '../world/world.ts';
import { filled, lumen, open, pages } from './pages.ts';

/** A hundredth of what browsers' makers call good: nothing that an eye would see. */
const MOST = 0.001;

/** A line over which a page comes in pieces, which are drawn as they come. */
const SLOW = { offline: false, latency: 40, downloadThroughput: 60_000, uploadThroughput: 60_000 };

/** How far what is seen of a page has moved since it was opened, as browsers sum it up. */
interface Moved {
  moved: number;
  /** What it was, each with where it was and where it came. */
  what: string[];
  observer: PerformanceObserver;
}

/** One move, as browsers tell of it. */
type Shift = PerformanceEntry & {
  value: number;
  sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
};

/** Has a page note from its beginning on what moves in it. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noted = globalThis as unknown as Moved;
    noted.moved = 0;
    noted.what = [];
    const place = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join(' ');
    const add = (entries: PerformanceEntry[]) => {
      for (const entry of entries as Shift[]) {
        noted.moved += entry.value;
        for (const { node, previousRect, currentRect } of entry.sources) {
          const name = node instanceof Element ? `${node.tagName}.${node.className}` : (node?.textContent ?? 'something gone');
          noted.what.push(`${name} from ${place(previousRect)} to ${place(currentRect)}`);
        }
      }
    };
    noted.observer = new PerformanceObserver((list) => add(list.getEntries()));
    noted.observer.observe({ type: 'layout-shift', buffered: true });
    const take = noted.observer.takeRecords.bind(noted.observer);
    noted.observer.takeRecords = () => {
      add(take());
      return [];
    };
  });
}

/** How far and what has moved once everything is drawn. */
function moved(page: Page): Promise<{ sum: number; what: string[] }> {
  return page.evaluate(
    () =>
      new Promise<{ sum: number; what: string[] }>((done) => {
        const noted = globalThis as unknown as Moved;
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            noted.observer.takeRecords();
            done({ sum: noted.moved, what: noted.what });
          }),
        );
      }),
  );
}

describe('pages while they load', () => {
  const world = aWorld();
  const lines: Server[] = [];

  /** The address of a page that comes as it is told to; what it asks for comes from the console. */
  async function line(come: (answer: ServerResponse) => void): Promise<string> {
    const between = createServer((request, answer) => {
      if (request.url === '/begun') {
        come(answer.setHeader('content-type', 'text/html; charset=utf-8'));
        return;
      }
      void world()
        .fetch(undefined, request.url ?? '/')
        .then(async (asset) => answer.setHeader('content-type', asset.headers.get('content-type') ?? '').end(Buffer.from(await asset.arrayBuffer())));
    });
    lines.push(between);
    await new Promise<void>((done) => between.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(between.address() as AddressInfo).port}/begun`;
  }

  afterEach(() => {
    for (const between of lines.splice(0)) {
      between.closeAllConnections();
      between.close();
    }
  });

  /** A window that notes what moves, and how to change what its browser does. */
  async function watched(role: 'super_admin' | undefined, width: number): Promise<{ sight: Sight; devtools: CDPSession }> {
    const sight = await world().window(role, { width });
    await watch(sight.page);
    return { sight, devtools: await sight.page.context().newCDPSession(sight.page) };
  }

  /** Opens a page, and tells what moved there. */
  async function restless(sight: Sight, path: string, status = 200): Promise<string[]> {
    await sight.go(filled(path, (text) => world().sql(text)), status);
    const { sum, what } = await moved(sight.page);
    return sum > MOST ? [`${path}: ${sum} (${what.join(', ')})`] : [];
  }

  const seen = pages.filter((page) => page.roles.includes('super_admin'));

  /** Those whose rows come one after the other, or that have a field for the focus. */
  const growing = seen.filter(({ row }) => /\b(tr|li|input)\b/.test(row));

  for (const width of [1280, 390]) {
    it(`nothing moves at ${width} px, with nothing in the browser's cache`, async () => {
      const inside = await watched('super_admin', width);
      const outside = await watched(undefined, width);
      for (const { devtools } of [inside, outside]) await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
      const all = [...seen.map((page) => ({ ...page, ...inside, status: 200 })), ...open.map((page) => ({ status: 200, ...page, ...outside }))];
      const found: string[] = [];
      for (const { path, sight, status } of all) {
        found.push(...(await restless(sight, path, status)));
        const waits = await sight.page.evaluate(() => [...document.scripts].filter((script) => !script.defer || !script.src).length);
        assert.equal(waits, 0, `${path} waits for a script`);
      }
      assert.deepEqual(found, []);
      await world().closeWindows();
    });
  }

  it('nothing moves on a slow line, where pages are drawn while they come, and the field for the focus gets it', async () => {
    const at = async (width: number) => {
      const { sight, devtools } = await watched('super_admin', width);
      await sight.go('/people/me');
      await devtools.send('Network.emulateNetworkConditions', SLOW);
      const found: string[] = [];
      for (const { path } of growing) {
        found.push(...(await restless(sight, path)));
        const misses = await sight.page.evaluate(() => document.querySelector('[autofocus]:not(:focus)') !== null);
        assert.ok(!misses, `${path}: the focus isn't where it should be`);
      }
      return found;
    };
    assert.deepEqual(await Promise.all([1280, 390].map(at)), [[], []]);
    await world().closeWindows();
  });

  it('nothing moves at the first visit over a slow line', async () => {
    const at = async (width: number) => {
      const { sight, devtools } = await watched('super_admin', width);
      await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
      await devtools.send('Network.emulateNetworkConditions', SLOW);
      return [...(await restless(sight, '/clients')), ...(await restless(sight, '/audit'))];
    };
    assert.deepEqual(await Promise.all([1280, 390].map(at)), [[], []]);
    await world().closeWindows();
  });

  it('what came of a page whose end never comes is shown', async () => {
    const whole = await (await world().fetch('admin', '/clients')).text();
    const begun = whole.slice(0, whole.indexOf('</tbody>'));
    assert.ok(begun.length < whole.length);
    const url = await line((answer) => void answer.write(begun));
    const { page } = await world().window(undefined);
    await page.goto(url, { waitUntil: 'commit' });
    // Without its style sheets nothing would be hidden yet.
    await page.waitForFunction(() => document.querySelector('table.list')?.closest('main > *')?.getAnimations().length === 1);
    await page.locator('table.list tbody tr').first().waitFor();
    assert.equal(await page.evaluate(() => document.readyState), 'loading');
    await world().closeWindows();
  });

  for (const width of [1280, 390]) {
    it(`nothing moves at ${width} px where people come in, when the rest of the page comes`, async () => {
      const whole = await (await world().fetch(undefined, '/sign-in')).text();
      const cut = whole.indexOf('<form');
      assert.ok(cut > 0);
      let rest: (() => void) | undefined;
      const url = await line((answer) => {
        answer.write(whole.slice(0, cut));
        rest = () => void answer.end(whole.slice(cut));
      });
      const { sight } = await watched(undefined, width);
      await sight.page.goto(url, { waitUntil: 'commit' });
      await sight.page.waitForFunction(() => {
        const heading = document.querySelector('h1');
        return heading !== null && getComputedStyle(document.body).display === 'grid';
      });
      await moved(sight.page);
      rest?.();
      await sight.page.locator('form button').first().waitFor();
      const { sum, what } = await moved(sight.page);
      assert.ok(sum <= MOST, `${sum} (${what.join(', ')})`);
      await world().closeWindows();
    });
  }

  it('what moves is noticed', async () => {
    const { page } = await world().window('super_admin');
    await watch(page);
    await page.goto('/clients');
    assert.equal((await moved(page)).sum, 0);
    await page.evaluate(() => {
      const late = document.createElement('div');
      late.textContent = 'A banner that came late';
      late.className = 'card card-body';
      document.querySelector('main')?.prepend(late);
    });
    assert.ok((await moved(page)).sum > MOST);
    await world().closeWindows();
  });

  it('forms and links work while scripts are still on their way', async () => {
    const sight = await world().window('admin');
    const { page } = sight;
    const asked: string[] = [];
    // They are never answered.
    await page.route(/\/assets\/.*\.js/, (route) => void asked.push(route.request().url()));
    const client = world().sql(lumen);
    await page.goto(`/clients/${client}`, { waitUntil: 'commit' });
    await sight.link('Edit').click({ noWaitAfter: true });
    await page.waitForURL(`**/clients/${client}/edit`, { waitUntil: 'commit' });
    await sight.field('Telephone').fill('+44 20 7946 0777');
    assert.equal(await page.evaluate(() => document.readyState), 'interactive');
    await sight.button('Save').click({ noWaitAfter: true });
    await page.waitForURL(`**/clients/${client}`, { waitUntil: 'commit' });
    await sight.by('.toast', { hasText: 'saved' }).waitFor();
    assert.equal(world().sql(`SELECT phone FROM clients_enhanced WHERE id = '${client}'`), '+44 20 7946 0777');
    assert.ok(asked.length >= 3, `${asked.length} scripts were asked for`);
    await world().closeWindows();
  });
});
