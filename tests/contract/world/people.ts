/** Whoever calls, by the role that they have. */
export const roles = ['anon', 'client', 'staff', 'manager', 'admin', 'super_admin', 'service'] as const;

export type Role = (typeof roles)[number];

/** Those who sign in with a password. */
export type Person = Exclude<Role, 'anon' | 'service'>;

export const people: Record<Person, string> = {
  client: 'cleo@alder.example',
  staff: 'stan@agency.example',
  manager: 'mara@agency.example',
  admin: 'adam@agency.example',
  super_admin: 'sofia@agency.example',
};

/** Everybody's, since it protects nothing. */
export const password = 'correct horse battery';

/** Who belongs to which client; mara is made manager of Alder and Birch by being assigned to them. */
export const members = [
  { client: 'hello@alder.example', user: people.client, role: 'client' },
  { client: 'hello@alder.example', user: people.staff, role: 'staff' },
  { client: 'office@cedar.example', user: people.staff, role: 'staff' },
  { client: 'office@cedar.example', user: people.manager, role: 'staff' },
] as const;

/** Keys of the rows that fixtures.sql makes. */
export const alder = 'a1000000-0000-4000-8000-000000000000';
export const birch = 'a2000000-0000-4000-8000-000000000000';
export const cedar = 'a3000000-0000-4000-8000-000000000000';
export const dune = 'a4000000-0000-4000-8000-000000000000';
