import { describe } from 'node:test';

import { asEach, aWorld } from '../world/each.ts';

describe('deployment list', () => {
  const world = aWorld();
  const site = { deployment_name: 'Alder site', client_name: 'Alder Dental', status: 'deployed', avg_response_time: '120' };
  const staging = { deployment_name: 'Alder staging', client_name: 'Alder Dental', status: 'failed', avg_response_time: null };
  const shop = { deployment_name: 'Birch shop', client_name: 'Birch Roasters', status: 'pending', avg_response_time: null };
  const cedar = { deployment_name: 'Cedar booking', client_name: 'Cedar School', status: 'deployed', avg_response_time: '2400' };
  const dune = { deployment_name: 'Dune booking', client_name: 'Dune Travel', status: 'maintenance', avg_response_time: null };
  asEach('with their clients', world, (db) =>
    db.from('deployment_status_summary').select('deployment_name, client_name, status, avg_response_time').order('created_at'), {
    client: [site, staging], staff: [site, staging, cedar], manager: [site, staging, shop, cedar], others: [site, staging, shop, cedar, dune],
  });
  const made = (name: string, template: string) => ({ deployment_name: name, deployment_templates: { template_name: template } });
  asEach('with the template that they were made from', world, (db) =>
    db.from('client_deployments').select('deployment_name, deployment_templates!inner(template_name)').neq('status', 'failed').order('deployment_name'), {
    client: [made('Alder site', 'Basic Vercel Deployment')],
    staff: [made('Alder site', 'Basic Vercel Deployment'), made('Cedar booking', 'Enterprise AWS Deployment')],
    manager: [made('Alder site', 'Basic Vercel Deployment'), made('Cedar booking', 'Enterprise AWS Deployment')],
    others: [made('Alder site', 'Basic Vercel Deployment'), made('Cedar booking', 'Enterprise AWS Deployment')],
  });
});
