import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';
import { alder, birch } from '../world/people.ts';

describe('feature flags', () => {
  const world = aWorld();
  const chat = (environment: string, configuration_value: boolean) => ({ environment, configuration_value });
  asEach('of a client, by environment', world, (db) =>
    db.from('system_configurations').select('environment, configuration_value').like('configuration_key', 'features.%').eq('client_id', alder).order('environment'), {
    client: [chat('all', true), chat('staging', false)], staff: [chat('all', true), chat('staging', false)],
    manager: [chat('all', true), chat('staging', false)], others: [chat('all', true), chat('staging', false)],
  });
  asEach('of deployments', world, (db) => db.from('client_deployments').select('deployment_name').contains('feature_flags', { chat: true }), {
    client: [{ deployment_name: 'Alder site' }], staff: [{ deployment_name: 'Alder site' }],
    manager: [{ deployment_name: 'Alder site' }], others: [{ deployment_name: 'Alder site' }],
  });
  asEach('switched', world, (db) =>
    db.from('client_deployments').update({ feature_flags: { chat: false } }).eq('client_id', birch).select('deployment_name, feature_flags'), {
    client: forbidden, staff: forbidden, manager: [{ deployment_name: 'Birch shop', feature_flags: { chat: false } }],
    others: [{ deployment_name: 'Birch shop', feature_flags: { chat: false } }],
  });
});
