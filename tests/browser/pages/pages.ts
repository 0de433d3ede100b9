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
  /** What is there where it shows something; else its empty state has to be. */
  row: string;
}

/** A client of the sample agency that everybody of `people` sees: Lumen Yoga. */
export const lumen = "SELECT id FROM clients_enhanced WHERE email LIKE '%@lumenyoga.example'";

/** Every page, with what has to be there; `{client}` is a client that everybody sees. */
export const pages: readonly Shown[] = [
  { path: '/clients', name: 'clients', heading: 'Clients', roles, row: 'table.list tbody tr' },
  { path: '/clients/new', name: 'client-new', heading: 'New client', roles: keepers, row: 'fieldset.card' },
  { path: '/clients/{client}', name: 'client', heading: 'Marta Villanueva', roles, row: 'dl.facts' },
  { path: '/clients/{client}/edit', name: 'client-edit', heading: 'Edit', roles: writers, row: 'fieldset.card' },
  { path: '/clients?q=zzzz', name: 'clients-none', heading: 'Clients', roles, row: '.nothing-at-all' },
  { path: '/clients/{client}/configuration', name: 'configuration', heading: 'Configuration', roles, row: 'table.keys tbody tr[id]' },
  { path: '/clients/{client}/configuration?key=branding.tagline', name: 'explanation', heading: 'Configuration', roles, row: '.layers-item' },
  { path: '/clients/{client}/configuration?compare=staging', name: 'comparison', heading: 'Configuration', roles, row: '.keys-compared tbody tr' },
  { path: '/clients/{client}/configuration/edit', name: 'choose-key', heading: 'Edit values', roles: agency, row: '.sections li' },
  { path: '/clients/{client}/configuration/edit?key=branding', name: 'edit', heading: 'Edit branding', roles: agency, row: '.slot' },
  { path: '/clients/{client}/configuration/differences?from=1&to=3', name: 'differences', heading: 'Revision 1 to 3', roles: agency, row: '.version' },
  { path: '/changes', name: 'changes', heading: 'Changes', roles: agency, row: 'table.list tbody tr' },
];

/** Pages for whoever comes. */
export const open: readonly { path: string; name: string; heading: string | RegExp; status?: number }[] = [
  { path: '/sign-in', name: 'sign-in', heading: /sign in/i },
  { path: '/nowhere', name: 'not-found', heading: 'Not found', status: 404 },
];

export { keepers };
