//! Layered configuration: precedence, merge, references, explanation, differences.
