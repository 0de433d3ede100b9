-- Takes the stamps back; CASCADE takes the triggers with their functions.

DROP FUNCTION tenantry.keep_figures(), tenantry.count_writes(), tenantry.stamp_times(), tenantry.stamp_update(), tenantry.stamp_insert() CASCADE;
DROP FUNCTION tenantry.table_of(regclass), tenantry.contents_differ(jsonb, jsonb, text[]), tenantry.is_request();

DELETE FROM tenantry.tables
 WHERE table_name IN ('clients_enhanced', 'client_members', 'client_customizations', 'client_deployments', 'deployment_tracking_events',
                      'client_analytics', 'system_configurations', 'template_configurations', 'deployment_configurations',
                      'client_billing_info', 'deployment_templates', 'configuration_versions', 'audit_log');
