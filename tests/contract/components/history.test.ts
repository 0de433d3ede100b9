import { before, describe } from 'node:test';

import { given } from '../world/answers.ts';
import { asEach, aWorld } from '../world/each.ts';
import { alder } from '../world/people.ts';

const id = 'f4000000-0000-4000-8000-000000000000';

describe('history', () => {
  const world = aWorld();
  before(async () => {
    const manager = await world().as('manager');
    for (const configuration_value of [false, 'beta']) {
      given(await manager.from('system_configurations').update({ configuration_value }).eq('id', id).select('id'));
    }
  });

  const former = [{ operation: 'update', value: false }, { operation: 'update', value: true }];
  asEach('of a value, newest first', world, (db) =>
    db.from('configuration_versions').select('operation, value:content->configuration_value').eq('table_name', 'system_configurations').eq('row_id', id)
      .order('valid_from', { ascending: false }), {
    client: [], staff: former, manager: former, others: former,
  });
  const acts = [
    { action: 'update', table_name: 'system_configurations', before: { configuration_value: true } },
    { action: 'update', table_name: 'system_configurations', before: { configuration_value: false } },
  ];
  const changed = { action: 'update', table_name: 'system_configurations' };
  asEach('of who did what', world, (db) =>
    db.from('audit_log').select('action, table_name').eq('client_id', alder).eq('table_name', 'system_configurations').eq('action', 'update').order('id'), {
    client: [], staff: [], manager: acts.map(() => changed), others: acts.map(() => changed),
  });
});
