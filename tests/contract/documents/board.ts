import type { SupabaseClient } from '@supabase/supabase-js';

import type { Database } from '../../../types/database.ts';

type Client = SupabaseClient<Database>;
type Board = Awaited<ReturnType<typeof loadBoard>>;

export async function loadBoard(supabase: Client) {
  const counts = await supabase.from('clients_enhanced').select('status, count()').order('status');
  const clients = await supabase
    .from('clients_enhanced')
    .select('id, name, tier, client_deployments(deployment_name, health_status)')
    .eq('status', 'active')
    .order('name');
  if (counts.error ?? clients.error) throw counts.error ?? clients.error;
  return { counts: counts.data, clients: clients.data };
}

export function watchBoard(supabase: Client, show: (board: Board) => void): () => void {
  const timer = setInterval(async () => show(await loadBoard(supabase)), 15_000);
  return () => clearInterval(timer);
}
