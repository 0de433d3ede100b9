import { it } from 'node:test';

import { aWorld } from '../world/world.ts';
import { filled, open, pages } from './pages.ts';

const folder = process.env.SCREENSHOTS ?? 'target/screenshots';

/** Looks at every page in a theme and at a width, keeps a picture of each, and has axe look. */
export function pictures(theme: 'light' | 'dark', width: number): void {
  const world = aWorld();
  it(`${theme}, ${width} px: fits, and axe finds nothing`, async () => {
    const inside = await world().window('super_admin', { theme, width });
    const outside = await world().window(undefined, { theme, width });
    const all = [
      ...pages.filter((page) => page.roles.includes('super_admin')).map((page) => ({ ...page, sight: inside, status: 200 })),
      ...open.map((page) => ({ status: 200, ...page, sight: outside })),
    ];
    for (const { path, name, sight, status } of all) {
      await sight.go(filled(path, (text) => world().sql(text)), status);
      await sight.picture(`${folder}/${name}-${theme}-${width}.png`);
      await sight.fits();
      await sight.isAccessible();
      sight.isQuiet();
    }
    await world().closeWindows();
  });
}

/** That nothing sticks out of any page at these widths. */
export function fits(widths: readonly number[]): void {
  const world = aWorld();
  for (const width of widths) {
    it(`nothing sticks out at ${width} px`, async () => {
      const sight = await world().window('super_admin', { width });
      for (const { path } of pages.filter((page) => page.roles.includes('super_admin'))) {
        await sight.go(filled(path, (text) => world().sql(text)));
        await sight.fits();
      }
      await world().closeWindows();
    });
  }
}
