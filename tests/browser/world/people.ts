/** Whoever signs in, by the role that they have. */
export const roles = ['client', 'staff', 'manager', 'admin', 'super_admin'] as const;

export type Role = (typeof roles)[number];

/** Somebody of the sample agency for each. */
export const people: Record<Role, { email: string; name: string }> = {
  client: { email: 'marta@lumenyoga.example', name: 'Marta Villanueva' },
  staff: { email: 'mei.tanaka@harbourpine.example', name: 'Mei Tanaka' },
  manager: { email: 'priya.nair@harbourpine.example', name: 'Priya Nair' },
  admin: { email: 'tomas.lindqvist@harbourpine.example', name: 'Tomas Lindqvist' },
  super_admin: { email: 'ines.duarte@harbourpine.example', name: 'Inês Duarte' },
};

/** Who may write what belongs to some client. */
export const writers: readonly Role[] = ['manager', 'admin', 'super_admin'];

/** Who may see what nobody but them may. */
export const keepers: readonly Role[] = ['admin', 'super_admin'];

/** Everybody who works for the agency. */
export const agency: readonly Role[] = ['staff', 'manager', 'admin', 'super_admin'];
