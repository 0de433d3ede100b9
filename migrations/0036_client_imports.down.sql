-- No imports any more: files that wait are gone with them, clients stay.

DROP TABLE tenantry.client_import_rows, tenantry.client_import_lines, tenantry.client_imports;
