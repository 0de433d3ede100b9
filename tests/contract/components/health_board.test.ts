import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';

describe('status and health board', () => {
  const world = aWorld();
  const ill = (client_name: string, health_status: string, uptime_percentage: number | null) => ({ client_name, health_status, uptime_percentage });
  const [alder, cedar, dune] = [ill('Alder Dental', 'warning', null), ill('Cedar School', 'critical', 91.2), ill('Dune Travel', 'warning', null)];
  asEach('what is ill, last checked first', world, (db) =>
    db.from('deployment_status_summary').select('client_name, health_status, uptime_percentage').in('health_status', ['warning', 'critical'])
      .order('last_health_check', { ascending: false }), {
    client: [alder], staff: [cedar, alder], manager: [cedar, alder], others: [dune, cedar, alder],
  });
  asEach('by health', world, (db) => db.from('client_deployments').select('health_status, count()').order('health_status'), {
    client: [{ health_status: 'healthy', count: 1 }, { health_status: 'warning', count: 1 }],
    staff: [{ health_status: 'critical', count: 1 }, { health_status: 'healthy', count: 1 }, { health_status: 'warning', count: 1 }],
    manager: [
      { health_status: 'critical', count: 1 }, { health_status: 'healthy', count: 1 }, { health_status: 'unknown', count: 1 }, { health_status: 'warning', count: 1 },
    ],
    others: [
      { health_status: 'critical', count: 1 }, { health_status: 'healthy', count: 1 }, { health_status: 'unknown', count: 1 }, { health_status: 'warning', count: 2 },
    ],
  });
  asEach('a check written', world, (db) =>
    db.from('client_deployments').update({ health_status: 'healthy', last_health_check: '2026-11-01T09:00:00Z' }).eq('deployment_name', 'Alder staging').select('health_status'), {
    client: forbidden, staff: forbidden, manager: [{ health_status: 'healthy' }], others: [{ health_status: 'healthy' }],
  });
});
