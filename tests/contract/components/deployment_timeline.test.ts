import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';
import { birch } from '../world/people.ts';

describe('deployment timeline', () => {
  const world = aWorld();
  const event = (event_type: string, event_status: string, duration_ms: number | null) => ({ event_type, event_status, duration_ms });
  const alder = [event('error', 'failure', 4000), event('deploy_completed', 'success', 300000), event('deploy_started', 'info', null)];
  const cedar = event('health_check', 'warning', 2310);
  asEach('newest first', world, (db) =>
    db.from('deployment_tracking_events').select('event_type, event_status, duration_ms').order('event_timestamp', { ascending: false }).limit(4), {
    client: alder, staff: [cedar, ...alder], manager: [cedar, ...alder], others: [event('maintenance', 'info', null), cedar, ...alder.slice(0, 2)],
  });
  asEach('of one deployment', world, (db) =>
    db.from('client_deployments').select('deployment_name, deployment_tracking_events(event_message)').eq('id', 'd1000000-0000-4000-8000-000000000000')
      .order('event_timestamp', { referencedTable: 'deployment_tracking_events' }).maybeSingle(), {
    client: { deployment_name: 'Alder site', deployment_tracking_events: [{ event_message: 'deploying' }, { event_message: 'deployed' }] },
    staff: { deployment_name: 'Alder site', deployment_tracking_events: [{ event_message: 'deploying' }, { event_message: 'deployed' }] },
    manager: { deployment_name: 'Alder site', deployment_tracking_events: [{ event_message: 'deploying' }, { event_message: 'deployed' }] },
    others: { deployment_name: 'Alder site', deployment_tracking_events: [{ event_message: 'deploying' }, { event_message: 'deployed' }] },
  });
  const written = { client_id: birch, event_status: 'info', triggered_by: 'user' };
  asEach('an event without its client, as components write it', world, (db) =>
    db.from('deployment_tracking_events').insert({ deployment_id: 'd3000000-0000-4000-8000-000000000000', event_type: 'build_started', triggered_by: 'user' })
      .select('client_id, event_status, triggered_by').single(), {
    client: forbidden, staff: forbidden, manager: written, others: written,
  });
  asEach('an event changed, which nobody does', world, (db) =>
    db.from('deployment_tracking_events').update({ event_message: 'no' }).eq('event_type', 'error'), {
    client: forbidden, staff: forbidden, manager: forbidden, others: forbidden,
  });
});
