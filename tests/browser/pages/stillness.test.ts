import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Page } from 'playwright-core';

import { aWorld } from '../world/world.ts';
import { filled, lumen, open, pages } from './pages.ts';

/**
 * A tenth of what browsers' makers call good. Of some 900 openings one moved at all, by 0.004 on a busy machine,
 * because a long table was drawn while its last rows were still coming.
 */
const MOST = 0.01;

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

  for (const width of [1280, 390]) {
    it(`nothing moves at ${width} px, with nothing in the browser's cache`, async () => {
      const inside = await world().window('super_admin', { width });
      const outside = await world().window(undefined, { width });
      for (const { page } of [inside, outside]) {
        await watch(page);
        const devtools = await page.context().newCDPSession(page);
        await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
      }
      const all = [
        ...pages.filter((page) => page.roles.includes('super_admin')).map((page) => ({ ...page, sight: inside, status: 200 })),
        ...open.map((page) => ({ status: 200, ...page, sight: outside })),
      ];
      const restless: string[] = [];
      for (const { path, sight, status } of all) {
        await sight.go(filled(path, (text) => world().sql(text)), status);
        const { sum, what } = await moved(sight.page);
        if (sum > MOST) restless.push(`${path}: ${sum} (${what.join(', ')})`);
        const waits = await sight.page.evaluate(() => [...document.scripts].filter((script) => !script.defer || !script.src).length);
        assert.equal(waits, 0, `${path} waits for a script`);
      }
      assert.deepEqual(restless, []);
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
