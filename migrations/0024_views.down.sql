-- Drops the views; those of an adopted site are put back from the recorded catalog.

DELETE FROM tenantry.tables WHERE kind = 'view';

DROP VIEW public.template_usage_summary, public.client_configuration_summary, public.deployment_status_summary, public.client_summary;

DROP FUNCTION tenantry.version_rank(text);
