import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';
import { birch } from '../world/people.ts';

const again = `UPDATE public.deployment_configurations SET region = 'eu-central-1', version = 1 WHERE id = 'ab200000-0000-4000-8000-000000000000'`;

describe('deployment configuration editor', () => {
  const world = aWorld();
  const [alder, shop, dune] = [
    { deployment_name: 'Alder site', environment: 'production', status: 'validated' }, { deployment_name: 'Birch shop', environment: 'production', status: 'draft' },
    { deployment_name: 'Dune staging', environment: 'staging', status: 'failed' },
  ];
  asEach('all', world, (db) => db.from('deployment_configurations').select('deployment_name, environment, status').order('deployment_name'), {
    client: [alder], staff: [alder], manager: [alder, shop], others: [alder, shop, dune],
  });
  const saved = { region: 'eu-west-3', scaling_config: { min: 2 }, version: 2 };
  asEach('saved by its key', world, (db) =>
    db.from('deployment_configurations')
      .upsert({ client_id: birch, environment: 'production', deployment_name: 'Birch shop', region: 'eu-west-3', scaling_config: { min: 2 } },
        { onConflict: 'client_id,environment,deployment_name' })
      .select('region, scaling_config, version').single(), {
    client: forbidden, staff: forbidden, manager: saved, others: saved,
  }, again);
  asEach('saved by the version that was read', world, (db) =>
    db.from('deployment_configurations').update({ region: 'eu-west-3' }).eq('client_id', birch).setHeader('If-Match', '"7"'), {
    client: forbidden, staff: forbidden, manager: refusal(412), others: refusal(412),
  }, again);
  asEach('begun as applied', world, (db) =>
    db.from('deployment_configurations').insert({ client_id: birch, environment: 'staging', deployment_name: 'New', status: 'applied' }), {
    client: forbidden, staff: forbidden, manager: refusal(422, 'TN422'), others: refusal(422, 'TN422'),
  });
});
