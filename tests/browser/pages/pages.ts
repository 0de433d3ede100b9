import { agency, keepers, roles, writers, type Role } from '../world/people.ts';

/** A page of the console. */
export interface Shown {
  /** Where it is. */
  path: string;
  /** What its picture is called. */
  name: string;
  /** Its heading. */
  heading: string | RegExp;
  /** Who sees it; for everybody else it is refused. */
  roles: readonly Role[];
  /** For whom it isn't there, since a policy hides its row. */
  absent?: readonly Role[];
  /** What is there where it shows something; else its empty state has to be. */
  row: string;
}

/** Who sees what clients are billed. */
const billed: readonly Role[] = ['client', 'manager', 'admin', 'super_admin'];

/** A client of the sample agency that everybody of `people` sees: Lumen Yoga. */
export const lumen = "SELECT id FROM clients_enhanced WHERE email LIKE '%@lumenyoga.example'";

/** Deployments of that client's app, the one that runs first. */
const deployments = `FROM client_deployments WHERE client_id = (${lumen}) ORDER BY status <> 'deployed', deployment_type, id LIMIT 1`;

/** A row of a table that belongs to a client whom the manager of `people` manages. */
export function managed(table: string, is: string): string {
  const manager = "SELECT u.id FROM auth.users u WHERE u.email LIKE 'priya.nair@%'";
  return `SELECT z.id FROM ${table} z JOIN client_members m ON m.client_id = z.client_id AND m.member_role = 'manager' AND m.user_id = (${manager}) WHERE ${is} ORDER BY z.id LIMIT 1`;
}

/** A change of configuration of the sample agency. */
function change(reason: string): string {
  return `SELECT id FROM tenantry.changes WHERE reason = '${reason}'`;
}

/** A draft of that client's design, which is begun where there is none. */
export const draft = `WITH begun AS (
    INSERT INTO client_customizations (client_id, template_id, customization_config)
    SELECT client_id, template_id, '{"branding": {"primaryColor": "#224466"}}' FROM client_customizations z
     WHERE client_id = (${lumen}) AND is_active
       AND NOT EXISTS (SELECT FROM client_customizations d WHERE d.client_id = z.client_id AND d.status = 'draft')
    RETURNING id
  ) SELECT id FROM begun UNION ALL SELECT id FROM client_customizations WHERE client_id = (${lumen}) AND status = 'draft' LIMIT 1`;

/** What stands in the places of a path, as SQL finds it: rows that everybody of `people` sees. */
const places: Readonly<Record<string, string>> = {
  '{client}': lumen,
  '{deployment}': `SELECT id ${deployments}`,
  '{draft}': draft,
  '{set-up}': `SELECT id FROM deployment_configurations WHERE client_id = (${lumen}) ORDER BY environment, id LIMIT 1`,
  '{deployment-template}': "SELECT id FROM deployment_templates WHERE template_name = 'Basic Vercel Deployment'",
  '{customization}': `SELECT id FROM client_customizations WHERE client_id = (${lumen}) AND is_active`,
  '{entry}': `SELECT max(id) FROM audit_log WHERE client_id = (${lumen}) AND table_name = 'clients_enhanced'`,
  '{person}': "SELECT id FROM auth.users WHERE email LIKE 'luca.moretti@%'",
  '{proposed}': change('Text messages while testing, too, as Marta asked'),
  '{approved}': change('Classes can be booked up to two hours ahead'),
  '{applied}': change('Lumen Yoga answers on Saturdays, too'),
  '{rejected}': change('Answer until midnight'),
  '{withdrawn}': change('Classes of three quarters of an hour'),
  '{taken-back}': change('Classes may be cancelled half a day ahead'),
  '{shielded}': change('Remind of every booking two days ahead'),
  '{breaking}': change('Say that the status page comes soon'),
  '{row}': `SELECT id FROM system_configurations WHERE client_id = (${lumen}) ORDER BY configuration_key, environment, id LIMIT 1`,
  '{setting}': "SELECT id FROM system_configurations WHERE configuration_key = 'billing_settings' AND is_system",
  '{outdated}': managed(
    'client_customizations',
    "z.is_active AND z.template_version IS NOT NULL AND EXISTS (SELECT FROM template_configurations t WHERE t.template_id = z.template_id AND t.status = 'active' AND t.template_version <> z.template_version)",
  ),
};

/** A path with what stands in its places. */
export function filled(path: string, sql: (text: string) => string): string {
  return path.replace(/\{[\w-]+\}/g, (place) => sql(places[place] ?? `SELECT 'no place ${place}'`));
}

/** Every page, with what has to be there; `{client}` is a client that everybody sees, others stand in `places`. */
export const pages: readonly Shown[] = [
  { path: '/', name: 'dashboard', heading: 'Dashboard', roles, row: '.figures li' },
  { path: '/billing', name: 'billing', heading: 'Billing', roles: billed, row: 'table.list tbody tr' },
  { path: '/clients/{client}/billing', name: 'client-billing', heading: 'Billing', roles: billed, row: 'dl.facts' },
  { path: '/clients/{client}/billing/edit', name: 'client-billing-edit', heading: 'Edit the account', roles: keepers, row: 'fieldset.card' },
  { path: '/find?q=l', name: 'find', heading: 'Find', roles, row: '.found li' },
  { path: '/find?q=zzzz', name: 'find-nothing', heading: 'Find', roles, row: '.found li' },
  { path: '/system', name: 'system', heading: 'System', roles: keepers, row: 'dl.facts' },
  { path: '/clients', name: 'clients', heading: 'Clients', roles, row: 'table.list tbody tr' },
  { path: '/clients/import', name: 'client-import', heading: 'Import clients', roles: keepers, row: 'form.confirm' },
  { path: '/clients/new', name: 'client-new', heading: 'New client', roles: keepers, row: 'fieldset.card' },
  { path: '/clients/{client}', name: 'client', heading: 'Marta Villanueva', roles, row: 'dl.facts' },
  { path: '/clients/{client}/edit', name: 'client-edit', heading: 'Edit', roles: writers, row: 'fieldset.card' },
  { path: '/clients/{client}/members', name: 'client-members', heading: 'Members', roles: agency, row: 'table.list tbody tr' },
  { path: '/clients?q=zzzz', name: 'clients-none', heading: 'Clients', roles, row: '.nothing-at-all' },
  { path: '/clients/{client}/configuration', name: 'configuration', heading: 'Configuration', roles, row: 'table.keys tbody tr[id]' },
  { path: '/clients/{client}/configuration?key=branding.tagline', name: 'explanation', heading: 'Configuration', roles, row: '.layers-item' },
  { path: '/clients/{client}/configuration?compare=staging', name: 'comparison', heading: 'Configuration', roles, row: '.keys-compared tbody tr' },
  { path: '/clients/{client}/configuration/edit', name: 'choose-key', heading: 'Edit values', roles: agency, row: '.sections li' },
  { path: '/clients/{client}/configuration/edit?key=branding', name: 'edit', heading: 'Edit branding', roles: agency, row: '.slot' },
  { path: '/clients/{client}/configuration/differences?from=1&to=3', name: 'differences', heading: 'Revision 1 to 3', roles: agency, row: '.version' },
  { path: '/clients/{client}/deployments', name: 'client-deployments', heading: 'Deployments', roles, row: 'table.list tbody tr' },
  { path: '/clients/{client}/events', name: 'client-events', heading: 'Events', roles, row: '.timeline-item' },
  { path: '/clients/{client}/customizations', name: 'client-customizations', heading: 'Customizations', roles, row: 'table.list tbody tr' },
  { path: '/clients/{client}/customizations/new', name: 'customization-new', heading: 'New draft', roles: writers, row: 'form.confirm' },
  { path: '/customizations', name: 'customizations', heading: 'Customizations', roles, row: 'table.list tbody tr' },
  { path: '/customizations/{customization}', name: 'customization', heading: /^Version \d+ for /, roles, row: '.keys tbody tr' },
  { path: '/customizations/{customization}?show=all', name: 'customization-all', heading: /^Version \d+ for /, roles, row: '.keys tbody tr' },
  { path: '/customizations/{draft}/edit', name: 'customization-edit', heading: /^Edit version \d+$/, roles: writers, row: 'fieldset.card' },
  { path: '/customizations/{draft}/edit?as=json', name: 'customization-json', heading: /^Edit version \d+$/, roles: writers, row: 'fieldset.card' },
  { path: '/clients/{client}/analytics', name: 'client-analytics', heading: 'Analytics', roles, row: 'svg.chart-plot' },
  { path: '/analytics', name: 'analytics', heading: 'Analytics', roles, row: 'table.list tbody tr' },
  { path: '/clients/{client}/deployment-configurations', name: 'client-deployment-configurations', heading: 'Deployment configurations', roles, row: 'table.list tbody tr' },
  { path: '/clients/{client}/deployment-configurations/new', name: 'deployment-configuration-new', heading: 'New deployment configuration', roles: writers, row: 'form.confirm' },
  { path: '/deployment-configurations', name: 'deployment-configurations', heading: 'Deployment configurations', roles, row: 'table.list tbody tr' },
  { path: '/deployment-configurations/{set-up}', name: 'deployment-configuration', heading: /^lumenyoga/, roles, row: 'dl.facts' },
  { path: '/deployment-configurations/{set-up}/edit', name: 'deployment-configuration-edit', heading: /^Edit lumenyoga/, roles: writers, row: 'fieldset.card' },
  { path: '/deployment-configurations/{set-up}/remove', name: 'deployment-configuration-remove', heading: /^Remove lumenyoga/, roles: keepers, row: 'form.confirm' },
  { path: '/deployment-templates', name: 'deployment-templates', heading: 'Deployment templates', roles, row: 'table.list tbody tr' },
  { path: '/deployment-templates/new', name: 'deployment-template-new', heading: 'New deployment template', roles: keepers, row: 'fieldset.card' },
  { path: '/deployment-templates/{deployment-template}', name: 'deployment-template', heading: 'Basic Vercel Deployment', roles, row: 'dl.facts' },
  { path: '/deployment-templates/{deployment-template}/edit', name: 'deployment-template-edit', heading: 'Edit Basic Vercel Deployment', roles: keepers, row: 'fieldset.card' },
  { path: '/deployments', name: 'deployments', heading: 'Deployments', roles, row: 'table.list tbody tr' },
  { path: '/deployments/{deployment}', name: 'deployment', heading: /\S/, roles, row: '.timeline-item' },
  { path: '/clients/{client}/audit', name: 'client-audit', heading: 'Audit', roles: writers, row: 'table.list tbody tr' },
  { path: '/configuration', name: 'global-configuration', heading: 'Global configuration', roles: agency, row: '.document-rows tbody tr' },
  { path: '/configuration/findings', name: 'documents-with-faults', heading: 'Documents with faults', roles: agency, row: 'table.list tbody tr' },
  { path: '/configuration/edit', name: 'global-choose-key', heading: 'Edit values', roles: keepers, row: '.sections' },
  { path: '/configuration/edit?key=support.hours', name: 'global-edit', heading: 'Edit support.hours', roles: keepers, row: '.slot' },
  { path: '/templates', name: 'templates', heading: 'Templates', roles: agency, row: 'table.list tbody tr' },
  { path: '/templates/new', name: 'template-new', heading: 'New template', roles: keepers, row: '.field' },
  { path: '/templates/storefront', name: 'template', heading: 'Storefront', roles: agency, row: 'table.list tbody tr' },
  { path: '/templates/storefront/new', name: 'template-next', heading: 'New version of Storefront', roles: keepers, row: '.field' },
  { path: '/templates/storefront/versions/1.2.0', name: 'version', heading: 'Version 1.2.0', roles: agency, row: '.code' },
  { path: '/templates/storefront/configuration', name: 'template-configuration', heading: 'Configuration', roles: agency, row: 'table.keys tbody tr[id]' },
  { path: '/templates/storefront/configuration?key=checkout.maxItems', name: 'template-explanation', heading: 'Configuration', roles: agency, row: '.layers-item' },
  { path: '/templates/storefront/configuration/edit?key=checkout', name: 'template-edit', heading: 'Edit checkout', roles: keepers, row: '.slot' },
  { path: '/customizations/{outdated}/upgrade', name: 'upgrade', heading: /^Upgrade of /, roles: writers, row: '.keys tbody tr, .upgrade-step' },
  { path: '/audit/{entry}', name: 'audit-entry', heading: /^Entry \d+$/, roles: writers, row: '.trail-places' },
  { path: '/audit', name: 'audit', heading: 'Audit', roles: writers, row: 'table.list tbody tr' },
  { path: '/people', name: 'people', heading: 'People', roles: keepers, row: 'table.list tbody tr' },
  { path: '/people/{person}', name: 'person', heading: 'Luca Moretti', roles: keepers, row: 'dl.facts' },
  { path: '/people/{person}/role', name: 'step-up', heading: 'Your password again', roles: ['super_admin'], row: 'form input[type=password]' },
  { path: '/people/{person}/disable', name: 'person-disable', heading: 'Disable a person', roles: ['super_admin'], row: 'form .btn-danger' },
  { path: '/people/me', name: 'your-account', heading: 'Your account', roles, row: 'dl.facts' },
  { path: '/tokens', name: 'tokens', heading: 'Tokens', roles: writers, row: 'table.list tbody tr, .empty' },
  { path: '/configurations/{row}/history', name: 'value-history', heading: /^History of /, roles, row: 'main .card' },
  { path: '/configurations/{row}/reveal', name: 'reveal', heading: 'Reveal a secret', roles: writers, row: 'form.confirm' },
  { path: '/configuration/system/{setting}', name: 'system-row', heading: /^Edit /, roles: keepers, row: '.field' },
  { path: '/clients/bulk?act=tier&tier=premium&client={client}', name: 'bulk', heading: /\S/, roles: keepers, row: 'form' },
  { path: '/changes/{proposed}', name: 'change-proposed', heading: 'Text messages while testing, too, as Marta asked', roles: agency, row: '.change-grid table tbody tr' },
  { path: '/changes/{approved}', name: 'change-approved', heading: 'Classes can be booked up to two hours ahead', roles: agency, row: '.change-grid table tbody tr' },
  { path: '/changes/{applied}', name: 'change-applied', heading: 'Lumen Yoga answers on Saturdays, too', roles: agency, row: '.change-grid dl.facts' },
  { path: '/changes/{rejected}', name: 'change-rejected', heading: 'Answer until midnight', roles: agency, row: '.change-grid table tbody tr' },
  { path: '/changes/{withdrawn}', name: 'change-withdrawn', heading: 'Classes of three quarters of an hour', roles: agency, row: '.change-grid table tbody tr' },
  { path: '/changes/{taken-back}', name: 'change-taken-back', heading: 'Classes may be cancelled half a day ahead', roles: agency, row: '.change-grid dl.facts' },
  { path: '/changes/{shielded}', name: 'change-shielded', heading: 'Remind of every booking two days ahead', roles: keepers, absent: ['staff', 'manager'], row: '.change-grid table tbody tr' },
  { path: '/changes/{breaking}', name: 'change-breaking', heading: 'Say that the status page comes soon', roles: keepers, absent: ['staff', 'manager'], row: '.decision-word.is-bad' },
  { path: '/changes', name: 'changes', heading: 'Changes', roles: agency, row: 'table.list tbody tr' },
];

/** Pages for whoever comes. */
export const open: readonly { path: string; name: string; heading: string | RegExp; status?: number }[] = [
  { path: '/sign-in', name: 'sign-in', heading: /sign in/i },
  { path: '/nowhere', name: 'not-found', heading: 'Not found', status: 404 },
];

export { keepers };
