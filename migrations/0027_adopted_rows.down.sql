-- Takes the rows back that adoption made and nobody touched; what was edited stays for the tables' own down to judge.

SET LOCAL TimeZone = 'UTC';

DELETE FROM public.client_billing_info b
 USING tenantry.made_rows m
 WHERE m.table_name = 'client_billing_info' AND m.row_id = b.id AND m.content = to_jsonb(b);
DELETE FROM tenantry.made_rows m WHERE m.table_name = 'client_billing_info';

DELETE FROM public.client_members m
 USING public.clients_enhanced c
 WHERE c.id = m.client_id AND c.assigned_manager = m.user_id AND m.made_by_assignment;
