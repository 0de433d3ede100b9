//! Envelope encryption: a key ring, data keys, sealed values bound to their place, keyed fingerprints.
