import { describe } from 'node:test';

import { asEach, aWorld } from '../world/each.ts';
import { daysAgo } from '../world/program.ts';

describe('analytics across clients', () => {
  const world = aWorld();
  const figure = (client: string, page_views: number) => ({ page_views, client: { name: client } });
  asEach('of a day, busiest first', world, (db) =>
    db.from('client_analytics').select('page_views, client:clients_enhanced(name)').eq('analytics_date', daysAgo(1)).not('deployment_id', 'is', null)
      .order('page_views', { ascending: false }), {
    client: [figure('Alder Dental', 1200)],
    staff: [figure('Alder Dental', 1200), figure('Cedar School', 80)],
    manager: [figure('Alder Dental', 1200), figure('Cedar School', 80)],
    others: [figure('Alder Dental', 1200), figure('Cedar School', 80), figure('Dune Travel', 7)],
  });
  asEach('clients with a day of many visitors', world, (db) =>
    db.from('clients_enhanced').select('name, client_analytics!inner(unique_visitors)').gt('client_analytics.unique_visitors', 350).order('name'), {
    client: [{ name: 'Alder Dental', client_analytics: [{ unique_visitors: 400 }] }],
    staff: [{ name: 'Alder Dental', client_analytics: [{ unique_visitors: 400 }] }],
    manager: [{ name: 'Alder Dental', client_analytics: [{ unique_visitors: 400 }] }],
    others: [{ name: 'Alder Dental', client_analytics: [{ unique_visitors: 400 }] }],
  });
  asEach('days on record', world, (db) => db.from('client_analytics').select('analytics_date, count()').order('analytics_date'), {
    client: [{ analytics_date: daysAgo(2), count: 1 }, { analytics_date: daysAgo(1), count: 2 }],
    staff: [{ analytics_date: daysAgo(2), count: 1 }, { analytics_date: daysAgo(1), count: 3 }],
    manager: [{ analytics_date: daysAgo(2), count: 1 }, { analytics_date: daysAgo(1), count: 3 }],
    others: [{ analytics_date: daysAgo(2), count: 1 }, { analytics_date: daysAgo(1), count: 4 }],
  });
});
