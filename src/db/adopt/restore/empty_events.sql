-- What stood in the site's column before adoption filled it in, where the event still has the client that it was given.
UPDATE public.deployment_tracking_events e
   SET client_id = f.client_id
  FROM tenantry.filled_events f, public.client_deployments d
 WHERE e.id = f.event_id AND d.id = e.deployment_id AND e.client_id = d.client_id;
DELETE FROM tenantry.filled_events;
-- A unique of the site's that is checked late is checked now: what follows changes the table.
SET CONSTRAINTS ALL IMMEDIATE;
