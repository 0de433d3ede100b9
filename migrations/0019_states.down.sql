-- Lets any state follow any other again; CASCADE takes the triggers with their functions.

DROP FUNCTION tenantry.move_deployment_configuration(), tenantry.begin_deployment_configuration(), tenantry.note_deployed(),
    tenantry.move_template(), tenantry.pin_template_version(), tenantry.activate_customization(), tenantry.hold_approval(),
    tenantry.move_customization(), tenantry.hold_customization_content(), tenantry.begin_customization(),
    tenantry.number_customization() CASCADE;
DROP FUNCTION tenantry.deployable_columns(), tenantry.is_mending(name), tenantry.columns_changed(jsonb, jsonb, text[]), tenantry.refuse(name, text, text, text);
