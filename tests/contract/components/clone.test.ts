import { describe } from 'node:test';

import { given } from '../world/answers.ts';
import { asEach, aWorld, forbidden } from '../world/each.ts';
import { alder, birch } from '../world/people.ts';
import type { Client } from '../world/world.ts';

describe('clone', () => {
  const world = aWorld();
  const content = 'template_id, template_version, customization_config, branding_config, feature_config' as const;

  /** What a component does: read the row, leave out what makes it that row, insert it for another client. */
  async function clone(db: Client, to: string) {
    const service = await world().as('service');
    const original = given(await service.from('client_customizations').select(content).eq('id', 'c1000000-0000-4000-8000-000000000000').single());
    return db.from('client_customizations').insert({ ...original, client_id: to }).select('status, version, is_active, customization_config').single();
  }

  const cloned = (version: number) => ({ status: 'draft', version, is_active: false, customization_config: { title: 'Alder' } });
  asEach('for the same client', world, (db) => clone(db, alder), {
    client: forbidden, staff: forbidden, manager: cloned(3), others: cloned(3),
  }, `DELETE FROM public.client_customizations WHERE client_id = '${alder}' AND version > 2`);
  asEach('for another one', world, (db) => clone(db, birch), {
    client: forbidden, staff: forbidden, manager: cloned(2), others: cloned(2),
  }, `DELETE FROM public.client_customizations WHERE client_id = '${birch}' AND template_id = 'storefront' AND version > 1`);
});
