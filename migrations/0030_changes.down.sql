-- Takes changes and their previews away; what they wrote stays in its rows and in the history.
DROP TABLE tenantry.change_preview_documents;
DROP TABLE tenantry.change_preview_groups;
DROP TABLE tenantry.change_previews;
DROP TABLE tenantry.change_edits;
DROP FUNCTION tenantry.put_back(uuid, uuid);
DROP FUNCTION tenantry.restore_row(text, uuid);
DROP TRIGGER tenantry_50_move_change ON tenantry.changes;
DROP TRIGGER tenantry_50_begin_change ON tenantry.changes;
DROP FUNCTION tenantry.move_change();
DROP FUNCTION tenantry.begin_change();
DROP FUNCTION tenantry.is_author(tenantry.changes);
DROP FUNCTION tenantry.refuse_unapproved(text[]);
DROP FUNCTION tenantry.protected_environments();
DROP TABLE tenantry.changes;
