import { describe, it } from 'node:test';

import { aWorld } from '../world/world.ts';
import { lumen, open, pages } from './pages.ts';

describe('every page as a picture', () => {
  const world = aWorld();
  const folder = process.env.SCREENSHOTS ?? 'target/screenshots';

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      it(`${theme}, ${width} px: fits, and axe finds nothing`, async () => {
        const client = world().sql(lumen);
        const inside = await world().window('super_admin', { theme, width });
        const outside = await world().window(undefined, { theme, width });
        const all = [
          ...pages.filter((page) => page.roles.includes('super_admin')).map((page) => ({ ...page, sight: inside, status: 200 })),
          ...open.map((page) => ({ status: 200, ...page, sight: outside })),
        ];
        for (const { path, name, sight, status } of all) {
          await sight.go(path.replace('{client}', client), status);
          await sight.page.screenshot({ path: `${folder}/${name}-${theme}-${width}.png`, fullPage: true });
          await sight.fits();
          await sight.isAccessible();
          sight.isQuiet();
        }
        await world().closeWindows();
      });
    }
  }

  for (const width of [360, 2560]) {
    it(`nothing sticks out at ${width} px`, async () => {
      const sight = await world().window('super_admin', { width });
      for (const { path } of pages.filter((page) => page.roles.includes('super_admin'))) {
        await sight.go(path.replace('{client}', world().sql(lumen)));
        await sight.fits();
      }
      await world().closeWindows();
    });
  }
});
