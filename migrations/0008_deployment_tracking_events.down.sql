-- Removes deployment_tracking_events and everything in it; an adopted table is restored from the recorded catalog instead.

DROP TABLE deployment_tracking_events;
