-- Keeps no figures any more; they stay as they are. CASCADE takes the triggers with their functions.

DROP FUNCTION tenantry.note_customizations(), tenantry.note_activation(), tenantry.note_deployments(), tenantry.note_template(),
    tenantry.settle_at_commit() CASCADE;
DROP FUNCTION tenantry.recall_use(), tenantry.keep_scores(timestamptz), tenantry.settle_figures(),
    tenantry.settle_deployment_templates(bigint[]), tenantry.settle_templates(bigint[]), tenantry.is_deployment_ended(anynonarray, timestamptz),
    tenantry.is_deployment_succeeded(anynonarray, timestamptz), tenantry.newest_versions(text[]);
DROP TABLE tenantry.deployment_template_outcomes;
DROP TABLE tenantry.figures_due;
