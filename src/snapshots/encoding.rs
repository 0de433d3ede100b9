//! Which compression an answer is sent in, and compressing it.

use std::io::{self, Write as _};

use axum::http::header::ACCEPT_ENCODING;
use axum::http::{HeaderMap, HeaderValue};

/// A content coding. Listed as we prefer them where a client likes several equally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Level 3: the fastest for what it saves.
    Zstd,
    /// Level 5: level 11 takes a hundred times as long for a twelfth less.
    Brotli,
    /// Level 6.
    Gzip,
}

impl Encoding {
    /// All of them, best first.
    pub const ALL: [Self; 3] = [Self::Zstd, Self::Brotli, Self::Gzip];

    /// The one that a client likes best; none for the bytes as they are.
    pub fn wanted(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(ACCEPT_ENCODING) {
            return None;
        }
        let said: Vec<(&str, u16)> = headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(preference)
            .collect();
        let weight =
            |name: &str| said.iter().find(|(said, _)| said.eq_ignore_ascii_case(name)).map(|(_, weight)| *weight);
        let any = weight("*").unwrap_or_default();
        // What isn't named is acceptable as it is, but anything named with the same weight is better.
        let plain = weight("identity").unwrap_or_default();
        let best = Self::ALL.into_iter().map(|encoding| (encoding, weight(encoding.name()).unwrap_or(any)));
        let best = best.rev().max_by_key(|(_, weight)| *weight)?;
        (best.1 > 0 && best.1 >= plain).then_some(best.0)
    }

    /// As `Content-Encoding` says it.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.name())
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The place of this one in [`Self::ALL`].
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// The bytes in this coding.
    pub fn compress(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        // Room for all of it at once: a vector that grows leaves copies of what it held, and that may be secret.
        let room = Vec::with_capacity(plain.len() + 1_024);
        match self {
            Self::Zstd => {
                let mut encoder = zstd::Encoder::new(room, 3)?;
                encoder.write_all(plain)?;
                encoder.finish()
            }
            Self::Brotli => {
                let mut encoder = brotli::CompressorWriter::new(room, 4_096, 5, 22);
                encoder.write_all(plain)?;
                Ok(encoder.into_inner())
            }
            Self::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(room, flate2::Compression::new(6));
                encoder.write_all(plain)?;
                encoder.finish()
            }
        }
    }
}

/// A coding and its weight in thousandths.
fn preference(said: &str) -> (&str, u16) {
    let (name, parameters) = said.split_once(';').unwrap_or((said, ""));
    let weight = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
    });
    (name.trim(), weight.unwrap_or(1_000))
}

/// A weight as RFC 9110 writes it; what isn't one weighs nothing.
fn thousandths(text: &str) -> u16 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{rest:0<3}");
    match (whole, digits.len(), digits.parse::<u16>()) {
        ("0", 3, Ok(weight)) => weight,
        ("1", 3, Ok(0)) => 1_000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn wanted(said: &str) -> Option<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, said.parse().expect("a header's value"));
        Encoding::wanted(&headers)
    }

    #[test]
    fn the_client_chooses_and_we_choose_among_equals() {
        use Encoding::{Brotli, Gzip, Zstd};

        assert_eq!(Encoding::wanted(&HeaderMap::new()), None);
        for (said, expected) in [
            ("gzip, deflate, br, zstd", Some(Zstd)),
            ("gzip, br", Some(Brotli)),
            ("GZIP", Some(Gzip)),
            ("br;q=0.5, gzip;q=0.8", Some(Gzip)),
            ("br;q=0.5, gzip;Q=0.50", Some(Brotli)),
            ("*", Some(Zstd)),
            ("*, zstd;q=0", Some(Brotli)),
            ("identity, gzip;q=0.9", None),
            ("identity;q=0.5, gzip;q=0.5", Some(Gzip)),
            ("gzip;q=0", None),
            ("deflate", None),
            ("gzip;q=2", None),
            ("gzip;q=high", None),
            ("", None),
        ] {
            assert_eq!(wanted(said), expected, "{said}");
        }
    }

    #[test]
    fn what_is_compressed_comes_back() {
        let plain = r#"{"features":{"booking":{"enabled":true}}}"#.repeat(200);
        for encoding in Encoding::ALL {
            let packed = encoding.compress(plain.as_bytes()).unwrap();
            assert!(packed.len() < plain.len() / 4);
            let mut back = String::new();
            match encoding {
                Encoding::Zstd => zstd::Decoder::new(packed.as_slice()).unwrap().read_to_string(&mut back),
                Encoding::Brotli => brotli::Decompressor::new(packed.as_slice(), 4_096).read_to_string(&mut back),
                Encoding::Gzip => flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut back),
            }
            .unwrap();
            assert_eq!(back, plain);
        }
    }
}
