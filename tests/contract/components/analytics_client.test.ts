import { describe } from 'node:test';

import { asEach, aWorld, forbidden } from '../world/each.ts';
import { alder } from '../world/people.ts';
import { daysAgo, today } from '../world/program.ts';

describe('analytics of a client', () => {
  const world = aWorld();
  const days = [
    { analytics_date: daysAgo(2), page_views: 900, revenue: 950 },
    { analytics_date: daysAgo(1), page_views: 1200, revenue: 1999.9 },
  ];
  asEach('of the last week, by deployment', world, (db) =>
    db.from('client_analytics').select('analytics_date, page_views, revenue').eq('client_id', alder).not('deployment_id', 'is', null)
      .eq('analytics_period', 'daily').gte('analytics_date', daysAgo(7)).order('analytics_date'), {
    client: days, staff: days, manager: days, others: days,
  });
  asEach('of the client itself', world, (db) => db.from('client_analytics').select('page_views, currency').eq('client_id', alder).is('deployment_id', null), {
    client: [{ page_views: 50, currency: null }], staff: [{ page_views: 50, currency: null }],
    manager: [{ page_views: 50, currency: null }], others: [{ page_views: 50, currency: null }],
  });
  const row = { client_id: alder, deployment_id: 'd1000000-0000-4000-8000-000000000000', analytics_date: today, analytics_period: 'daily', page_views: 5 } as const;
  asEach('written again by the same four columns', world, (db) =>
    db.from('client_analytics').upsert(row, { onConflict: 'client_id,deployment_id,analytics_date,analytics_period' }).select('page_views').single(), {
    client: forbidden, staff: forbidden, manager: forbidden, others: { page_views: 5 },
  });
});
