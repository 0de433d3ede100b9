// What only the compiler runs: `tsc --strict` has to take our file where it took the one of `supabase gen types`, and has
// to refuse what no row can hold.

import { createClient } from '@supabase/supabase-js';

import type { Constants, Database, Enums, Tables, TablesInsert, TablesUpdate } from '../../../types/database.ts';
import { options } from '../world/world.ts';

type Client = Tables<'clients_enhanced'>;
type IsExactly<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const yes = <_ extends true>(): void => undefined;

// Literal unions, in rows, in what is inserted, and in answers.
yes<IsExactly<Client['status'], 'active' | 'inactive' | 'suspended' | 'churned'>>();
yes<IsExactly<Client['business_size'], 'startup' | 'small' | 'medium' | 'enterprise' | null>>();
yes<IsExactly<TablesInsert<'client_deployments'>['health_status'], 'unknown' | 'healthy' | 'warning' | 'critical' | undefined>>();
yes<IsExactly<Enums<never>, never>>();
yes<IsExactly<(typeof Constants)['public']['Enums'], {}>>();

// What triggers and defaults fill may be left out, and nothing else.
const event: TablesInsert<'deployment_tracking_events'> = { deployment_id: 'd', event_type: 'error' };
const value: TablesInsert<'system_configurations'> = { configuration_key: 'a.b', configuration_value: 1 };
// @ts-expect-error a client has an e-mail
const nameless: TablesInsert<'clients_enhanced'> = { name: 'Alder' };
// @ts-expect-error there is no such tier
const tier: TablesUpdate<'clients_enhanced'> = { tier: 'professional' };
// @ts-expect-error audit_log numbers itself
const numbered: TablesInsert<'audit_log'> = { id: 1 };

/** Answers have the types of their rows, embeds as the keys say. */
export async function answers(): Promise<void> {
  const client = createClient<Database>('http://localhost', 'key', options);
  const { data } = await client.from('clients_enhanced').select('status, client_billing_info(subscription_tier), client_deployments(health_status)').single();
  if (!data) return;
  yes<IsExactly<typeof data.status, Client['status']>>();
  yes<IsExactly<NonNullable<typeof data.client_billing_info>['subscription_tier'], 'basic' | 'standard' | 'premium' | 'enterprise'>>();
  yes<IsExactly<(typeof data.client_deployments)[number]['health_status'], 'unknown' | 'healthy' | 'warning' | 'critical'>>();
  // @ts-expect-error the compiler knows what a status can be
  await client.from('clients_enhanced').select('name').eq('status', 'paused');
  // @ts-expect-error a view takes no rows
  await client.from('client_summary').insert({ name: 'X' });
}

void [event, value, nameless, tier, numbered];
