-- What was found is found again.

DROP TABLE tenantry.document_looks, tenantry.document_findings;
