-- Removes configuration_versions and everything in it; an adopted table is restored from the recorded catalog instead.

DROP TABLE configuration_versions;
