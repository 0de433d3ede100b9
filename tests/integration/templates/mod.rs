//! Versions of templates, customizations and deployment configurations through their operations.

mod customizations;
mod deployments;
mod masks;
mod newest;
mod versions;
