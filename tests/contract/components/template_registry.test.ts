import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';

describe('template registry', () => {
  const world = aWorld();
  const active = [{ template_id: 'booking', template_version: '2.0.0' }, { template_id: 'storefront', template_version: '1.1.0' }];
  const all = [
    { template_id: 'booking', template_version: '2.0.0' }, { template_id: 'portal', template_version: '0.9.0' },
    { template_id: 'storefront', template_version: '1.0.0' }, { template_id: 'storefront', template_version: '1.1.0' },
  ];
  asEach('everything', world, (db) => db.from('template_configurations').select('template_id, template_version').order('template_id').order('template_version'), {
    client: active, staff: active, manager: active, others: all,
  });
  asEach('with a tag', world, (db) => db.from('template_configurations').select('template_version').overlaps('tags', ['payments', 'members']), {
    client: [{ template_version: '1.1.0' }], staff: [{ template_version: '1.1.0' }], manager: [{ template_version: '1.1.0' }], others: [{ template_version: '1.1.0' }],
  });
  asEach('a new one', world, (db, role) =>
    db.from('template_configurations').insert({ template_id: `of-${role}`, template_version: '1.0.0', template_name: 'New', status: 'draft', usage_count: 99 })
      .select('status, usage_count').single(), {
    client: forbidden, staff: forbidden, manager: forbidden, others: { status: 'draft', usage_count: 0 },
  });
  asEach('the schema of one that is published', world, (db) =>
    db.from('template_configurations').update({ configuration_schema: { type: 'array' } }).eq('template_id', 'booking'), {
    client: forbidden, staff: forbidden, manager: forbidden, others: refusal(422, 'TN422'),
  });
});
