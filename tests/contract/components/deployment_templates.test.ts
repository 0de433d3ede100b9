import { describe } from 'node:test';

import { asEach, aWorld, forbidden, refusal } from '../world/each.ts';

describe('deployment templates', () => {
  const world = aWorld();
  const hosting = ['Basic Vercel Deployment', 'Enterprise AWS Deployment', 'Local Release'].map((template_name) => ({ template_name }));
  asEach('of a category', world, (db) => db.from('deployment_templates').select('template_name').eq('category', 'hosting').order('template_name'), {
    client: hosting, staff: hosting, manager: hosting, others: hosting,
  });
  asEach('by what they set', world, (db) => db.from('deployment_templates').select('template_name').contains('configuration_template', { monitoring: true }), {
    client: [hosting[1]], staff: [hosting[1]], manager: [hosting[1]], others: [hosting[1]],
  });
  asEach('a new one', world, (db, role) => db.from('deployment_templates').insert({ template_name: `Of ${role}`, template_type: 'custom', tags: ['own'] }).select('status, tags').single(), {
    client: forbidden, staff: forbidden, manager: forbidden, others: { status: 'active', tags: ['own'] },
  });
  asEach('one of Tenantry\'s own, removed', world, (db) => db.from('deployment_templates').delete().eq('template_name', 'Local Release').select('template_name'), {
    client: forbidden, staff: forbidden, manager: forbidden, admin: [], service: [], super_admin: [{ template_name: 'Local Release' }],
  });
  asEach('of a type that there isn\'t', world, (db) => db.from('deployment_templates').insert({ template_name: 'X', template_type: 'free' as 'basic' }), {
    client: forbidden, staff: forbidden, manager: forbidden, others: refusal(400, '23514'),
  });
});
