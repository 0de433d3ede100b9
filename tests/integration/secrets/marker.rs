use std::fs;
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;
use uuid::Uuid;

/// A secret that looks otherwise in every form, and by which nothing else is found.
pub struct Marker {
    pub value: String,
    forms: Vec<(&'static str, String)>,
}

impl Marker {
    pub fn new() -> Self {
        // A quote, a backslash, a slash, a plus, a blank, two letters beyond ASCII, and what begins a reference elsewhere.
        let value = format!("mk\"{}\\/+ é漢${{a", Uuid::new_v4().simple());
        let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
        let percent = |keep: &dyn Fn(u8) -> bool| -> String {
            value
                .bytes()
                .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
                .collect()
        };
        let json = Value::String(value.clone()).to_string();
        let json = json[1..json.len() - 1].to_owned();
        let unicode: String = value
            .encode_utf16()
            .map(|unit| match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("\\u{unit:04x}"),
            })
            .collect();
        let twice = Value::String(json.clone()).to_string();
        let mut forms = vec![
            ("plain", value.clone()),
            ("its core", value[3..35].to_owned()),
            ("URL", percent(&|byte| byte.is_ascii_alphanumeric())),
            ("URL of a form", percent(&|byte| byte.is_ascii_alphanumeric() || byte == b'/').replace("%20", "+")),
            ("JSON", json),
            ("JSON in JSON", twice[1..twice.len() - 1].to_owned()),
            ("JSON in ASCII", unicode),
            ("hex", hex.clone()),
            ("HEX", hex.to_uppercase()),
        ];
        // Base64 of a text that the marker is part of depends on where it begins; its ends hang on what is beside it.
        for engine in [&STANDARD, &URL_SAFE] {
            for before in 0..3 {
                let encoded = engine.encode([&vec![b'x'; before], value.as_bytes()].concat());
                forms.push(("base64", encoded.trim_end_matches('=')[4..encoded.len() - 8].to_owned()));
            }
        }
        Self { value, forms }
    }

    /// Nothing of it is in there.
    #[track_caller]
    pub fn is_not_in(&self, what: &str, said: &[u8]) {
        let said = String::from_utf8_lossy(said);
        for (form, text) in &self.forms {
            if let Some(place) = said.find(text.as_str()) {
                let begin = (0..=place.saturating_sub(200)).rev().find(|begin| said.is_char_boundary(*begin));
                panic!("{what} says it ({form}): …{}", &said[begin.unwrap_or_default()..place + text.len()]);
            }
        }
    }

    /// Nothing of it is in any file of a folder, compressed or not; how many files these are.
    #[track_caller]
    pub fn is_not_beneath(&self, folder: &Path) -> usize {
        let mut files = 0;
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                files += self.is_not_beneath(&path);
                continue;
            }
            let bytes = fs::read(&path).expect("a file");
            let mut plain = Vec::new();
            if path.extension().is_some_and(|extension| extension == "gz") {
                flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut plain).expect("whole");
                assert!(!plain.is_empty(), "{}", path.display());
            }
            for said in [&bytes, &plain] {
                self.is_not_in(&path.display().to_string(), said);
            }
            files += 1;
        }
        files
    }
}
