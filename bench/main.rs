//! The benchmarks that need a program: each compares two things in one run, prints its figures beside what was promised,
//! and fails where a promise is broken.
//!
//! `make bench` runs all of them, `BENCH=adoption_under_load make bench` one; `make soak` runs the one that is not a
//! benchmark but takes as long. They need a server of their own, which `tests/with-postgres` starts.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark is for reading its figures")]

mod adoption_under_load;
mod api;
mod audit;
mod configuration;
mod console;
mod policies;
mod site;
mod soak;
mod support;
mod survey;
mod views;
mod writer;

use std::process::ExitCode;

use support::{Benchmark, Report};

/// Every benchmark, in the order in which `make bench` runs them.
const BENCHMARKS: &[Benchmark] = &[
    policies::BENCHMARK,
    views::BENCHMARK,
    audit::BENCHMARK,
    api::BENCHMARK,
    configuration::BENCHMARK,
    configuration::AWAY,
    console::BENCHMARK,
    adoption_under_load::BENCHMARK,
    survey::BENCHMARK,
    soak::BENCHMARK,
];

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Cargo adds --bench.
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let Some(unknown) = named.iter().find(|name| BENCHMARKS.iter().all(|benchmark| benchmark.name != **name)) {
        eprintln!("there is no benchmark {unknown}; there are: {}", names());
        return ExitCode::from(2);
    }
    let mut kept = true;
    for benchmark in BENCHMARKS.iter().filter(|benchmark| benchmark.is_wanted(&named)) {
        println!("== {}: {}", benchmark.name, benchmark.about);
        let report: Report = runtime.block_on((benchmark.run)());
        print!("{report}");
        kept &= report.is_kept();
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn names() -> String {
    BENCHMARKS.iter().map(|benchmark| benchmark.name).collect::<Vec<_>>().join(", ")
}
