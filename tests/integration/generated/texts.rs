//! `docs/TEXTS.md`: the English texts of the console in one place, read from the sources of its pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::support::assert_current;
use crate::support::texts::texts;

const HEADING: &str = "# The console's texts\n\nMade from the sources of the console's pages by `make generate`: what people read there, by the file in which it stands, as it\nstands there; `…` is what the program puts in. What an operation refuses comes from the operations themselves, which the APIs\nand the terminal call, too, and isn't listed; neither is a text that reads like code, such as a single small word.\ndocs/decisions/texts-beside-their-markup.md says why texts stand there.\n";

#[test]
fn texts_md_is_what_the_pages_say() {
    let mut document = HEADING.to_owned();
    for (file, texts) in all() {
        write!(document, "\n## {file}\n\n").expect("a string");
        for text in texts {
            writeln!(document, "- {text}").expect("a string");
        }
    }
    assert_current("docs/TEXTS.md", &document);
}

/// How the console writes: as the terminal and the APIs do where a text is theirs, too, and without courtesies.
#[test]
fn texts_are_written_alike() {
    let odd =
        |text: &str| ["’", "...", "  ", "Please", "please", "!", "e.g.", "i.e."].iter().any(|mark| text.contains(mark));
    let found: Vec<String> = all()
        .into_iter()
        .flat_map(|(file, texts)| texts.into_iter().filter(|text| odd(text)).map(move |text| format!("{file}: {text}")))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// The texts of every file that makes pages, by its path.
fn all() -> BTreeMap<String, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let source = std::fs::read_to_string(&file).expect("a source");
        let name = file.strip_prefix(root).expect("within the project").display().to_string();
        if is_of_pages(&name, &source) {
            all.insert(name, texts(&source));
        }
    }
    all.retain(|_, texts| !texts.is_empty());
    all
}

/// Whether a source makes pages, or says what they say: what was done, what forms ask, where the navigation leads.
fn is_of_pages(name: &str, source: &str) -> bool {
    source.contains("html!")
        || name.contains("/pages/")
        || name.starts_with("src/console/")
        || name.ends_with("/fields.rs")
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
