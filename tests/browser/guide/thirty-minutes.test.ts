import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { lumen } from '../pages/pages.ts';
import { everybody } from '../world/kept.ts';
import { people } from '../world/people.ts';
import type { Sight } from '../world/sight.ts';
import { aWorld } from '../world/world.ts';

const docs = new URL('../../../../../../docs/', import.meta.url);
const guide = readFileSync(new URL('THIRTY-MINUTES.md', docs), 'utf8');
const folder = `${process.env.SCREENSHOTS ?? '../../target/screenshots'}/thirty-minutes`;

describe('the thirty minutes of docs/THIRTY-MINUTES.md', () => {
  const world = aWorld();
  const taken: string[] = [];

  /** A label that the guide tells to press. */
  const told = (label: string): string => {
    assert.ok(guide.includes(`**${label}**`), `the guide doesn't tell to press ${label}`);
    return label;
  };

  const picture = async (sight: Sight, name: string): Promise<void> => {
    await sight.page.screenshot({ path: `${folder}/${name}.png` });
    taken.push(name);
  };

  it('lead a manager from signing in to a change that was taken back', async () => {
    mkdirSync(folder, { recursive: true });
    const tagline = (): string =>
      world().sql(`SELECT configuration_value #>> '{}' FROM system_configurations WHERE configuration_key = 'branding.tagline' AND client_id = (${lumen})`);
    const before = tagline();

    const door = await world().window(undefined);
    await door.go('/sign-in');
    await door.field('E-mail').fill(people.manager.email);
    await door.field('Password').fill(everybody().manager.password);
    assert.equal(await door.button(told('Sign in')).count(), 1);
    await picture(door, '01-sign-in');

    const sight = await world().window('manager');
    await sight.go('/');
    await picture(sight, '02-dashboard');

    assert.equal(await sight.by('nav.sidebar').getByRole('link', { name: told('Clients') }).count(), 1);
    await sight.page.keyboard.press('Control+k');
    await sight.page.keyboard.type('lumen');
    await sight.by('dialog.palette a[href^="/clients/"]').first().waitFor();
    await picture(sight, '03-find');
    await sight.page.keyboard.press('ArrowDown');
    await sight.page.keyboard.press('Enter');
    await sight.page.waitForURL(new RegExp(`/clients/${world().sql(lumen)}$`));
    assert.equal(await sight.heading(), 'Marta Villanueva');
    await picture(sight, '04-client');

    const tab = (name: string) => sight.by('nav.tabs').getByRole('link', { name: told(name), exact: true });
    await tab('Configuration').click();
    await sight.by('a.key', { hasText: new RegExp(`^${told('tagline')}$`) }).click();
    await sight.by('#explanation .layers-item.has-won').waitFor();
    assert.equal(await sight.by('.layers-item').count(), 12);
    await picture(sight, '05-explanation');

    await sight.by('#explanation').getByRole('link', { name: told('Edit') }).click();
    await sight.field('Value').fill('Breathe in. Breathe out.');
    await sight.by('[name="reason"]').fill('Lumen Yoga called: a new slogan');
    await picture(sight, '06-edit');
    await sight.button(told('Preview the change')).click();
    await sight.page.waitForURL(/\/changes\/[0-9a-f-]{36}$/);
    assert.equal(tagline(), before, 'nothing has changed yet');
    await picture(sight, '07-preview');
    await sight.button(told('Apply')).click();
    await sight.by('.toast', { hasText: 'Applied' }).waitFor();
    assert.equal(tagline(), 'Breathe in. Breathe out.');
    await picture(sight, '08-applied');

    const configuration = `/clients/${world().sql(lumen)}/configuration`;
    await sight.go(`${configuration}?key=branding.tagline`);
    await sight.by('#explanation').getByRole('link', { name: told('History') }).first().click();
    await sight.by('.version').first().waitFor();
    await picture(sight, '09-history');
    await sight.by('.version').first().getByRole('link', { name: told('Change'), exact: true }).click();
    await sight.button(told('Revert…')).click();
    await sight.button('Apply').click();
    await sight.by('.toast', { hasText: 'Applied' }).waitFor();
    assert.equal(tagline(), before);
    await picture(sight, '10-reverted');

    await sight.go(`/clients/${world().sql(lumen)}`);
    for (const [place, name] of ['Deployments', 'Customizations', 'Analytics', 'Billing', 'Audit'].entries()) {
      await tab(name).click();
      await sight.page.waitForURL(new RegExp(`/${name.toLowerCase()}`));
      await picture(sight, `${11 + place}-${name.toLowerCase()}`);
    }
    await sight.isWhole();

    const shown = [...guide.matchAll(/\(pictures\/thirty-minutes\/(.+?)\.png\)/g)].map(([, name]) => name);
    assert.deepEqual(shown, taken, 'the guide shows the pictures that were taken, in this order');
    for (const name of taken) assert.ok(existsSync(new URL(`pictures/thirty-minutes/${name}.png`, docs)), `${name}.png is in docs/pictures/`);
    await world().closeWindows();
  });
});
