import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { Role } from '../world/people.ts';
import { aWorld } from '../world/world.ts';
import { filled, pages } from './pages.ts';

/** Opens every page as a role: what it may see is whole and accessible, what it may not is refused. A file for each role. */
export function everyPageAs(role: Role): void {
  const world = aWorld();

  it(`every page as ${role}`, async (t) => {
    const sight = await world().window(role);
    for (const { path, heading, row, ...page } of pages) {
      const may = page.roles.includes(role);
      const status = may ? 200 : page.absent?.includes(role) ? 404 : 403;
      await t.test(`${path} is ${may ? 'shown' : 'refused'}`, async () => {
        await sight.go(filled(path, (text) => world().sql(text)), status);
        await sight.isWhole();
        if (!may) return;
        assert.match(await sight.heading(), typeof heading === 'string' ? new RegExp(`^${heading}$`) : heading);
        const shown = (await sight.by(row).count()) + (await sight.by('.empty').count());
        assert.ok(shown > 0, 'neither a row nor what would fill the page');
        await sight.isAccessible();
      });
    }
    await world().closeWindows();
  });
}
