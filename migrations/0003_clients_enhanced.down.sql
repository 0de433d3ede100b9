-- Removes clients_enhanced and everything in it; an adopted table is restored from the recorded catalog instead.

DROP TABLE clients_enhanced;
