import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';

describe('template versions', () => {
  const world = aWorld();
  const newest = { template_version: '1.1.0', status: 'active', theme: 'modern' };
  const older = { template_version: '1.0.0', status: 'deprecated', theme: 'plain' };
  asEach('newest first', world, (db) =>
    db.from('template_configurations').select('template_version, status, theme:default_configuration->>theme').eq('template_id', 'storefront').order('created_at', { ascending: false }), {
    client: [newest], staff: [newest], manager: [newest], others: [newest, older],
  });
  const users = [{ template_version: '1.1.0', client_customizations: [{ version: 1 }, { version: 2 }] }];
  asEach('with the customizations that pin them', world, (db) =>
    db.from('template_configurations').select('template_version, client_customizations!inner(version)').eq('template_id', 'storefront')
      .order('version', { referencedTable: 'client_customizations' }), {
    client: users, staff: users, manager: users, others: users,
  });
  asEach('one taken out of use', world, (db) =>
    db.from('template_configurations').update({ status: 'archived' }).eq('template_id', 'storefront').eq('template_version', '1.0.0').select('status'), {
    client: forbidden, staff: forbidden, manager: forbidden, others: [{ status: 'archived' }],
  }, `UPDATE public.template_configurations SET status = 'deprecated' WHERE id = 'e1000000-0000-4000-8000-000000000000'`);
});
