-- Removes client_customizations and everything in it; an adopted table is restored from the recorded catalog instead.

DROP TABLE client_customizations;
