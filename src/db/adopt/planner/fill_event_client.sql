-- As 0020_guards makes it, before the older rows are filled, so that no event slips between.
CREATE OR REPLACE FUNCTION tenantry.fill_event_client() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    NEW.client_id := (SELECT d.client_id FROM public.client_deployments d WHERE d.id = NEW.deployment_id);
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION tenantry.fill_event_client() FROM PUBLIC;
CREATE OR REPLACE TRIGGER tenantry_10_fill_event_client BEFORE INSERT ON public.deployment_tracking_events
    FOR EACH ROW WHEN (NEW.client_id IS NULL OR NEW.client_id = '00000000-0000-0000-0000-000000000000')
    EXECUTE FUNCTION tenantry.fill_event_client();
