import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';

const id = 'ab100000-0000-4000-8000-000000000000';

describe('environment variables', () => {
  const world = aWorld();
  const read = { environment: 'production', environment_variables: { PUBLIC_NAME: 'Alder' } };
  asEach('as they are', world, (db) => db.from('deployment_configurations').select('environment, environment_variables').eq('id', id).single(), {
    client: forbidden, staff: read, manager: read, others: read,
  });
  asEach('written', world, (db) =>
    db.from('deployment_configurations').update({ environment_variables: { PUBLIC_NAME: 'Alder', REGION: 'eu' } }).eq('id', id).select('environment_variables'), {
    client: forbidden, staff: forbidden, manager: [{ environment_variables: { PUBLIC_NAME: 'Alder', REGION: 'eu' } }],
    others: [{ environment_variables: { PUBLIC_NAME: 'Alder', REGION: 'eu' } }],
  });
  for (const role of ['manager', 'admin', 'super_admin', 'service'] as const) {
    it(`a secret among them is sealed, as ${role}`, async () => {
      const answer = await (await world().as(role)).from('deployment_configurations')
        .update({ environment_variables: { STRIPE_SECRET_KEY: 'sk_live_0123456789abcdef' } }).eq('id', id)
        .select('environment_variables').single();
      assert.equal(answer.error, null);
      const said = JSON.stringify(answer.data);
      assert.match(said, /"STRIPE_SECRET_KEY":\{"\$secret":\{"id"/);
      assert.ok(!said.includes('sk_live'), said);
    });
  }
});
