-- No links any more, and people are kept on the command line alone.

DROP FUNCTION tenantry.names_of(uuid[]), tenantry.people_seen(uuid[]), tenantry.known_people(), tenantry.copy_role(uuid),
    tenantry.end_sessions(uuid), tenantry.add_first_administrator(bytea, text, text, text),
    tenantry.add_person(text, text, text), tenantry.has_administrator(), tenantry.make_link(text, uuid, bytea, integer);
DROP TABLE tenantry.links;
