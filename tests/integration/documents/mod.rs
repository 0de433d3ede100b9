//! What apps read: resolve, explain, history, diff, contract, through HTTP and the command line.

mod agency;
mod demo;
