//! What apps read: resolve, explain, history, diff, contract, through HTTP and the command line.

mod agency;
mod as_of;
mod bad_input;
mod command_line;
mod contract;
mod demo;
mod loading;
mod precedence;
mod rights;
mod validators;
mod which_template;
