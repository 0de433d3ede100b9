import { describe } from 'node:test';

import { asEach, aWorld } from '../world/each.ts';

describe('template usage', () => {
  const world = aWorld();
  const used = (template_id: string, draft: number, review: number, approved: number, deployed: number, live: number) => ({
    template_id, customizations_draft: draft, customizations_in_review: review, customizations_approved: approved,
    customizations_deployed: deployed, live_deployments: live,
  });
  asEach('of what is active, by status', world, (db) =>
    db.from('template_usage_summary')
      .select('template_id, customizations_draft, customizations_in_review, customizations_approved, customizations_deployed, live_deployments')
      .eq('status', 'active').order('template_id'), {
    client: [used('booking', 0, 0, 0, 0, 0), used('storefront', 1, 0, 0, 1, 1)],
    staff: [used('booking', 0, 0, 1, 0, 1), used('storefront', 1, 0, 0, 1, 1)],
    manager: [used('booking', 0, 0, 2, 0, 1), used('storefront', 1, 1, 0, 1, 1)],
    others: [used('booking', 0, 0, 2, 1, 1), used('storefront', 1, 1, 0, 1, 1)],
  });
});
